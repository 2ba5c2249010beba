// @ts-check
/** One transaction's view of the local store: what it reads and puts, request by request. */

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/**
 * @typedef {object} Store  one transaction's view of the stores
 * @property {(id: string) => Promise<TodoRecord | undefined>} getTodo
 * @property {(ids: string[]) => Promise<TodoRecord[]>} getTodos  those of them that there are
 * @property {() => Promise<TodoRecord[]>} getAllTodos
 * @property {() => Promise<TodoRecord[]>} getUnsynced
 * @property {() => Promise<string | null>} getLastPosition
 * @property {(record: TodoRecord) => void} putTodo
 * @property {(name: string) => Promise<any>} getMeta
 * @property {(name: string, value: any) => void} putMeta
 */

const MANY = 50; // todos that may be cheaper to be had by one request than each by its own

/**
 * Return what a transaction of browserDB.mjs can do.
 * @param {IDBTransaction} tx @param {TodoRecord[]} changed  gets what is put
 * @returns {Store}
 */
export function storeOf(tx, changed) {
  const todos = tx.objectStore("todos");
  const meta = tx.objectStore("meta");
  return {
    getTodo: (id) => answer(todos.get(id)),
    getTodos: (ids) => readMany(todos, ids),
    getAllTodos: () => answer(todos.getAll()),
    getUnsynced: () => answer(todos.index("unsynced").getAll()),
    async getLastPosition() {
      const last = await answer(todos.index("position").openKeyCursor(null, "prev"));
      return last ? String(last.key) || null : null;
    },
    putTodo(record) {
      changed.push(record);
      todos.put(record);
    },
    getMeta: (name) => answer(meta.get(name)),
    putMeta: (name, value) => void meta.put(value, name),
  };
}

/**
 * Read the todos that there are of these. Many are neighbours as a rule, or not there at all: of a
 * first pull, or of a page of it.
 * @param {IDBObjectStore} todos @param {string[]} ids @returns {Promise<TodoRecord[]>}
 */
async function readMany(todos, ids) {
  const neighbours = ids.length < MANY ? null : await readBetween(todos, ids);
  if (neighbours) return neighbours;
  const found = await Promise.all(ids.map((id) => answer(todos.get(id))));
  return found.filter((record) => !!record);
}

/**
 * The same by one request; null if there are too many others between them.
 * @param {IDBObjectStore} todos @param {string[]} ids @returns {Promise<TodoRecord[] | null>}
 */
async function readBetween(todos, ids) {
  const sorted = [...ids].sort();
  const range = IDBKeyRange.bound(sorted[0], sorted.at(-1));
  const found = await answer(todos.getAll(range, 2 * ids.length));
  const wanted = new Set(ids);
  return found.length < 2 * ids.length ? found.filter(({ id }) => wanted.has(id)) : null;
}

/** Resolve with a request's result. @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
