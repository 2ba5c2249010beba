async (store) => {
  const account = document.documentElement.dataset.account;
  const request = indexedDB.open(`local-todos-${account}`);
  const db = await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => request.transaction.abort();
  });
  const objects = db.transaction(store).objectStore(store);
  const read = (asked) => new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
  const [keys, values] = await Promise.all([read(objects.getAllKeys()), read(objects.getAll())]);
  db.close();
  return store === "meta" ? Object.fromEntries(keys.map((key, at) => [key, values[at]])) : values;
};
