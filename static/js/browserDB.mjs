// @ts-check
/**
 * The local store: IndexedDB, and nothing else. One database for each account, so that two people
 * at one computer never meet.
 *
 * Stores: `todos`, records as record.mjs makes them, by id; `meta`, single values by name (the
 * cursor, the clock, the device). memory-store.mjs stands in where there is no IndexedDB.
 */

import { groupCommit } from "./group-commit.mjs";
import { MIGRATIONS } from "./migrations.mjs";
import { answer, storeOf } from "./store.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./store.mjs").Store} Store */
/**
 * @typedef {object} Database
 * @property {boolean} outlivesPage  whether what is written is kept on the device
 * @property {<T>(work: (store: Store) => Promise<T>) => Promise<T>} read  in one transaction, after
 *   all that was to be written
 * @property {<T>(work: (store: Store) => Promise<T>) => Promise<T>} write  in one transaction, which
 *   it may share, and tell the listeners what changed once it is kept
 * @property {(listener: (changed: TodoRecord[]) => void) => void} subscribe  to what is written
 * @property {() => Promise<void>} close  for good: whoever still reads or writes fails
 * @property {() => Promise<void>} destroy  leaves nothing: first what is in it, since a tab that does
 *   not answer may hold the rest back; and closes
 */

const LONGEST_WAIT = 10_000; // ms, for the browser to open a database or to end a transaction
const LOST = new Set(["AbortError", "InvalidStateError", "UnknownError"]); // what a dead handle says

/** The name of an account's database. @param {string} account */
export const databaseOf = (account) => `local-todos-${account}`;

/**
 * Open an account's database. Rejects when the browser has none to give.
 * @param {string} account
 * @param {(store: Store) => unknown} [refill]  what to put into a database that has to be made anew,
 *   since somebody deleted the one that was open
 */
export const openDatabase = (account, refill) => openStores(databaseOf(account), refill);

/** Open the one that belongs to the browser itself, and has values by name only. */
export const openThisBrowser = () => openStores("simplesync");

/**
 * @param {string} name @param {(store: Store) => unknown} [refill]
 * @returns {Promise<Database>}
 */
async function openStores(name, refill = () => {}) {
  /** @type {Set<(changed: TodoRecord[]) => void>} */
  const listeners = new Set();
  /** @type {Promise<IDBDatabase> | null} */
  let connection = null;
  /** @type {(store: Store) => unknown} */
  let onCreated = () => {};
  /** @type {unknown} */
  let final = null; // why no connection will be opened any more

  /** @param {Promise<IDBDatabase>} lost */
  function forget(lost) {
    if (connection === lost) connection = null;
    lost.then((db) => db.close()).catch(() => {});
  }

  function connected() {
    if (final) return Promise.reject(final);
    if (connection) return connection;
    const opening = open(name, onCreated, lose);
    opening.catch(lose);
    connection = opening;
    return opening;

    /** The next one tries again, but a page does not get newer (F6). @param {any} [why] */
    function lose(why) {
      forget(opening);
      if (why?.name === "VersionError") final = why;
    }
  }

  /**
   * Run `work` in one transaction; once more with a new handle if the old one was lost (F4, F5).
   * @template T @param {IDBTransactionMode} mode @param {(store: Store) => Promise<T>} work
   */
  async function transact(mode, work) {
    const handle = connected();
    try {
      return await attempt(await handle, mode, work);
    } catch (error) {
      if (!(error instanceof DOMException && LOST.has(error.name))) throw error;
      forget(handle);
      return attempt(await connected(), mode, work);
    }
  }

  const writes = groupCommit(
    (work) => transact("readwrite", work),
    (changed) => listeners.forEach((listener) => listener(changed)),
  );

  async function close() {
    final = new DOMException(`${name} was given up`, "NotAllowedError");
    if (connection) forget(connection);
  }

  await connected();
  onCreated = refill;
  return {
    outlivesPage: true,

    async read(work) {
      await writes.settled();
      return (await transact("readonly", work)).result;
    },

    write: writes.write,

    subscribe(listener) {
      listeners.add(listener);
    },

    close,

    async destroy() {
      await writes.settled();
      const tx = (await connected()).transaction(["todos", "meta"], "readwrite");
      for (const store of tx.objectStoreNames) tx.objectStore(store).clear();
      await settled(tx);
      await close();
      deleteDatabase(name).catch(() => {}); // done once the other tabs have gone
    },
  };
}

/**
 * Read what can be read of a store of any database in this browser: nothing if there is none.
 * @param {string} name @param {string} store @returns {Promise<any[]>}
 */
