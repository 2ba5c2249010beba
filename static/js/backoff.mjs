// @ts-check
/** How long to wait before trying again. */

const LONGEST_PAUSE = 5 * 60_000; // ms

/**
 * Return the pause after so many failures in a row: doubled each time, between half and all of
 * that, so that many clients do not come back at once.
 * @param {number} failures @param {number} first  the longest after one failure, ms
 */
export function pauseAfter(failures, first) {
  const longest = Math.min(first * 2 ** (failures - 1), LONGEST_PAUSE);
  return longest * (0.5 + Math.random() / 2);
}
