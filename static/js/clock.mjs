// @ts-check
/**
 * The device's clock, kept in `meta` and shared by all tabs: it ticks inside the transaction that
 * stores the edit (S2), and is corrected by the server's time (S4).
 */

import { newNode } from "./device.mjs";
import { tick, ZERO } from "./hlc.mjs";

/** @typedef {import("./browserDB.mjs").Store} Store */
/**
 * @typedef {object} Clock
 * @property {string} last  the greatest stamp of all: the next one is greater
 * @property {string} seen  the greatest that the server has, as far as this device knows
 * @property {number} correction  ms
 * @property {string} era  another one each time that the clock was set back
 */

const SLOWEST_ROUND_TRIP = 10_000; // ms: a slower one says too little about the time (S4)

/** Return this machine's own idea of the time: Unix time in ms. */
export const wall = () => Date.now();

/**
 * Return when the page was asked for and when its answer began, beside the time that it brought:
 * however late the script runs. Returns undefined where the browser does not tell.
 * @param {number} serverTime  ms
 */
export function pageTiming(serverTime) {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (
    performance.getEntriesByType("navigation")
  );
  if (!entry) return undefined;
  const received = wall() - (performance.now() - entry.responseStart);
  return { serverTime, sent: received - (entry.responseStart - entry.requestStart), received };
}

/** @param {Store} store @returns {Promise<Clock>} */
async function kept(store) {
  return { last: ZERO, seen: ZERO, correction: 0, era: "", ...(await store.getMeta("clock")) };
}

/**
 * Return the clock as one page load uses it, under a node of its own.
 * @param {import("./device.mjs").Device} device
 */
export function pageClock(device) {
  let node = newNode(device);
  /** @type {string | undefined} */
  let era;
  return {
    /**
     * Read the clock. Returns what ticks, once in a transaction: it returns the stamp of an edit made
     * now, greater than all that this device has seen.
     * @param {Store} store
     */
    async readIn(store) {
      const clock = await kept(store);
      return () => {
        if (era !== undefined && era !== clock.era) node = newNode(device);
        era = clock.era;
        const now = wall();
        const stamp = tick(clock.last, now + clock.correction, node);
        store.putMeta("clock", { ...clock, last: stamp });
        return { stamp, wall: now };
      };
    },
  };
}

/**
 * Take in what came from the server: the stamps that it has, all older than the next tick from now
 * on, and the time, if its answer did not take too long. Returns the clock.
 * @param {Store} store @param {string[]} stamps
 * @param {{serverTime: number, sent: number, received: number}} [timing]  all ms
 */
export async function seeIn(store, stamps, timing) {
  const clock = await kept(store);
  const seen = greatest(clock.seen, stamps);
  const correction =
    timing && timing.received - timing.sent < SLOWEST_ROUND_TRIP
      ? Math.round(timing.serverTime - (timing.sent + timing.received) / 2)
      : clock.correction;
  const now = { ...clock, seen, last: greatest(clock.last, [seen]), correction };
  if (seen !== clock.seen || correction !== clock.correction) store.putMeta("clock", now);
  return now;
}

/**
 * The clock was far ahead: go on from what the server has and what is still to be sent, and let
 * each page take another node, since the server has done with the present ones (S5).
 * @param {Store} store @param {string[]} unsent  stamps
 */
export async function setBackIn(store, unsent) {
  const clock = await kept(store);
  const last = greatest(clock.seen, unsent);
  store.putMeta("clock", { ...clock, last, era: crypto.randomUUID() });
}

/**
 * Let the next edit be later than these, which came from elsewhere than the server.
 * @param {Store} store @param {string[]} stamps
 */
export async function advanceIn(store, stamps) {
  const clock = await kept(store);
  store.putMeta("clock", { ...clock, last: greatest(clock.last, stamps) });
}

/** @param {string} first @param {string[]} stamps */
const greatest = (first, stamps) =>
  stamps.reduce((known, stamp) => (stamp > known ? stamp : known), first);
