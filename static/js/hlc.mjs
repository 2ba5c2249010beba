// @ts-check
/**
 * Hybrid logical clock: stamps that order edits across devices. Pure; twin of todos/hlc.py.
 *
 * A stamp is one string, `<milliseconds: 15 digits>-<counter: 4 hex>-<node: 16 hex>`, and stamps
 * are compared as plain strings (rule S1). The milliseconds are Unix time. The idea is from
 * Kulkarni, Demirbas and others, "Logical Physical Clocks" (2014).
 */

const STAMP = /^[0-9]{15}-[0-9a-f]{4}-[0-9a-f]{16}$/;
const NODE = /^[0-9a-f]{16}$/;

/** Less than every stamp of an edit. */
export const ZERO = "000000000000000-0000-0000000000000000";

const MAX_MS = 10 ** 15 - 1;
const MAX_COUNTER = 0xffff;

/**
 * Tell whether `value` is a well-formed stamp (S1).
 * @param {unknown} value
 */
export function isStamp(value) {
  return typeof value === "string" && STAMP.test(value);
}

/**
 * Write a stamp. Throws RangeError when a part does not fit.
 * @param {number} ms @param {number} counter @param {string} node
 */
export function pack(ms, counter, node) {
  if (!(ms >= 0 && ms <= MAX_MS && counter >= 0 && counter <= MAX_COUNTER && NODE.test(node)))
    throw new RangeError(`not the parts of a stamp: ${ms}, ${counter}, ${node}`);
  return `${String(ms).padStart(15, "0")}-${counter.toString(16).padStart(4, "0")}-${node}`;
}

/** @param {string} stamp */
export const msOf = (stamp) => Number(stamp.slice(0, 15));
/** @param {string} stamp */
export const counterOf = (stamp) => Number.parseInt(stamp.slice(16, 20), 16);
/** @param {string} stamp */
export const nodeOf = (stamp) => stamp.slice(21);

/**
 * Return the stamp of an edit made `now` (ms), greater than `last`, the greatest seen (S2).
 * Throws RangeError when the clock has come to its end, some 30,000 years from now.
 * @param {string} last @param {number} now @param {string} node
 */
export function tick(last, now, node) {
  const ms = Math.max(now, msOf(last));
  const counter = ms === msOf(last) ? counterOf(last) + 1 : 0;
  return counter > MAX_COUNTER ? pack(ms + 1, 0, node) : pack(ms, counter, node);
}
