// @ts-check
/** The status line: one sentence that is true. */

import { refusal } from "./record.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./sync.mjs").Outcome["outcome"]} OutcomeName */
/** @typedef {{state: string, says: string}} Sentence */

/** @type {Record<Exclude<OutcomeName, "synced">, Sentence>} */
const TROUBLE = {
  offline: { state: "offline", says: "The server cannot be reached; it is tried again." },
  busy: { state: "offline", says: "The server is busy; it is tried again." },
  "signed-out": { state: "signed-out", says: "Log in to sync." },
  "other-account": { state: "error", says: "Somebody else is logged in. Reload the page." },
  outdated: { state: "error", says: "This page is too old to sync. Reload it." },
  "too-large": { state: "error", says: "A todo is too large for the server." },
  "clock-ahead": {
    state: "pending",
    says: "This device's clock was ahead; its edits are sent when their time has come.",
  },
  refused: { state: "error", says: "The server refuses to sync; it is tried again." },
  "not-kept": { state: "error", says: "This browser could not keep what was synced." },
};

const NOT_KEPT = { state: "error", says: "This browser could not keep the last change." };

/** @param {number} count */
const waiting = (count) =>
  count === 1
    ? "1 todo is saved only on this device."
    : `${count} todos are saved only on this device.`;

/** Return the line, which is told what happens and shows it. */
export function syncStatus() {
  const line = /** @type {HTMLElement} */ (document.querySelector("[data-testid=sync-status]"));
  /** @type {Map<string, TodoRecord>} */
  const unsynced = new Map();
  let syncing = false;
  let lost = false;
  /** @type {OutcomeName | null} */
  let last = null;

  function draw() {
    const { state, says } = describe([...unsynced.values()], { syncing, lost, last });
    line.dataset.state = state;
    line.dataset.pending = String(unsynced.size);
    if (line.textContent !== says) line.textContent = says;
  }

  return {
    /** Some records changed. @param {TodoRecord[]} changed */
    show(changed) {
      for (const record of changed)
        if (record.synced) unsynced.delete(record.id);
        else unsynced.set(record.id, record);
      lost = false;
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
      draw();
    },

    /** An edit could not be kept. */
    notKept() {
      lost = true;
      draw();
    },

    /** There is no local store: the page's forms do it all. */
    withoutStore() {
      line.textContent =
        "This browser keeps nothing on this device; each change is saved on the server.";
    },
  };
}

/**
 * Choose the state and the sentence.
 * @param {TodoRecord[]} unsynced
 * @param {{syncing: boolean, lost: boolean, last: OutcomeName | null}} now
 * @returns {Sentence}
 */
function describe(unsynced, { syncing, lost, last }) {
  const count = unsynced.length;
  if (lost) return NOT_KEPT;
  if (last && last !== "synced") {
    const { state, says } = TROUBLE[last];
    return { state, says: count ? `${waiting(count)} ${says}` : says };
  }
  const refused = unsynced.map(refusal).find((reason) => reason);
  if (refused) return { state: "error", says: `${waiting(count)} ${refused.message}` };
  if (!last && !count) return { state: "syncing", says: "Syncing…" };
  if (count) return { state: syncing ? "syncing" : "pending", says: waiting(count) };
  return { state: "synced", says: "All todos are saved on the server." };
}
