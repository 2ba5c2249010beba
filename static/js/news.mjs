// @ts-check
/** What came from other devices, in one sentence for whoever does not see the rows change. */

import { nodeOf } from "./hlc.mjs";
import { find, setText } from "./todo-row.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {[TodoRecord | undefined, TodoRecord]} Change  before and after */

const GATHER = 1_000; // ms: what comes in quick succession is told together
const LONGEST = 60; // characters of a text: it is heard, and cannot be skimmed

/**
 * Return a function to be told of each change of what is kept; what another device did, it says.
 * @param {import("./device.mjs").Device} device  this one
 * @returns {(changes: Change[]) => void}
 */
export function takeNews({ id }) {
  const line = find(document, ".news");
  const own = id.slice(0, 8);
  /** @type {Map<string, Change>} */
  const heard = new Map();
  let timer = 0;

  function say() {
    const all = [...heard.values()].filter(deedOf);
    heard.clear();
    timer = 0;
    setText(line, all.length ? sentence(all) : "");
  }

  return (changes) => {
    for (const [before, after] of changes) {
      if (!isFromElsewhere(before, after, own)) continue;
      const earlier = heard.get(after.id);
      heard.set(after.id, [earlier ? earlier[0] : before, after]);
    }
    if (!heard.size || timer) return;
    setText(line, ""); // or the same sentence would not be heard a second time
    timer = setTimeout(say, GATHER);
  };
}

/**
 * Tell whether another device gave a field another value.
 * @param {Change[0]} before @param {TodoRecord} after @param {string} own  begins this device's nodes
 */
const isFromElsewhere = (before, after, own) =>
  Object.entries(after.clocks).some(
    ([field, stamp]) =>
      stamp !== before?.clocks[field] &&
      /** @type {any} */ (after)[field] !== /** @type {any} */ (before)?.[field] &&
      !nodeOf(stamp).startsWith(own),
  );

/** Return what was done to a todo, as far as that can be seen in the list. @param {Change} change */
function deedOf([before, after]) {
  const was = !!before?.clocks.text && !before.deleted;
  if (after.deleted) return was && "deleted";
  return was ? "changed" : "added";
}

/** @param {Change[]} changes */
function sentence(changes) {
  const deeds = new Set(changes.map(deedOf));
  const did = deeds.size === 1 ? [...deeds][0] : "changed";
  const [one, ...others] = changes;
  if (!one || others.length) return `${changes.length} todos were ${did} elsewhere.`;
  const [before, after] = one;
  const text = after.text || String(before?.text); // a tombstone may have been emptied
  const cut = text.length > LONGEST ? "…" : "";
  return `“${text.slice(0, LONGEST)}${cut}” was ${did} elsewhere.`;
}
