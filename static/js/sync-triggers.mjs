// @ts-check
/**
 * When to sync: after an edit, every so often, when the page comes back, and, as long as it fails,
 * after pauses that grow. One loop owns all trying.
 */

import { pauseAfter } from "./backoff.mjs";

/** @typedef {import("./sync.mjs").Outcome} Outcome */

const GATHER = 300; // ms: edits made in quick succession go together
const LEAST_PAUSE = 1_000; // ms between two attempts that nothing but the page asks for

/** The server has taken what it could: the next edit need not wait for what it could not. */
const TAKEN = new Set(["synced", "clock-ahead", "too-large"]);

/**
 * Start syncing in the background, at once and then for good.
 * @param {() => Promise<Outcome>} sync  never rejects
 * @param {() => number} interval  ms until the next sync while nothing happens
 * @param {(outcome: Outcome) => void} tell  says to the other tabs what an attempt came to
 */
export function startBackgroundSync(sync, interval, tell) {
  let failures = 0;
  let due = Infinity; // when the next attempt is to be: performance.now()
  let notBefore = 0; // the same: what the server asked for, or what is fair to it
  let timer = 0;
  let running = false;
  let taken = true;
  let asked = false; // for another attempt, while one was running
  let hasEdit = false; // that no attempt of this tab has taken along
  let underWay = Promise.resolve();

  /** Attempt after a pause, unless one is due before that. @param {number} pause  ms */
  function schedule(pause) {
    const at = Math.max(performance.now() + pause, notBefore);
    if (running) asked = true;
    if (running || at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(attempt, at - performance.now());
  }

  const attempt = () => (underWay = attemptNow());

  async function attemptNow() {
    running = true;
    asked = hasEdit = false;
    const outcome = await sync();
    running = false;
    settle(outcome);
    tell(outcome);
  }

  /** Something was attempted: when is the next? @param {Outcome} outcome */
  function settle({ outcome, retryAfter = 0 }) {
    clearTimeout(timer);
    due = Infinity;
    failures = outcome === "synced" ? 0 : failures + 1;
    taken = TAKEN.has(outcome);
    notBefore = performance.now() + retryAfter * 1_000;
    if (failures) schedule(pauseAfter(failures, LEAST_PAUSE));
    if ((asked || hasEdit) && taken) schedule(GATHER);
    else if (!failures) schedule(interval());
  }

  /** The page came back: look now, whatever the pause, but not over and over. */
  function comeBack() {
    notBefore = Math.max(notBefore, lastSeen + LEAST_PAUSE);
    lastSeen = performance.now();
    schedule(0);
  }
  let lastSeen = -Infinity;

  addEventListener("online", comeBack);
  addEventListener("pageshow", comeBack);
  addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) comeBack();
    else if (hasEdit && taken) schedule(0); // it may be the last chance
  });
  attempt();

  return {
    /** There is something to send; while the server fails, its turn comes with the next attempt. */
    soon() {
      hasEdit = true;
      if (taken || running) schedule(GATHER);
    },

    /**
     * Another tab has attempted: that counts here too, but for an attempt that is under way. Returns
     * whether it counts.
     * @param {Outcome} outcome
     */
    heard(outcome) {
      if (!running) settle(outcome);
      return !running;
    },

    /** Somebody asks for it: at once, but for the pause that the server asked for. */
    now: () => schedule(0),

    /** Return when nothing is under way. */
    async idle() {
      while (running) await underWay;
    },

    /** Attempt once, and return when that is over: after one that is under way. */
    async once() {
      await underWay;
      clearTimeout(timer);
      await attempt();
    },
  };
}
