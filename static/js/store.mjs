// @ts-check
/** One transaction's view of the local store: what it reads and puts, request by request. */

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/**
 * @typedef {object} Store  one transaction's view of the stores
 * @property {(id: string) => Promise<TodoRecord | undefined>} getTodo
 * @property {(ids: string[]) => Promise<TodoRecord[]>} getTodos  those of them that there are
 * @property {<T = TodoRecord>(take?: (record: TodoRecord) => T) => Promise<T[]>} getAllTodos  or what
 *   is taken of each, some at a time
 * @property {() => Promise<TodoRecord[]>} getUnsynced
 * @property {() => Promise<string[]>} getUnsyncedIds
 * @property {() => Promise<string | null>} getLastPosition
 * @property {(record: TodoRecord) => void} putTodo
 * @property {(name: string) => Promise<any>} getMeta
 * @property {(name: string, value: any) => void} putMeta
 * @property {(records: Iterable<TodoRecord>) => Promise<void>} putTodos  each as it comes, and hands
 *   have their turn now and then
 */

const MANY = 50; // todos that may be cheaper to be had by one request than each by its own
const PAGE = 500; // todos that one request reads: between two of them hands have their turn
const AT_ONCE = 200; // todos that are put in one task: the same

/**
 * Return what a transaction of browserDB.mjs can do.
 * @param {IDBTransaction} tx @param {TodoRecord[]} changed  gets what is put
 * @param {() => void} [onTurn]  it gets on
 * @returns {Store}
 */
export function storeOf(tx, changed, onTurn = () => {}) {
  const todos = tx.objectStore("todos");
  const meta = tx.objectStore("meta");
  /** @param {TodoRecord} record */
  function putTodo(record) {
    changed.push(record);
    todos.put(record);
  }
  return {
    getTodo: (id) => answer(todos.get(id)),
    getTodos: (ids) => readMany(todos, ids),
    getAllTodos: (take = same) => readAll(todos, take),
    getUnsynced: () => answer(todos.index("unsynced").getAll()),
    getUnsyncedIds: async () => (await answer(todos.index("unsynced").getAllKeys())).map(String),
    async getLastPosition() {
      const last = await answer(todos.index("position").openKeyCursor(null, "prev"));
      return last ? String(last.key) || null : null;
    },
    putTodo,
    async putTodos(records) {
      let count = 0;
      for (const record of records) {
        putTodo(record);
        if (++count % AT_ONCE === 0) await answer(meta.getKey("cursor")).then(onTurn);
      }
    },
    getMeta: (name) => answer(meta.get(name)),
    putMeta: (name, value) => void meta.put(value, name),
  };
}

/** @template T @param {TodoRecord} record @returns {T} */
const same = (record) => /** @type {any} */ (record);

/** @template T @param {IDBObjectStore} todos @param {(record: TodoRecord) => T} take */
async function readAll(todos, take) {
  const all = [];
  /** @type {TodoRecord[]} */
  let page = [];
  do {
    const last = page.at(-1);
    page = await answer(todos.getAll(last && IDBKeyRange.lowerBound(last.id, true), PAGE));
    for (const record of page) all.push(take(record));
  } while (page.length === PAGE);
  return all;
}

/**
 * Read the todos that there are of these. Many are neighbours as a rule, or not there at all: of a
 * first pull, or of a page of it.
 * @param {IDBObjectStore} todos @param {string[]} ids @returns {Promise<TodoRecord[]>}
 */
async function readMany(todos, ids) {
  if (ids.length > PAGE) {
    const first = await readMany(todos, ids.slice(0, PAGE));
    return first.concat(await readMany(todos, ids.slice(PAGE)));
  }
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
