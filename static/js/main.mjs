// @ts-check
/** The page comes alive: what the parts are, and who tells whom. */

import { offerArticleTodos } from "./article-todos.mjs";
import { openDatabase } from "./browserDB.mjs";
import { pageClock, pageTiming } from "./clock.mjs";
import { ownDevice } from "./device.mjs";
import { takeFilters } from "./filters.mjs";
import { whenFree } from "./hand.mjs";
import { tellAhead } from "./local-ahead.mjs";
import { localTodos } from "./local-todos.mjs";
import { memoryDatabase } from "./memory-store.mjs";
import { persistence } from "./persistence.mjs";
import { offerNewStore, putBack, salvaged } from "./repair.mjs";
import { takeServed } from "./served.mjs";
import { lastDevice, readPage } from "./session.mjs";
import { takeShortcuts } from "./shortcuts.mjs";
import { isDamaged, outcomeOf } from "./storage-trouble.mjs";
import { syncStatus } from "./sync-status.mjs";
import { startBackgroundSync } from "./sync-triggers.mjs";
import { isWhole, syncedAt, syncTodos } from "./sync.mjs";
import { otherTabs } from "./tabs.mjs";
import { earlyTicks, takeActions } from "./todo-actions.mjs";
import { todoList } from "./todo-list.mjs";
import { undoToast } from "./undo.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */

const page = readPage();
const app = /** @type {HTMLElement} */ (document.querySelector(".todoapp"));
const status = syncStatus((pending) => tellAhead(page.account, pending > 0));

try {
  await start(await openDatabase(page.account, (store) => putBack(store, status.unsynced())));
} catch (error) {
  await startWithoutStore(error);
}

/** The page goes on in memory, and sends at once what is done. @param {unknown} error */
async function startWithoutStore(error) {
  console.warn("There is no local store:", error);
  const db = memoryDatabase(isDamaged(error) ? await salvaged(page.account) : []);
  status.withoutStore(error);
  addEventListener("beforeunload", (event) => status.unsynced().length && event.preventDefault());
  await start(db);
  if (isDamaged(error)) await offerNewStore(page.account, db);
}

/** @param {Database} db */
async function start(db) {
  const device = await ownDevice(db, db.outlivesPage ? lastDevice(page.account) : undefined);
  const list = todoList(app, page, status.keeping);
  const askToPersist = persistence(db);
  const onEdit = () => {
    background.soon();
    askToPersist();
  };
  const verbs = localTodos(db, pageClock(device), page.lastPosition, onEdit);

  /** @param {TodoRecord[]} changed */
  function show(changed) {
    list.show(changed);
    status.show(changed);
    if (!list.isWhole()) status.filling({ here: list.live().length, there: page.live });
  }

  const tabs = otherTabs(page.account, (ids) =>
    db
      .read((store) => Promise.all(ids.map((id) => store.getTodo(id))))
      .then((found) => show(found.filter((record) => !!record)))
      .catch((error) => console.warn("What another tab wrote could not be read:", error)),
  );

  await takeServed(db, page, list.served, pageTiming(page.serverTime)).catch(
    (error) => console.warn("What the page brought was not kept:", error), // the next sync brings it
  );
  await new Promise((resolve) => whenFree(() => resolve(undefined)));
  const kept = await db.read(async (store) => ({
    records: await store.getAllTodos(),
    whole: await isWhole(store),
    syncedAt: await syncedAt(store),
  }));
  db.subscribe((changed) => {
    show(changed);
    tabs.tell(changed);
  });
  const tickAgain = earlyTicks(app);
  list.takeOver(kept.records, kept.whole);
  status.show(kept.records);
  status.lastSynced(kept.syncedAt);
  const tell = { kept: status.kept, notKept: status.notKept, toast: undoToast() };
  takeActions(app, page, list, verbs, tell);
  takeFilters(app, page.show, list.isWhole, (filter) => {
    list.setFilter(filter);
    status.redraw();
  });
  takeShortcuts();
  tickAgain();
  document.documentElement.toggleAttribute("data-ready", true);

  const background = startBackgroundSync(async () => {
    status.started();
    const outcome = await syncTodos(db, page, device).catch(notKept);
    if (outcome.outcome === "synced") {
      list.becomeWhole();
      status.filling(null);
    }
    status.lastSynced(await db.read(syncedAt).catch(() => undefined));
    status.ended(outcome.outcome);
    return outcome;
  }, page.syncInterval);
  document.querySelector(".sync-now")?.addEventListener("click", () => {
    status.asked();
    background.now();
  });
  if (db.outlivesPage) offerArticleTodos(db, device, page.lastPosition, onEdit);
}

/** @param {unknown} error @returns {import("./sync.mjs").Outcome} */
function notKept(error) {
  console.warn("The local store failed during a sync:", error);
  return outcomeOf(error);
}
