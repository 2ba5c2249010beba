// @ts-check
/**
 * The local store: IndexedDB, and nothing else. One database for each account, so that two people
 * at one computer never meet.
 *
 * Stores: `todos`, records as record.mjs makes them, by id; `meta`, single values by name (the
 * cursor, the clock, the device).
 */

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */

/** The schema, step by step: the database's version is the number of steps taken. */
const MIGRATIONS = [
  (/** @type {IDBDatabase} */ db) => {
    const todos = db.createObjectStore("todos", { keyPath: "id" });
    todos.createIndex("updatedAt", "updatedAt");
    todos.createIndex("position", "position");
    todos.createIndex("unsynced", "unsynced");
    db.createObjectStore("meta");
  },
];

/**
 * @typedef {object} Store  one transaction's view of the stores
 * @property {(id: string) => Promise<TodoRecord | undefined>} getTodo
 * @property {() => Promise<TodoRecord[]>} getAllTodos
 * @property {() => Promise<TodoRecord[]>} getUnsynced
 * @property {() => Promise<string | null>} getLastPosition
 * @property {(record: TodoRecord) => void} putTodo
 * @property {(name: string) => Promise<any>} getMeta
 * @property {(name: string, value: any) => void} putMeta
 */
/** @typedef {Awaited<ReturnType<typeof openStores>>} Database */

/**
 * Open an account's database. Rejects when the browser has none to give.
 * @param {string} account
 */
export const openDatabase = (account) => openStores(`local-todos-${account}`);

/** Open the one that belongs to the browser itself, and has values by name only. */
export const openThisBrowser = () => openStores("simplesync");

/** @param {string} name */
async function openStores(name) {
  /** @type {Set<(changed: TodoRecord[]) => void>} */
  const listeners = new Set();
  /** @type {Promise<IDBDatabase> | null} */
  let connection = null;

  let closed = false;

  const forget = () => (connection = null);

  function connected() {
    if (closed) return Promise.reject(new DOMException("given up", "AbortError"));
    if (!connection) {
      connection = open(name, forget);
      connection.catch(forget); // the next one tries again
    }
    return connection;
  }

  /**
   * Run `work` in one transaction; what it awaits may only be the store's own promises.
   * @template T @param {IDBTransactionMode} mode @param {(store: Store) => Promise<T>} work
   */
  async function transact(mode, work) {
    const tx = await begin(mode);
    const finished = settled(tx);
    /** @type {TodoRecord[]} */
    const changed = [];
    try {
      const result = await work(storeOf(tx, changed));
      await finished;
      return { result, changed };
    } catch (error) {
      finished.catch(() => {}); // the same failure, told once
      if (tx.error === null) abort(tx);
      throw error;
    }
  }

  /** @param {IDBTransactionMode} mode */
  async function begin(mode) {
    const options = { durability: /** @type {const} */ ("strict") };
    try {
      return (await connected()).transaction(["todos", "meta"], mode, options);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "InvalidStateError") throw error;
      forget(); // the handle was lost (F4, F5): once more with a new one
      return (await connected()).transaction(["todos", "meta"], mode, options);
    }
  }

  await connected();
  return {
    /** Read in one transaction. @template T @param {(store: Store) => Promise<T>} work */
    async read(work) {
      return (await transact("readonly", work)).result;
    },

    /**
     * Write in one transaction, and tell the listeners what changed once it is kept.
     * @template T @param {(store: Store) => Promise<T>} work
     */
    async write(work) {
      const { result, changed } = await transact("readwrite", work);
      if (changed.length) for (const listener of listeners) listener(changed);
      return result;
    },

    /** Be told of each write's records. @param {(changed: TodoRecord[]) => void} listener */
    subscribe(listener) {
      listeners.add(listener);
    },

    /** Give the connection up for good: whoever still writes fails. */
    async close() {
      closed = true;
      const db = await connection?.catch(() => null);
      db?.close();
    },

    /**
     * Leave nothing: first what is in it, since a tab that does not answer may hold the rest back.
     * Whoever still writes fails.
     */
    async destroy() {
      const tx = await begin("readwrite");
      for (const store of tx.objectStoreNames) tx.objectStore(store).clear();
      await settled(tx);
      await this.close();
      indexedDB.deleteDatabase(name);
    },
  };
}

/**
 * Open a connection that gives way to a newer version's upgrade in another tab.
 * @param {string} name @param {() => void} onLost
 * @returns {Promise<IDBDatabase>}
 */
function open(name, onLost) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, MIGRATIONS.length);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const migrate of MIGRATIONS.slice(oldVersion)) migrate(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      db.onclose = onLost;
      db.onversionchange = () => {
        db.close();
        onLost();
      };
      resolve(db);
    };
  });
}

/**
 * @param {IDBTransaction} tx @param {TodoRecord[]} changed
 * @returns {Store}
 */
function storeOf(tx, changed) {
  const todos = tx.objectStore("todos");
  const meta = tx.objectStore("meta");
  return {
    getTodo: (id) => answer(todos.get(id)),
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

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** A write is done when its transaction is. @param {IDBTransaction} tx @returns {Promise<void>} */
function settled(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
  });
}

/** @param {IDBTransaction} tx */
function abort(tx) {
  try {
    tx.abort();
  } catch {
    // it had ended by itself
  }
}
