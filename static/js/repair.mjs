// @ts-check
/** What can be saved of a local store that is gone, or that cannot be read any more. */

import { databaseOf, deleteDatabase, readRows } from "./browserDB.mjs";
import { advanceIn } from "./clock.mjs";
import { stampsOf } from "./merge.mjs";
import { ask } from "./question.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */

const CANNOT_BE_READ =
  "What this browser has stored cannot be read. Delete it, and load your todos again from the" +
  " server? Changes that were only on this device and cannot be read are lost.";

/**
 * The database was deleted under a live page: put back what the server may not have. All the rest
 * comes with the next sync, which finds no cursor.
 * @param {Store} store @param {TodoRecord[]} unsynced
 */
export function putBack(store, unsynced) {
  for (const record of unsynced) store.putTodo(record);
  return advanceIn(store, stampsOf(unsynced));
}

/**
 * Return what can be read of an account's damaged database and is still to be sent.
 * @param {string} account @returns {Promise<TodoRecord[]>}
 */
export async function salvaged(account) {
  const rows = await readRows(databaseOf(account), "todos").catch(() => []);
  return rows.filter((row) => row?.unsynced);
}

/**
 * Offer to delete a damaged database and to fill a new one from the server; but not before the
 * server has what could be read of it.
 * @param {string} account @param {Database} db  where that is now
 */
export async function offerNewStore(account, db) {
  if (!(await ask(CANNOT_BE_READ, "Delete and load again", "Not now"))) return;
  await allSent(db);
  await deleteDatabase(databaseOf(account));
  location.reload();
}

/** @param {Database} db @returns {Promise<void>} */
function allSent(db) {
  return new Promise((resolve) => {
    const look = async () => (await db.read((store) => store.getUnsynced())).length || resolve();
    db.subscribe(look);
    look();
  });
}
