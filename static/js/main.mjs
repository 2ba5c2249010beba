// @ts-check
/** The page comes alive: what the parts are, and who tells whom. */

import { offerArticleTodos } from "./article-todos.mjs";
import { openDatabase } from "./browserDB.mjs";
import { pageClock, pageTiming } from "./clock.mjs";
import { ownDevice } from "./device.mjs";
import { takeExport } from "./export.mjs";
import { takeFilters } from "./filters.mjs";
import { whenFree } from "./hand.mjs";
import { liveEvents } from "./live-events.mjs";
import { tellAhead } from "./local-ahead.mjs";
import { localTodos } from "./local-todos.mjs";
import { memoryDatabase } from "./memory-store.mjs";
import { takeNews } from "./news.mjs";
import { sendLater, takeWorker } from "./offline-start.mjs";
import { isPersisted, persistence } from "./persistence.mjs";
import { offerNewStore, putBack, salvaged } from "./repair.mjs";
import { takeServed } from "./served.mjs";
import { isShell, lastDevice, readPage, tellTimeZone } from "./session.mjs";
import { shellOf, showNobody } from "./shell.mjs";
import { takeShortcuts } from "./shortcuts.mjs";
import { takeSignOut, wipe } from "./sign-out.mjs";
import { isDamaged, outcomeOf } from "./storage-trouble.mjs";
import { askHistory, farewell, isAt, isWhole, syncedAt, syncTodos } from "./sync.mjs";
import { syncStatus } from "./sync-status.mjs";
import { startBackgroundSync } from "./sync-triggers.mjs";
import { inTurn, otherTabs } from "./tabs.mjs";
import { thisBrowser } from "./this-browser.mjs";
import { takeToast } from "./toast.mjs";
import { earlyTicks, takeActions } from "./todo-actions.mjs";
import { takeDetails } from "./todo-details.mjs";
import { keepDueRight } from "./todo-due.mjs";
import { takeHistory } from "./todo-history.mjs";
import { todoList } from "./todo-list.mjs";
import { takeSearch } from "./todo-search.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./session.mjs").Page} Page */
/** @typedef {import("./sync.mjs").Outcome} Outcome */
/** @typedef {ReturnType<typeof syncStatus>} Status */

const WHILE_LIVE = 6; // times as long are the pauses while the server says by itself what moves

/** What a sync came to for the page that tried, and not for another one on the same store. */
const OF_ONE_PAGE = new Set(["not-kept", "outdated"]);

const app = /** @type {HTMLElement} */ (document.querySelector(".todoapp"));
const browser = thisBrowser(leave);
let left = false;
let stopListening = () => {};
tellTimeZone();
const page = isShell() ? await shellOf(browser) : readPage();

if (page) await open(page);
else await showNobody(browser);
takeWorker(document.documentElement.dataset).catch((error) =>
  console.warn("The app will not start without a network:", error),
);

/** @param {Page} page */
async function open(page) {
  const status = syncStatus((pending) => left || tellAhead(page.account, pending > 0));
  try {
    const refill = (/** @type {Store} */ store) => putBack(store, status.unsynced());
    await start(page, status, await openDatabase(page.account, refill));
  } catch (error) {
    await startWithoutStore(page, status, error);
  }
}

/**
 * The page goes on in memory, and sends at once what is done.
 * @param {Page} page @param {Status} status @param {unknown} error
 */
async function startWithoutStore(page, status, error) {
  console.warn("There is no local store:", error);
  const db = memoryDatabase(isDamaged(error) ? await salvaged(page.account) : []);
  status.withoutStore(error);
  addEventListener("beforeunload", (event) => status.unsynced().length && event.preventDefault());
  await start(page, status, db);
  if (isDamaged(error)) await offerNewStore(page.account, db);
}

