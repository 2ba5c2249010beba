async ({ todos, page, turns }) => {
  const { databaseOf, deleteDatabase, openDatabase } = await import("/static/js/browserDB.mjs");
  const { syncTodos } = await import("/static/js/sync.mjs");
  const { between } = await import("/static/js/position.mjs");
  const { uuid7 } = await import("/static/js/uuid7.mjs");
  const { limits } = document.documentElement.dataset;
  const device = { id: crypto.randomUUID(), secret: "0".repeat(32) };

  /** What the server would say, oldest change first. */
  const versions = [];
  let position = null;
  for (let at = 0; at < todos; at += 1) {
    position = between(position, null, "0001");
    const stamp = `${String(1_700_000_000_000 + at).padStart(15, "0")}-0000-${"a".repeat(16)}`;
    const clocks = { text: stamp, completed: stamp, position: stamp, deleted: stamp };
    const text = `Water the plants on the balcony, number ${at}`;
    const id = uuid7(1_700_000_000_000 + at);
    versions.push({ id, text, completed: at % 3 === 0, position, deleted: false, clocks });
  }
  const replies = [];
  for (let first = 0; first < todos; first += page) {
    const more = first + page < todos;
    const rest = { cursor: `cursor ${first + page}`, more, results: [], serverTime: Date.now() };
    replies.push(JSON.stringify({ ok: true, protocol: 1, ...rest, todos: versions.slice(first, first + page) }));
  }
  const realFetch = window.fetch; // the page's own sync hears nothing meanwhile
  const took = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  let records = [];
  const deeds = {
    async ours(number) {
      const account = `bench-${number}`;
      const db = await openDatabase(account);
      let next = 0;
      window.fetch = async (to, how) =>
        how.body?.includes(account) ? new Response(replies[next++]) : Promise.reject(new TypeError());
      let outcome;
      const time = await took(async () => {
        outcome = await syncTodos(db, { account, limits: JSON.parse(limits) }, device);
      });
      window.fetch = realFetch;
      records = await db.read((store) => store.getAllTodos());
      if (outcome.outcome !== "synced" || records.length !== todos) throw new Error(outcome.outcome);
      await db.close();
      await deleteDatabase(databaseOf(account));
      return time;
    },
    async least(number) {
      const name = `plain-${number}`;
      const db = await new Promise((resolve) => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore("todos", { keyPath: "id" });
        request.onsuccess = () => resolve(request.result);
      });
      const time = await took(
        () =>
          new Promise((resolve, reject) => {
            const tx = db.transaction("todos", "readwrite", { durability: "strict" });
            const store = tx.objectStore("todos");
            for (const record of records) store.put(record);
            tx.oncomplete = resolve;
            tx.onabort = () => reject(tx.error);
          }),
      );
      db.close();
      await deleteDatabase(name);
      return time;
    },
  };
  await deeds.ours("first");
  const found = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const times = {};
    for (const name of turn % 2 ? ["ours", "least"] : ["least", "ours"])
      times[name] = await deeds[name](turn);
    found.push(times);
  }
  return found;
};
