async ({ turns, edits }) => {
  const { openDatabase } = await import("/static/js/browserDB.mjs");
  const { pageClock } = await import("/static/js/clock.mjs");
  const { ownDevice } = await import("/static/js/device.mjs");
  const { localTodos } = await import("/static/js/local-todos.mjs");
  const db = await openDatabase(document.documentElement.dataset.account);
  const verbs = localTodos(db, pageClock(await ownDevice(db)), "", () => {});
  const { id } = await db.read(async (store) => (await store.getAllTodos())[0]);

  const plain = await new Promise((resolve, reject) => {
    const request = indexedDB.open("plain", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("todos", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const put = (record) =>
    new Promise((resolve, reject) => {
      const tx = plain.transaction("todos", "readwrite", { durability: "strict" });
      tx.objectStore("todos").put(record);
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error);
    });

  const took = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  let completed = false;
  const deeds = {
    ours: () => verbs.toggle(id, completed),
    least: async () => put({ ...record, completed }),
  };
  await verbs.toggle(id, completed); // as large as it will be
  const record = await db.read((store) => store.getTodo(id));
  await put(record);
  const found = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const times = { ours: 0, least: 0 };
    for (let edit = 0; edit < edits; edit += 1) {
      completed = !completed;
      for (const name of edit % 2 ? ["ours", "least"] : ["least", "ours"])
        times[name] += (await took(deeds[name])) / edits;
    }
    found.push(times);
  }
  return found;
};