/** @param {Page} page @param {Status} status @param {Database} db */
async function start(page, status, db) {
  const device = await ownDevice(db, db.outlivesPage ? lastDevice(page.account) : undefined);
  const list = todoList(app, page, status.keeping);
  const tellNews = takeNews(device);
  const tellPersisted = async () => (device.persisted = await isPersisted());
  const askToPersist = persistence(db, tellPersisted);
  if (db.outlivesPage) tellPersisted();
  const onEdit = () => {
    background.soon();
    askToPersist();
  };
  const verbs = localTodos(db, pageClock(device), page.lastPosition, onEdit);

  /** @param {TodoRecord[]} changed */
  function show(changed) {
    if (list.isWhole()) tellNews(changed.map((after) => [list.recordOf(after.id), after]));
    list.show(changed);
    status.show(changed);
    if (!list.isWhole()) status.filling({ here: list.count(), there: page.live });
  }

  const tabs = otherTabs(`simplesync-${page.account}`, (/** @type {string[]} */ ids) =>
    db
      .read((store) => store.getTodos(ids))
      .then(show)
      .catch((error) => console.warn("What another tab wrote could not be read:", error)),
  );

  if (!page.isShell)
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
    tabs.tell(changed.map(({ id }) => id)); // each reads them from the store
  });
  addEventListener("pageshow", async ({ persisted }) => {
    // Whoever is in the back button's cache hears nothing of the other tabs.
    if (persisted) show(await db.read((store) => store.getAllTodos()).catch(() => []));
  });
  const tickAgain = earlyTicks(app);
  list.takeOver(kept.records, kept.whole);
  status.show(kept.records);
  status.lastSynced(kept.syncedAt);
  const tell = { kept: status.kept, notKept: status.notKept, toast: takeToast() };
  const actions = takeActions(app, page, list, verbs, tell);
  takeDetails(app, list, page.limits, actions.detail);
  takeHistory(app, db, device, askHistory, actions);
  keepDueRight(app);
  takeFilters(app, page.show, list.isWhole, (filter) => {
    list.setFilter(filter);
    status.redraw();
  });
  takeSearch(app, list.isWhole, list.seek);
  takeShortcuts(db);
  const { save } = takeExport(page, device, db);
  takeSignOut(page.account, db, browser, () => background.once(), stop, leave, save);
  tickAgain();
  document.documentElement.toggleAttribute("data-ready", true);

  /**
   * A sync has ended, here or in another tab, whose store may be out of reach here by now.
   * @param {Outcome} ended
   */
  async function showEnd({ outcome }) {
    try {
      status.lastSynced(await db.read(syncedAt));
    } catch (error) {
      ({ outcome } = notKept(error));
    }
    if (outcome === "synced") {
      list.becomeWhole();
      status.filling(null);
    }
    status.ended(outcome);
    if (outcome === "synced") live.start();
  }

  async function sync() {
    status.started();
    const outcome = await inTurn(`sync ${page.account}`, () =>
      syncTodos(db, page, device).catch(notKept),
    );
    if (outcome.wipe) await obey(outcome.wipe);
    else await showEnd(outcome);
    if (outcome.outcome === "offline") sendLater();
    return outcome;
  }

  /** The server says that this device is to keep nothing. @param {string} why */
  async function obey(why) {
    if (left) return; // another tab was told, too
    stop();
    await wipe(page.account, db, browser, why)
      .catch((error) => console.warn("What this device kept was not wiped:", error))
      .finally(leave);
  }

  /** Pull, unless an own write is all that has happened. @param {string} head */
  async function onHead(head) {
    await background.idle();
    if (!(await db.read((store) => isAt(store, head)).catch(() => true))) background.now();
  }

  const live = liveEvents(page.account, onHead, () => background.now());
  stopListening = live.stop;
  const interval = () =>
    page.syncInterval * 1_000 * (live.isLive() && db.outlivesPage ? WHILE_LIVE : 1);
  const background = startBackgroundSync(sync, interval, (outcome) => {
    if (db.outlivesPage && !OF_ONE_PAGE.has(outcome.outcome)) attempts.tell(outcome);
  });
  const attempts = otherTabs(
    `simplesync-sync-${page.account}`,
    (/** @type {Outcome} */ outcome) => {
      if (db.outlivesPage && background.heard(outcome)) showEnd(outcome);
    },
  );
  addEventListener("pagehide", () => left || farewell(page, device, status.unsynced()));
  browser.belongsTo(page, db);
  document.querySelector(".sync-now")?.addEventListener("click", () => {
    status.asked();
    background.now();
  });
  if (db.outlivesPage) offerArticleTodos(db, device, page.lastPosition, onEdit);
}

function stop() {
  left = true;
  stopListening();
}

/** Show nothing any more: this browser is somebody else's now, or nobody's. */
function leave() {
  stop();
  document.body.replaceChildren();
  location.replace(location.pathname);
}

/** @param {unknown} error @returns {Outcome} */
function notKept(error) {
  console.warn("The local store failed during a sync:", error);
  return outcomeOf(error);
}
