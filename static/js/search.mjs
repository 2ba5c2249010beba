// @ts-check
/**
 * Which todos are found: those in whose texts every word that is sought occurs, whatever the case
 * and the accents. Pure; twin of todos/search.py, which says which marks count as accents.
 */

import { SEARCHED } from "./fields.mjs";

/** @typedef {(todo: Record<string, any>) => boolean} Test */

const MARKS =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;

const PLAIN = /^[ -~\n]*$/; // with nothing to decompose

/** @type {WeakMap<Record<string, any>, string>} */
const known = new WeakMap(); // what is compared of a record, which is never changed

/** Return a text as it is compared. @param {string} text */
const folded = (text) =>
  (PLAIN.test(text) ? text : text.normalize("NFKD").replace(MARKS, "")).toUpperCase();

/** @param {Record<string, any>} todo */
function searchedOf(todo) {
  let searched = known.get(todo);
  if (searched === undefined) {
    searched = folded(SEARCHED.map((field) => todo[field] ?? "").join("\n"));
    known.set(todo, searched);
  }
  return searched;
}

/**
 * Return a function that tells of a todo whether it is found.
 * @param {string} query @returns {Test}
 */
export function finder(query) {
  const words = folded(query)
    .split(/[ \t\r\n]+/)
    .filter(Boolean);
  if (!words.length) return () => true;
  return (todo) => {
    const searched = searchedOf(todo);
    return words.every((word) => searched.includes(word));
  };
}
