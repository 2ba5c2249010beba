// @ts-check
/**
 * When to sync: after an edit, every so often, when the page comes back, and, as long as it fails,
 * after pauses that grow. One loop owns all trying.
 */

/** @typedef {import("./sync.mjs").Outcome} Outcome */

const GATHER = 300; // ms: edits made in quick succession go together
const FIRST_PAUSE = 1_000; // ms, after the first failure
const LONGEST_PAUSE = 5 * 60_000; // ms

/**
 * Start syncing in the background, at once and then for good.
 * @param {() => Promise<Outcome>} sync
 * @param {number} interval  seconds between two syncs while nothing happens
 */
export function startBackgroundSync(sync, interval) {
  let failures = 0;
  let due = Infinity; // when the next attempt is to be: performance.now()
  let timer = 0;
  let running = false;
  let edited = false; // while an attempt was running

  /** @param {number} pause  ms; an earlier attempt that is due already stays @param {boolean} [anew] */
  function schedule(pause, anew = false) {
    const at = performance.now() + pause;
    if (running || (at >= due && !anew)) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(attempt, pause);
  }

  async function attempt() {
    running = true;
    edited = false;
    const { outcome, retryAfter } = await sync();
    running = false;
    failures = outcome === "synced" ? 0 : failures + 1;
    const pause = failures ? backoff(failures, retryAfter) : interval * 1_000;
    schedule(edited && !failures ? GATHER : pause, true);
  }

  const now = () => schedule(0);
  addEventListener("online", now);
  addEventListener("pageshow", now);
  addEventListener("focus", now);
  document.addEventListener("visibilitychange", () => document.hidden || now());
  attempt();

  return {
    /** There is something to send; while the server fails, its turn comes with the next attempt. */
    soon() {
      edited = true;
      if (!failures) schedule(GATHER);
    },
  };
}

/**
 * Return the pause after so many failures in a row: doubled each time, between half and all of
 * that, so that many clients do not come back at once; never before the server asked for.
 * @param {number} failures @param {number} [retryAfter]  seconds
 */
function backoff(failures, retryAfter = 0) {
  const longest = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
  return Math.max(retryAfter * 1_000, longest * (0.5 + Math.random() / 2));
}
