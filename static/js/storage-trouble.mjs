// @ts-check
/** What is wrong with this browser's storage, and what helps, by the name of the error. */

/** @type {Record<string, {because: string, help?: string}>} */
const TROUBLES = {
  QuotaExceededError: { because: "its storage is full", help: "free some space" },
  TimeoutError: {
    because: "its storage does not answer",
    help: "close the other tabs of this app",
  },
  BlockedError: {
    because: "an older version of this app is open in another tab",
    help: "close that tab",
  },
  VersionError: { because: "it has seen a newer version of this app" },
};

/** @type {Record<string, import("./sync.mjs").Outcome["outcome"]>} */
const OUTCOMES = { QuotaExceededError: "full", VersionError: "outdated" };

/** What an open or a read says of a database that is damaged. */
const DAMAGED = new Set(["DataError", "NotFoundError", "NotReadableError", "UnknownError"]);

/**
 * Return a sentence and what is to be done, as far as that is known.
 * @param {string} what  has happened @param {unknown} error @param {string} then  the last thing to do
 */
export function told(what, error, then) {
  const trouble = TROUBLES[nameOf(error)];
  if (!trouble) return `${what}.`;
  const advice = trouble.help ? `${trouble.help}, then ${then}` : "reload this page";
  return `${what}: ${trouble.because}. Please ${advice}.`;
}

/** Tell whether a database cannot be used any more, however often one tries. @param {unknown} error */
export const isDamaged = (error) => DAMAGED.has(nameOf(error));

/**
 * Return what a sync came to that ended with this error.
 * @param {unknown} error @returns {import("./sync.mjs").Outcome}
 */
export const outcomeOf = (error) => ({ outcome: OUTCOMES[nameOf(error)] ?? "not-kept" });

/** @param {unknown} error */
const nameOf = (error) => (error instanceof DOMException ? error.name : "");
