// @ts-check
/**
 * The schema of the local store, step by step: a database's version is the number of steps taken.
 * Steps are only ever added, at the end, and none takes away a record: it may hold the only copy of
 * an edit (F14).
 */

/** @type {((db: IDBDatabase, tx: IDBTransaction) => void)[]} */
export const MIGRATIONS = [
  (db) => {
    const todos = db.createObjectStore("todos", { keyPath: "id" });
    todos.createIndex("updatedAt", "updatedAt");
    todos.createIndex("position", "position");
    todos.createIndex("unsynced", "unsynced");
    db.createObjectStore("meta");
  },
];