export async function readRows(name, store) {
  const db = await openExisting(name);
  if (!db) return [];
  /** Each in a transaction of its own, so that one bad row spoils no other. @template T */
  const read = async (/** @type {(objects: IDBObjectStore) => IDBRequest<T>} */ ask) =>
    answer(ask(db.transaction(store).objectStore(store)));
  try {
    if (!db.objectStoreNames.contains(store)) return [];
    return await read((objects) => objects.getAll()).catch(async () => {
      const keys = await read((objects) => objects.getAllKeys());
      const rows = await Promise.allSettled(keys.map((key) => read((objects) => objects.get(key))));
      return rows.flatMap((row) => (row.status === "fulfilled" ? [row.value] : []));
    });
  } finally {
    db.close();
  }
}

/**
 * Delete a database, once all tabs have closed it.
 * @param {string} name @returns {Promise<unknown>}
 */
export const deleteDatabase = async (name) => answer(indexedDB.deleteDatabase(name));

/**
 * Open a connection that gives way to a newer version's upgrade in another tab.
 * @param {string} name @param {(store: Store) => unknown} onCreated
 * @param {(why?: DOMException) => void} onLost
 * @returns {Promise<IDBDatabase>}
 */
function open(name, onCreated, onLost) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, MIGRATIONS.length);
    let hindrance = "TimeoutError"; // some browsers never answer (F7)
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new DOMException(`${name} does not open`, hindrance));
    }, LONGEST_WAIT);
    request.onblocked = () => (hindrance = "BlockedError"); // an old tab does not give way (F6)
    request.onupgradeneeded = ({ oldVersion }) => {
      const tx = /** @type {IDBTransaction} */ (request.transaction);
      for (const migrate of MIGRATIONS.slice(oldVersion)) migrate(request.result, tx);
      if (oldVersion === 0) onCreated(storeOf(tx, []));
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      clearTimeout(timer);
      const db = request.result;
      db.onclose = () => onLost();
      db.onversionchange = ({ newVersion }) => {
        db.close(); // at once, or the newer version is blocked
        // Not asked for with the older version again: after that, Firefox may never answer anybody.
        onLost(newVersion ? new DOMException(`${name} is newer`, "VersionError") : undefined);
      };
      if (late) db.close();
      resolve(db);
    };
  });
}

/** Open a database as it is; null if there is none. @param {string} name */
async function openExisting(name) {
  const all = await indexedDB.databases?.();
  if (all && !all.some((known) => known.name === name)) return null;
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => request.transaction?.abort();
  return answer(request).catch((error) => {
    if (error.name === "AbortError") return null;
    throw error;
  });
}

/**
 * Run `work` in one transaction of a connection; what it awaits may only be the store's own
 * promises. One that does not end, since another tab holds the store, is given up (F10).
 * @template T @param {IDBDatabase} db @param {IDBTransactionMode} mode
 * @param {(store: Store) => Promise<T>} work
 */
async function attempt(db, mode, work) {
  const tx = db.transaction(["todos", "meta"], mode, { durability: "strict" });
  const finished = settled(tx);
  /** @type {TodoRecord[]} */
  const changed = [];
  /** @param {() => void} onTurn */
  async function toItsEnd(onTurn) {
    const result = await work(storeOf(tx, changed, onTurn));
    await finished;
    return { result, changed };
  }
  try {
    return await inTime(toItsEnd, () => abort(tx));
  } catch (error) {
    finished.catch(() => {}); // the same failure, told once
    abort(tx);
    throw tx.error ?? error; // a request only says that it was aborted, not why (F9)
  }
}

/**
 * Resolve as `work` does, unless it does not get on for too long, and can be given up.
 * @template T @param {(getsOn: () => void) => Promise<T>} work
 * @param {() => boolean} giveUp  tells whether that worked
 * @returns {Promise<T>}
 */
async function inTime(work, giveUp) {
  let watchdog = 0;
  let getsOn = () => {};
  const late = new Promise((_, reject) => {
    const error = new DOMException("the store does not answer", "TimeoutError");
    getsOn = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => giveUp() && reject(error), LONGEST_WAIT);
    };
  });
  getsOn();
  try {
    return await Promise.race([work(getsOn), late]);
  } finally {
    clearTimeout(watchdog);
  }
}

/** A write is done when its transaction is. @param {IDBTransaction} tx @returns {Promise<void>} */
function settled(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
  });
}

/** Tell whether nothing of a transaction will be kept by this. @param {IDBTransaction} tx */
function abort(tx) {
  try {
    tx.abort();
    return true;
  } catch {
    return false; // it had ended by itself, or is about to
  }
}
