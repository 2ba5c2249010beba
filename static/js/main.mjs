// @ts-check
/** The page comes alive: what the parts are, and who tells whom. */

import { openDatabase } from "./browserDB.mjs";
import { pageClock, pageTiming } from "./clock.mjs";
import { ownDevice } from "./device.mjs";
import { takeFilters } from "./filters.mjs";
import { whenFree } from "./hand.mjs";
import { tellAhead } from "./local-ahead.mjs";
import { localTodos } from "./local-todos.mjs";
import { takeServed } from "./served.mjs";
import { lastDevice, readPage } from "./session.mjs";
import { takeShortcuts } from "./shortcuts.mjs";
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
  await start(await openDatabase(page.account));
} catch (error) {
  console.warn("There is no local store:", error);
  status.withoutStore(); // the forms go on working
}

/** @param {Database} db */
async function start(db) {
  const device = await ownDevice(db, lastDevice(page.account));
  const list = todoList(app, page, status.keeping);
  const verbs = localTodos(db, pageClock(device), page.lastPosition, () => background.soon());

  /** @param {TodoRecord[]} changed */
  function show(changed) {
    list.show(changed);
    status.show(changed);
    if (!list.isWhole()) status.filling({ here: list.live().length, there: page.live });
  }

  const tabs = otherTabs(page.account, async (ids) => {
    const found = await db.read((store) => Promise.all(ids.map((id) => store.getTodo(id))));
    show(found.filter((record) => !!record));
  });

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
  addEventListener("pageshow", async ({ persisted }) => {
    // Whoever is in the back button's cache hears nothing of the other tabs.
    if (persisted) show(await db.read((store) => store.getAllTodos()).catch(() => []));
  });
  const tickAgain = earlyTicks(app);
  list.takeOver(kept.records, kept.whole);
  status.show(kept.records);
  status.lastSynced(kept.syncedAt);
  takeActions(app, page, list, verbs, { kept: status.kept, toast: undoToast() });
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
}

/** @param {unknown} error @returns {import("./sync.mjs").Outcome} */
function notKept(error) {
  console.warn("The local store failed during a sync:", error);
  return { outcome: "not-kept" };
}
