// @ts-check
/** The status line: one sentence that is true. */

import { wall } from "./clock.mjs";
import { refusal } from "./record.mjs";
import { find, setText } from "./todo-row.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./sync.mjs").Outcome["outcome"]} OutcomeName */
/** @typedef {{state: string, says: string}} Sentence */

/** @type {Record<Exclude<OutcomeName, "synced">, Sentence>} */
const TROUBLE = {
  offline: { state: "offline", says: "The server cannot be reached" },
  busy: { state: "offline", says: "The server is busy" },
  "signed-out": { state: "signed-out", says: "You are logged out" },
  "other-account": { state: "error", says: "Somebody else is logged in" },
  outdated: { state: "error", says: "This page is too old to sync" },
  "too-large": { state: "error", says: "A todo is too large for the server" },
  "clock-ahead": { state: "pending", says: "This device's clock was ahead" },
  refused: { state: "error", says: "The server refuses to sync" },
  "not-kept": { state: "error", says: "This browser could not keep what was synced" },
};

const NOT_KEPT = { state: "error", says: "This browser could not keep the last change." };
const KEEPING = { state: "pending", says: "Saving…" };

/** @param {number} count */
const waiting = (count) =>
  count === 1
    ? "1 todo is saved only on this device"
    : `${count} todos are saved only on this device`;

/** @param {number} count @param {string} [reason]  a sentence */
function sentence(count, reason) {
  const because = reason?.replace(/\.$/, "");
  if (!count) return `${because}.`;
  return because ? `${because}: ${waiting(count)}.` : `${waiting(count)}.`;
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
  /** @type {Map<string, TodoRecord>} */
  const unsynced = new Map();
  /** @type {Set<string>} */
  let keeping = new Set();
  let syncing = false;
  let lost = false;
  /** @type {OutcomeName | null} */
  let last = null;

  function draw() {
    const pending = new Set([...unsynced.keys(), ...keeping]).size;
    const now = { keeping: keeping.size > 0, syncing, lost, last };
    const { state, says } = describe([...unsynced.values()], now);
    // What goes well is there to be read, not to be called out at each edit.
    line.setAttribute("aria-live", isCalm(state) && isCalm(line.dataset.state) ? "off" : "polite");
    line.dataset.state = state;
    line.dataset.pending = String(pending);
    setText(line, says);
    const help = last && REMEDIES[last];
    remedy.hidden = !help;
    if (help) Object.assign(remedy, { href: help.address(), textContent: help.says });
    onPending(pending);
  }

  return {
    /** The address has changed, to which a log-in leads back. */
    redraw: draw,

    /** Some records changed. @param {TodoRecord[]} changed */
    show(changed) {
      for (const record of changed)
        if (record.synced) unsynced.delete(record.id);
        else unsynced.set(record.id, record);
      draw();
    },

    /** These todos' edits are not in the local store yet. @param {Set<string>} ids */
    keeping(ids) {
      keeping = ids;
      draw();
    },

    /** A sync begins. */
    started() {
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
      const at = new Date(time);
      lastSynced.dateTime = at.toISOString();
      setText(lastSynced, (isToday(at) ? CLOCK : CALENDAR).format(at));
      /** @type {HTMLElement} */ (lastSynced.parentElement).hidden = false;
    },

    /** The local store has kept an edit, or could not. @param {boolean} isKept */
    kept(isKept) {
      lost = !isKept;
      draw();
    },

    /** Somebody asks for a sync. */
    asked: () => setText(button, "Syncing…"),

    /** There is no local store: the page's forms do it all. */
    withoutStore() {
      line.dataset.state = "synced"; // as far as this page goes
      setText(line, "This browser keeps nothing on this device; each change is saved on the server.");
    },
  };
}

/** @param {string} [state] */
const isCalm = (state) => state === "synced" || state === "syncing" || state === "pending";

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const CALENDAR = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {Date} at */
const isToday = (at) => at.toDateString() === new Date(wall()).toDateString();

/**
 * Choose the state and the sentence.
 * @param {TodoRecord[]} unsynced
 * @param {{keeping: boolean, syncing: boolean, lost: boolean, last: OutcomeName | null}} now
 * @returns {Sentence}
 */
function describe(unsynced, { keeping, syncing, lost, last }) {
  const count = unsynced.length;
  if (lost) return NOT_KEPT;
  if (keeping && (!last || last === "synced")) return KEEPING;
  if (last && last !== "synced") {
    const { state, says } = TROUBLE[last];
    return { state, says: sentence(count, says) };
  }
  const refused = unsynced.map(refusal).find((reason) => reason);
  if (refused) return { state: "error", says: sentence(count, refused.message) };
  if (!last && !count) return { state: "syncing", says: "Syncing…" };
  if (count) return { state: syncing ? "syncing" : "pending", says: sentence(count) };
  return { state: "synced", says: "All todos are saved on the server." };
}
