// @ts-check
/** When a todo is due: on its row, and in the dialog. */

import { wall } from "./clock.mjs";
import { inWords, readDue, readTime, storedDue } from "./due.mjs";

const MINUTE = 60_000; // ms

/**
 * Say on a row when its todo is due.
 * @param {HTMLTimeElement} time @param {string} value @param {boolean} completed
 */
export function drawDue(time, value, completed) {
  if (!value && !time.dateTime) return;
  const { says, when } = value
    ? inWords(readDue(value), completed, readTime(wall()))
    : { says: "", when: "" };
  if (time.textContent !== says) time.textContent = says;
  if (time.dataset.when !== when) time.dataset.when = when;
  if (time.dateTime !== value) time.dateTime = value;
}

/**
 * Say it anew when the time has come: every minute for what is due at one, and on a new day for all.
 * @param {HTMLElement} list
 */
export function keepDueRight(list) {
  let { day } = readTime(wall());
  const next = () => setTimeout(tick, MINUTE - (wall() % MINUTE));
  function tick() {
    const today = readTime(wall()).day;
    const some = today === day ? '.due[datetime*="T"]' : ".due[datetime]";
    for (const time of /** @type {NodeListOf<HTMLTimeElement>} */ (list.querySelectorAll(some)))
      drawDue(time, time.dateTime, !!time.closest(".completed"));
    day = today;
    next();
  }
  next();
}

/** Return how a due date is shown and read in a form. @param {HTMLFormElement} form */
export function dueControl(form) {
  const input = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const [day, time] = [input("due_day"), input("due_time")];
  return {
    show(/** @type {string} */ value) {
      const read = value ? readDue(value) : { day: "", time: "" };
      [day.value, time.value] = [read.day, read.time];
    },
    read: () => storedDue(day.value, time.value),
    inputs: [day, time],
  };
}
