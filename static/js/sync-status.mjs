// @ts-check
/** The status line: one sentence that is true. */

import { wall } from "./clock.mjs";
import { refusal } from "./record.mjs";
import { told } from "./storage-trouble.mjs";
import { find, setText } from "./todo-row.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./sync.mjs").Outcome["outcome"]} OutcomeName */
/** @typedef {{state: string, says: string}} Sentence */
/** @typedef {ReturnType<typeof waitingOf>} Waiting */

/** @type {Record<Exclude<OutcomeName, "synced">, Sentence>} */
const TROUBLE = {
  offline: { state: "offline", says: "The server cannot be reached" },
  busy: { state: "offline", says: "The server is busy" },
  "signed-out": { state: "signed-out", says: "You are logged out" },
  "other-account": { state: "error", says: "Somebody else is logged in" },
  outdated: { state: "error", says: "This page is too old to sync and has to be reloaded" },
  "too-large": { state: "error", says: "A todo is too large for the server" },
  "clock-ahead": {
    state: "pending",
    says: "This device's clock was ahead, so saving takes a little longer",
  },
  refused: { state: "error", says: "The server refuses to sync" },
  full: { state: "error", says: "This browser's storage is full, please free some space" },
  "not-kept": { state: "error", says: "This browser could not keep what was synced" },
};

const LONG = 1_000; // ms: a filling of the store that takes longer is shown
const OLD = 60_000; // ms: an edit that waits longer is told with its time

const NOT_KEPT = "This browser could not keep the last change";
const KEEPS_NOTHING = "This browser keeps nothing on this device";
const KEEPING = { state: "pending", says: "Saving…" };

/** @param {number} count @param {string} where */
const waiting = (count, where) =>
  count === 1 ? `1 todo is saved ${where}` : `${count} todos are saved ${where}`;

/**
 * Say what waits, since when if that is long, and why.
 * @param {ReturnType<typeof leftOf>} left
 * @param {string} [reason]  a sentence
 */
function sentence({ count, oldest, where }, reason) {
  const because = reason?.replace(/\.$/, "");
  if (!count) return `${because}.`;
  const since =
    wall() - oldest > OLD ? `, ${count > 1 ? "the oldest " : ""}since ${timeOf(oldest)}` : "";
  const says = `${waiting(count, where)}${since}.`;
  return because ? `${because}: ${says}` : says;
}

/** What helps, beside "Sync now". @type {Partial<Record<OutcomeName, {says: string, address: () => string}>>} */
const REMEDIES = {
  "signed-out": { says: "Log in", address: () => `/accounts/login/?next=${location.pathname}` },
  "other-account": { says: "Reload", address: () => location.pathname },
  outdated: { says: "Reload", address: () => location.pathname },
};

/**
 * Return the line, which is told what happens and shows it.
 * @param {(pending: number) => void} onPending  how many todos the server has not acknowledged
 */
