async (store) => {
  const account = document.documentElement.dataset.account;
  const request = indexedDB.open(`local-todos-${account}`);
  const db = await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => request.transaction.abort();
  });
  const all = db.transaction(store).objectStore(store).getAll();
  const found = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
  db.close();
  return found;
}
