// @ts-check
/**
 * When a todo is due, stored and in words. Pure but for the time zone; twin of todos/due.py.
 *
 * A day, "2026-12-01", is that day wherever one reads it. A minute, "2026-12-01T09:00Z", is that
 * minute for all, and each reads it in a time zone of their own. "" is never (decision 30).
 */

/** @typedef {{day: string, time: string}} Read  what a reader sees: "2026-12-01", and "09:00" or "" */
/** @typedef {{says: string, when: "overdue" | "today" | ""}} Told  what is said on the row */

// The last year that there can be has no room for time zones.
const FORM = /^(?!9999)[1-9]\d{3}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\dZ)?$/;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAY = 24 * 60 * 60_000; // ms

/** Return the sentence on what is wrong with a due date, or "". @param {string} value */
export function checkDue(value) {
  const time = Date.parse(`${value.slice(0, 10)}T00:00Z`);
  const isGood =
    FORM.test(value) && time && new Date(time).toISOString().startsWith(value.slice(0, 10));
  return isGood || !value ? "" : "A due date is a day, with or without a time.";
}

/** Return what is stored as it is read here. @param {string} value  not "" @returns {Read} */
export const readDue = (value) =>
  value.length > 10 ? readTime(Date.parse(value)) : { day: value, time: "" };

/** Return a time as it is read here. @param {number} ms @returns {Read} */
export function readTime(ms) {
  const here = new Date(ms);
  const utc = new Date(0);
  utc.setUTCFullYear(here.getFullYear(), here.getMonth(), here.getDate());
  utc.setUTCHours(here.getHours(), here.getMinutes());
  const text = utc.toISOString();
  return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

/**
 * Return what is to be stored of what was typed here; of nonsense something that is refused.
 * @param {string} day @param {string} time
 */
export function storedDue(day, time) {
  const here = new Date(`${day}T${time}`);
  if (!time || Number.isNaN(+here)) return time ? `${day}T${time}` : day;
  return `${here.toISOString().slice(0, 16)}Z`;
}

/**
 * Return what is said of a todo; what is done is not overdue.
 * @param {Read} due @param {boolean} completed @param {Read} now @returns {Told}
 */
export function inWords(due, completed, now) {
  const day = near(due.day, now.day);
  const isToday = due.day === now.day;
  const isOver = due.day < now.day || (isToday && due.time && due.time <= now.time);
  if (isOver && !completed)
    return { says: `Overdue since ${isToday ? due.time : day}`, when: "overdue" };
  return { says: `Due ${day} ${due.time}`.trim(), when: isToday && !completed ? "today" : "" };
}

/** Name a day as one does today. @param {string} day @param {string} today */
function near(day, today) {
  const away = (Date.parse(day) - Date.parse(today)) / DAY;
  if (Math.abs(away) <= 1) return ["yesterday", "today", "tomorrow"][away + 1];
  return day.slice(0, 4) === today.slice(0, 4) ? dated(day).slice(0, -5) : dated(day);
}

/** Name a day for any time to come. @param {string} day */
function dated(day) {
  const [year, month = 0, date] = day.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

/** Name a due date as a sentence does. @param {string} value */
export function namedDue(value) {
  if (!value) return "nothing";
  const { day, time } = readDue(value);
  return `${dated(day)} ${time}`.trim();
}
