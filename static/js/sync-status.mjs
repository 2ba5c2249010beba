// @ts-check
/** The status line: one sentence that is true. */

import { refusal } from "./record.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./sync.mjs").Outcome["outcome"]} OutcomeName */

/** @type {Record<Exclude<OutcomeName, "synced">, {state: string, says: string}>} */
const TROUBLE = {
  offline: { state: "offline", says: "The server cannot be reached; it is tried again." },
  "signed-out": { state: "signed-out", says: "Log in to sync." },
  "other-account": { state: "error", says: "Somebody else is logged in. Reload the page." },
  outdated: { state: "error", says: "This page is too old to sync. Reload it." },
  "too-large": { state: "error", says: "A todo is too large for the server." },
  refused: { state: "error", says: "The server refused to sync. Reload the page." },
};

/** @param {number} count */
const waiting = (count) =>
  count === 1 ? "1 todo is saved only on this device." : `${count} todos are saved only on this device.`;

/** Return the line, which is told what happens and shows it. */
export function syncStatus() {
  const line = /** @type {HTMLElement} */ (document.querySelector("[data-testid=sync-status]"));
  /** @type {Map<string, TodoRecord>} */
  const unsynced = new Map();
  let syncing = true;
  /** @type {OutcomeName | null} */
  let last = null;

  function draw() {
    const { state, says } = describe([...unsynced.values()], syncing, last);
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
  };
}

/**
 * Choose the state and the sentence.
 * @param {TodoRecord[]} unsynced @param {boolean} syncing @param {OutcomeName | null} last
 * @returns {{state: string, says: string}}
 */
function describe(unsynced, syncing, last) {
  const count = unsynced.length;
  if (last && last !== "synced") {
    const { state, says } = TROUBLE[last];
    return { state, says: count ? `${waiting(count)} ${says}` : says };
  }
  const refused = unsynced.map(refusal).find((reason) => reason);
  if (refused) return { state: "error", says: `${waiting(count)} ${refused.message}` };
  if (syncing && (count || !last)) return { state: "syncing", says: "Syncing…" };
  if (count) return { state: "pending", says: waiting(count) };
  return { state: "synced", says: "All todos are saved on the server." };
}
