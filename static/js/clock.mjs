// @ts-check
/**
 * The device's clock, kept in `meta` and shared by all tabs: it ticks inside the transaction that
 * stores the edit (S2), and is corrected by the server's time (S4).
 */

import { tick, ZERO } from "./hlc.mjs";

/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {{last: string, correction: number}} Clock  the correction is in ms */

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
  return (await store.getMeta("clock")) ?? { last: ZERO, correction: 0 };
}

/**
 * Return the stamp of an edit made now, greater than all that this device has seen.
 * @param {Store} store @param {string} node
 */
export async function tickIn(store, node) {
  const clock = await kept(store);
  const now = wall();
  const stamp = tick(clock.last, now + clock.correction, node);
  store.putMeta("clock", { ...clock, last: stamp });
  return { stamp, wall: now };
}

/**
 * Take in what came from the server: the stamps, all older than the next tick from now on, and the
 * time, if its answer did not take too long.
 * @param {Store} store @param {string[]} stamps
 * @param {{serverTime: number, sent: number, received: number}} [timing]  all ms
 */
export async function seeIn(store, stamps, timing) {
  const clock = await kept(store);
  const last = stamps.reduce((greatest, stamp) => (stamp > greatest ? stamp : greatest), clock.last);
  const correction =
    timing && timing.received - timing.sent < SLOWEST_ROUND_TRIP
      ? Math.round(timing.serverTime - (timing.sent + timing.received) / 2)
      : clock.correction;
  if (last !== clock.last || correction !== clock.correction)
    store.putMeta("clock", { last, correction });
}
