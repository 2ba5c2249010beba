// @ts-check
/**
 * The self-check: now and then the server is sent a digest of what it is thought to hold, and
 * compares (R7). What differs is healed by a reset.
 */

import { wall } from "./clock.mjs";
import { fingerprint } from "./merge.mjs";

/** @typedef {import("./browserDB.mjs").Store} Store */

const EVERY = 60 * 60_000; // ms

/**
 * Return the digest to send, undefined if it is not its time.
 * @param {Store} store @returns {Promise<number | undefined>}
 */
export async function digestIn(store) {
  const last = (await store.getMeta("checkedAt")) ?? 0;
  const isDue = Math.abs(wall() - last) >= EVERY; // also when the clock was set back
  if (!isDue || !(await store.getMeta("whole"))) return undefined;
  const prints = await store.getAllTodos(printOf);
  return prints.reduce((sum, print) => (sum + print) % 2 ** 32, 0);
}

/** Return what a todo adds to the digest. @param {import("./record.mjs").TodoRecord} record */
function printOf({ id, server }) {
  const isLive = Object.keys(server.clocks).length > 0 && !server.deleted;
  return isLive ? fingerprint({ ...server, id }) : 0;
}

/** The server has compared: the next time is later. @param {Store} store */
export const checkedIn = (store) => store.putMeta("checkedAt", wall());
