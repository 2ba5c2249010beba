// @ts-check
/** The page comes alive: what the parts are, and who tells whom. */

import { openDatabase } from "./browserDB.mjs";
import { pageTiming } from "./clock.mjs";
import { newNode, ownDevice } from "./device.mjs";
import { localTodos } from "./local-todos.mjs";
import { readPage } from "./session.mjs";
import { syncStatus } from "./sync-status.mjs";
import { startBackgroundSync } from "./sync-triggers.mjs";
import { isWhole, syncTodos, takeServed } from "./sync.mjs";
import { otherTabs } from "./tabs.mjs";
import { todoList } from "./todo-list.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */

const page = readPage();
const status = syncStatus();

const db = await openDatabase(page.account).catch(() => null);
if (db) await start(db);
else status.withoutStore(); // the forms go on working

/** @param {Database} db */
async function start(db) {
  const device = await ownDevice(db);
  const verbs = localTodos(db, newNode(device), () => background.soon());
  const list = todoList(page, verbs, status.notKept);

  /** @param {TodoRecord[]} changed */
  function show(changed) {
    list.show(changed);
    status.show(changed);
  }

  const tabs = otherTabs(page.account, async (ids) => {
    const found = await db.read((store) => Promise.all(ids.map((id) => store.getTodo(id))));
    show(found.filter((record) => !!record));
  });

  await takeServed(db, page, list.served(), pageTiming(page.serverTime));
  const [records, whole] = await db.read(async (store) =>
    /** @type {const} */ ([await store.getAllTodos(), await isWhole(store)]),
  );
  db.subscribe((changed) => {
    show(changed);
    tabs.tell(changed);
  });
  status.show(records);
  list.takeOver(records, whole);

  const background = startBackgroundSync(async () => {
    status.started();
    const outcome = await syncTodos(db, page, device).catch(notKept);
    if (outcome.outcome === "synced") list.becomeWhole();
    status.ended(outcome.outcome);
    return outcome;
  }, page.syncInterval);
}

/** @param {unknown} error @returns {import("./sync.mjs").Outcome} */
function notKept(error) {
  console.warn("The local store failed during a sync:", error);
  return { outcome: "not-kept" };
}
