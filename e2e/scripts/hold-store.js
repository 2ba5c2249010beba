// Keeps every other write to the local store waiting, until `letGo()`.
async () => {
  const account = document.documentElement.dataset.account;
  const request = indexedDB.open(`local-todos-${account}`);
  const db = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  const todos = db.transaction(["todos", "meta"], "readwrite").objectStore("todos");
  let held = true;
  const goOn = () => held && (todos.count().onsuccess = goOn);
  window.letGo = () => {
    held = false;
    db.close();
  };
  await new Promise((resolve) => (todos.count().onsuccess = resolve));
  goOn();
};
