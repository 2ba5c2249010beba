// @ts-check
/**
 * Stands in for the local store where the browser has none to give: the same interface, kept in
 * memory for as long as the page lives.
 */

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {{todos: Map<string, TodoRecord>, meta: Map<string, any>}} Contents */

/**
 * @param {TodoRecord[]} records  to begin with
 * @returns {Database}
 */
export function memoryDatabase(records) {
  /** @type {Contents} */
  let contents = { todos: new Map(records.map((record) => [record.id, record])), meta: new Map() };
  /** @type {Set<(changed: TodoRecord[]) => void>} */
  const listeners = new Set();
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();

  /** One transaction after another. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  function inTurn(work) {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  }

  return {
    outlivesPage: false,
    read: (work) => inTurn(() => work(storeOf(contents, []))),

    write: (work) =>
      inTurn(async () => {
        /** @type {TodoRecord[]} */
        const changed = [];
        const draft = { todos: new Map(contents.todos), meta: new Map(contents.meta) };
        const result = await work(storeOf(draft, changed));
        contents = draft; // all or nothing
        if (changed.length) for (const listener of listeners) listener(changed);
        return result;
      }),

    subscribe(listener) {
      listeners.add(listener);
    },

    close: async () => {},

    async destroy() {
      contents = { todos: new Map(), meta: new Map() };
    },
  };
}

/** @param {Contents} contents @param {TodoRecord[]} changed @returns {Store} */
function storeOf({ todos, meta }, changed) {
  /** @param {TodoRecord} record */
  function putTodo(record) {
    changed.push(record);
    todos.set(record.id, record);
  }
  const unsynced = () => [...todos.values()].filter((record) => record.unsynced);
  return {
    getTodo: async (id) => todos.get(id),
    getTodos: async (ids) => ids.flatMap((id) => todos.get(id) ?? []),
    getAllTodos: async (take = (record) => /** @type {any} */ (record)) =>
      [...todos.values()].map(take),
    getUnsynced: async () => unsynced(),
    getUnsyncedIds: async () => unsynced().map(({ id }) => id),
    async getLastPosition() {
      let last = "";
      for (const { position } of todos.values()) if (position > last) last = position;
      return last || null;
    },
    putTodo,
    putTodos: async (records) => {
      for (const record of records) putTodo(record);
    },
    getMeta: async (name) => structuredClone(meta.get(name)),
    putMeta: (name, value) => void meta.set(name, value),
  };
}
