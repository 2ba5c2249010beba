async ({ todos, page, turns }) => {
  const { databaseOf, deleteDatabase, openDatabase } = await import("/static/js/browserDB.mjs");
  const { syncTodos } = await import("/static/js/sync.mjs");
  const { between } = await import("/static/js/position.mjs");
  const { uuid7 } = await import("/static/js/uuid7.mjs");
  const INDEXES = ["updatedAt", "position", "unsynced"]; // those of migrations.mjs
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
    replies.push(
      JSON.stringify({
        ok: true,
        protocol: 1,
        ...rest,
        todos: versions.slice(first, first + page),
      }),
    );
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
      window.fetch = async (_to, how) =>
        how.body?.includes(account)
          ? new Response(replies[next++])
          : Promise.reject(new TypeError());
      let outcome;
      const time = await took(async () => {
        outcome = await syncTodos(db, { account, limits: JSON.parse(limits) }, device);
      });
      window.fetch = realFetch;
      records = await db.read((store) => store.getAllTodos());
      if (outcome.outcome !== "synced" || records.length !== todos)
        throw new Error(outcome.outcome);
      await db.close();
      await deleteDatabase(databaseOf(account));
      return time;
    },
    least: () => raw([], todos),
    indexed: () => raw(INDEXES, todos),
    "indexed, in pages": () => raw(INDEXES, page),
  };

  /** Put all records into a new store, some in each transaction. */
  async function raw(indexes, size) {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open("raw", 1);
      request.onsuccess = () => resolve(request.result);
      request.onupgradeneeded = () => {
        const store = request.result.createObjectStore("todos", { keyPath: "id" });
        for (const name of indexes) store.createIndex(name, name);
      };
    });
    const time = await took(async () => {
      for (let first = 0; first < todos; first += size) {
        const tx = db.transaction("todos", "readwrite", { durability: "strict" });
        const store = tx.objectStore("todos");
        for (const record of records.slice(first, first + size)) store.put(record);
        await new Promise((resolve, reject) => {
          tx.oncomplete = resolve;
          tx.onabort = () => reject(tx.error);
        });
      }
    });
    db.close();
    await deleteDatabase("raw");
    return time;
  }

  await deeds.ours("first");
  const found = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const times = {};
    const names = Object.keys(deeds);
    for (const name of turn % 2 ? names : names.reverse())
      times[name] = await deeds[name](`${turn}`);
    found.push(times);
  }
  return found;
};