export function syncStatus(onPending) {
  const line = /** @type {HTMLElement} */ (find(document, "[data-testid=sync-status]"));
  const remedy = /** @type {HTMLAnchorElement} */ (find(document, ".remedy"));
  const button = find(document, ".sync-now");
  const lastSynced = /** @type {HTMLTimeElement} */ (find(document, ".last-synced time"));
  /** @type {Map<string, Waiting>} */
  const unsynced = new Map();
  /** @type {Set<string>} */
  let keeping = new Set();
  let syncing = false;
  /** @type {string | null} */
  let lost = null; // why the last edit was not kept
  /** @type {string | null} */
  let withoutStore = null; // why nothing outlives this page
  /** @type {OutcomeName | null} */
  let last = null;
  /** @type {{here: number, there: number} | null} */
  let filling = null;
  let isLong = false; // since the first sync of this page began

  function draw() {
    let pending = unsynced.size;
    for (const id of keeping) if (!unsynced.has(id)) pending += 1;
    const left = leftOf(unsynced.values(), withoutStore ? "nowhere yet" : "only on this device");
    const now = {
      keeping: keeping.size > 0,
      syncing,
      lost,
      last,
      filling: isLong ? filling : null,
    };
    const { state, says } = describe(left, now);
    // What goes well is there to be read, not to be called out at each edit.
    const quiet = now.keeping || (isCalm(state) && isCalm(line.dataset.state));
    line.setAttribute("aria-live", quiet ? "off" : "polite");
    line.dataset.state = state;
    line.dataset.pending = String(pending);
    setText(line, withoutStore ? `${says} ${withoutStore}` : says);
    const help = last && REMEDIES[last];
    remedy.hidden = !help;
    if (help) Object.assign(remedy, { href: help.address(), textContent: help.says });
    if (!withoutStore) onPending(pending);
  }

  function showFilling() {
    isLong = true;
    draw();
  }

  setInterval(draw, OLD / 4); // what waits gets older

  return {
    /** The address has changed, to which a log-in leads back. */
    redraw: draw,

    /** Some records changed. @param {TodoRecord[]} changed */
    show(changed) {
      for (const record of changed)
        if (record.synced) unsynced.delete(record.id);
        else unsynced.set(record.id, waitingOf(record));
      draw();
    },

    /**
     * The store is being filled, and has so many todos of so many.
     * @param {{here: number, there: number} | null} counts  null: it is done
     */
    filling(counts) {
      filling = counts;
      draw();
    },

    /** These todos' edits are not in the local store yet. @param {Set<string>} ids */
    keeping(ids) {
      keeping = ids;
      draw();
    },

    /** A sync begins. */
    started() {
      if (!last) setTimeout(showFilling, LONG);
      syncing = true;
      draw();
    },

    /** A sync has ended. @param {OutcomeName} outcome */
    ended(outcome) {
      syncing = false;
      last = outcome;
      setText(button, "Sync now");
      draw();
    },

    /** When all was last exchanged with the server. @param {number | undefined} time  Unix time, ms */
    lastSynced(time) {
      if (time === undefined) return;
      lastSynced.dateTime = new Date(time).toISOString();
      setText(lastSynced, timeOf(time));
      /** @type {HTMLElement} */ (lastSynced.parentElement).hidden = false;
    },

    /** The local store has kept an edit. */
    kept() {
      lost = null;
      draw();
    },

    /** The local store could not keep an edit. @param {unknown} error */
    notKept(error) {
      lost = told(NOT_KEPT, error, "try again");
      draw();
    },

    /** Return what the server has not acknowledged. */
    unsynced: () => [...unsynced.values()].map(({ record }) => record),

    /** Somebody asks for a sync. */
    asked: () => setText(button, "Syncing…"),

    /** There is no local store: what is done here lives as long as the page. @param {unknown} error */
    withoutStore(error) {
      withoutStore = told(KEEPS_NOTHING, error, "reload this one");
      draw();
    },
  };
}

/** @param {string} [state] */
const isCalm = (state) => state === "synced" || state === "syncing" || state === "pending";

const NUMBER = new Intl.NumberFormat();
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const CALENDAR = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {number} time  Unix time, ms */
function timeOf(time) {
  const isToday = new Date(time).toDateString() === new Date(wall()).toDateString();
  return (isToday ? CLOCK : CALENDAR).format(new Date(time));
}

/** Return a record that waits, since when: ms, by this device; and why. @param {TodoRecord} record */
function waitingOf(record) {
  const since = Math.min(...Object.values(record.unsent).map(({ wall }) => wall));
  return { record, since, refused: refusal(record) };
}

/**
 * Return what waits, and since when. Thousands may, and this is asked at each edit.
 * @param {Iterable<Waiting>} unsynced @param {string} where  it is, until the server has it
 */
function leftOf(unsynced, where) {
  let [count, oldest] = [0, wall()];
  /** @type {Waiting["refused"]} */
  let refused;
  for (const each of unsynced) {
    count += 1;
    oldest = Math.min(oldest, each.since);
    refused ??= each.refused;
  }
  return { count, oldest, where, refused };
}

/** @param {{here: number, there: number}} filling */
const loaded = ({ here, there }) =>
  `Loading your todos, ${NUMBER.format(here)} of ${NUMBER.format(Math.max(here, there))} so far`;

/**
 * Choose the state and the sentence.
 * @param {ReturnType<typeof leftOf>} left
 * @param {object} now
 * @param {boolean} now.keeping @param {boolean} now.syncing @param {string | null} now.lost
 * @param {OutcomeName | null} now.last @param {{here: number, there: number} | null} now.filling
 * @returns {Sentence}
 */
function describe(left, { keeping, syncing, lost, last, filling }) {
  const { count, refused } = left;
  if (lost) return { state: "error", says: lost };
  if (keeping && (!last || last === "synced")) return KEEPING;
  if (last && last !== "synced") {
    const { state, says } = TROUBLE[last];
    return { state, says: sentence(left, says) + (keeping ? ` ${KEEPING.says}` : "") };
  }
  if (refused) return { state: "error", says: sentence(left, refused.message) };
  if (filling) return { state: "syncing", says: sentence(left, loaded(filling)) };
  if (!last && !count) return { state: "syncing", says: "Syncing…" };
  if (count) return { state: syncing ? "syncing" : "pending", says: sentence(left) };
  return { state: "synced", says: "All todos are saved on the server." };
}
