// @ts-check
/** The page comes alive: what the parts are, and who tells whom. */

import { openDatabase } from "./browserDB.mjs";
import { seeIn, wall } from "./clock.mjs";
import { newNode, ownDevice } from "./device.mjs";
import { localTodos } from "./local-todos.mjs";
import { received, unknown } from "./record.mjs";
import { readPage } from "./session.mjs";
import { syncStatus } from "./sync-status.mjs";
import { startBackgroundSync } from "./sync-triggers.mjs";
import { syncTodos } from "./sync.mjs";
import { otherTabs } from "./tabs.mjs";
import { todoList } from "./todo-list.mjs";

const page = readPage();
const db = await openDatabase(page.account);
const verbs = localTodos(db, newNode(await ownDevice(db)));
const list = todoList(page);
const status = syncStatus();

/**
 * What the page shows was seen: the next edit here is later than all of it (C3). Where this is all
 * that the device has, it stands where the page did: what is deleted from now on comes to it (R2).
 */
await db.write(async (store) => {
  const served = list.served();
  for (const version of served) {
    const known = (await store.getTodo(version.id)) ?? unknown(version.id);
    const record = received(known, version);
    if (record !== known) store.putTodo(record);
  }
  if (!(await store.getMeta("cursor"))) store.putMeta("cursor", page.cursor);
  const timing = { serverTime: page.serverTime, sent: wall(), received: wall() };
  await seeIn(store, served.flatMap(({ clocks }) => Object.values(clocks)), timing);
});
for (const { id, completed } of list.ticked()) await verbs.toggle(id, completed);

/** @param {import("./record.mjs").TodoRecord[]} changed */
function show(changed) {
  list.show(changed);
  status.show(changed);
}

show(await db.read((store) => store.getAllTodos()));
list.takeOver(verbs);

const background = startBackgroundSync(async () => {
  status.started();
  const outcome = await syncTodos(db, page);
  if (outcome.outcome === "synced") list.hidePager();
  status.ended(outcome.outcome);
  return outcome;
}, page.syncInterval);

const tabs = otherTabs(page.account, async (ids) => {
  const found = await db.read((store) => Promise.all(ids.map((id) => store.getTodo(id))));
  show(found.filter((record) => !!record));
});

db.subscribe((changed) => {
  show(changed);
  tabs.tell(changed);
  if (changed.some((record) => !record.synced)) background.soon();
});
