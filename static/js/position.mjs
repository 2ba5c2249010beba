// @ts-check
/**
 * Places in a list as strings: between any two there is room. Pure; twin of todos/position.py,
 * which explains the keys and names where they come from.
 */

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LETTERS = DIGITS.slice(10);
const MAX_LENGTH = 100;
const JITTER_LENGTH = 4;
const KEY = /^[A-Za-z][0-9A-Za-z]{0,99}$/;

/**
 * Tell whether `value` is a well-formed key.
 * @param {unknown} value
 */
export function isPosition(value) {
  return typeof value === "string" && KEY.test(value);
}

/** Return random digits for the end of a key; the last is not 0, which would leave no room. */
export function jitter() {
  const random = [...crypto.getRandomValues(new Uint32Array(JITTER_LENGTH))];
  const last = DIGITS[1 + (Number(random.pop()) % 61)];
  return random.map((number) => DIGITS[number % 62]).join("") + last;
}

/**
 * Return a key after `before` and before `after`; null stands for the list's ends. Returns null
 * when there is no room; then the caller gives new keys to the neighbours (M11).
 * @param {string | null} before @param {string | null} after @param {string} jitter
 * @returns {string | null}
 */
export function between(before, after, jitter) {
  const key = room(before, after);
  return key !== null && key.length + jitter.length <= MAX_LENGTH ? key + jitter : null;
}

/**
 * Return a key after `before`, and then new keys for as many of those that follow it as have to make
 * room: none, unless keys are equal or nearly too long.
 * @param {string | null} before @param {string[]} after  the keys that follow, in order
 * @param {string} jitter
 * @returns {string[]}
 */
export function placed(before, after, jitter) {
  for (let passed = 0; passed <= after.length; passed++) {
    const keys = spread(before, after[passed] ?? null, passed + 1, jitter);
    if (keys) return keys;
  }
  return [];
}

/**
 * Return so many keys between two, in order; null when there is no room for them.
 * @param {string | null} before @param {string | null} after @param {number} count
 * @param {string} jitter
 * @returns {string[] | null}
 */
function spread(before, after, count, jitter) {
  if (!count) return [];
  const middle = between(before, after, jitter);
  if (middle === null) return null;
  const half = count >> 1;
  const lower = spread(before, middle, half, jitter);
  const upper = spread(middle, after, count - 1 - half, jitter);
  return lower && upper && [...lower, middle, ...upper];
}

/** @param {string | null} before @param {string | null} after */
function room(before, after) {
  if (after === "") return null; // an emptied todo's: nothing is before it
  if (!before) return after === null ? "a0" : step(after, -1);
  if (after === null) return step(before, +1);
  return before < after ? midpoint(before, after) : null;
}

/**
 * Return the integer next to the key's, one up or one down; null at the ends of all integers.
 * @param {string} key @param {1 | -1} by
 */
function step(key, by) {
  const letter = key.charAt(0);
  const digits = key.slice(1, 1 + digitCount(letter)).padEnd(digitCount(letter), "0");
  const next = carried(digits, by);
  if (next !== null) return letter + next;
  const other = LETTERS[LETTERS.indexOf(letter) + by];
  return other ? other + (by > 0 ? "0" : "z").repeat(digitCount(other)) : null;
}

/**
 * Return how many digits follow: a is 1, b is 2 … z is 26; Z is 1, Y is 2 … A is 26.
 * @param {string} letter
 */
function digitCount(letter) {
  return letter >= "a" ? letter.charCodeAt(0) - 96 : 91 - letter.charCodeAt(0);
}

/**
 * Add 1 or -1 to a number in base 62, digit by digit; null when it no longer fits.
 * @param {string} digits @param {1 | -1} by @returns {string | null}
 */
function carried(digits, by) {
  if (!digits) return null;
  const next = DIGITS[DIGITS.indexOf(digits.slice(-1)) + by];
  const rest = digits.slice(0, -1);
  if (next) return rest + next;
  const above = carried(rest, by);
  return above === null ? null : above + (by > 0 ? "0" : "z");
}

/**
 * Return a string after `low` and before `high`, and no beginning of `high`; null if none is.
 * A `high` of null is the end of everything.
 * @param {string} low @param {string | null} high @returns {string | null}
 */
function midpoint(low, high) {
  if (high === "") return null;
  const firstLow = low ? DIGITS.indexOf(low.charAt(0)) : 0;
  const firstHigh = high ? DIGITS.indexOf(high.charAt(0)) : 62;
  if (firstHigh - firstLow > 1) return DIGITS.charAt((firstLow + firstHigh) >> 1);
  const rest = midpoint(low.slice(1), high && firstLow === firstHigh ? high.slice(1) : null);
  return rest === null ? null : DIGITS.charAt(firstLow) + rest;
}
