async (store) => {
  const account = document.documentElement.dataset.account;
  const request = indexedDB.open(`local-todos-${account}`);
  let isThere = true;
  const db = await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => (isThere ? reject(request.error) : resolve(null));
    request.onupgradeneeded = () => {
      isThere = false; // and is not made by looking
      request.transaction.abort();
    };
  });
  if (!db) return store === "meta" ? {} : [];
  const objects = db.transaction(store).objectStore(store);
  const read = (asked) => new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
  const [keys, values] = await Promise.all([read(objects.getAllKeys()), read(objects.getAll())]);
  db.close();
  return store === "meta" ? Object.fromEntries(keys.map((key, at) => [key, values[at]])) : values;
};
