// @ts-check
/**
 * What was done on this page and can be undone, and what was undone and can be redone: each the
 * newest last. One is taken back after the other, and each once it is kept.
 */

import { leftAlone, renewals, renewed } from "./steps.mjs";

/** @typedef {import("./deeds.mjs").Deed} Deed */
/** @typedef {import("./steps.mjs").Renewals} Renewals */
/** @typedef {import("./steps.mjs").Step} Step */
/** @typedef {"undo" | "redo"} Way */
/** @typedef {{deed: Deed, step: Promise<Step>}} Noted  an empty step: nothing was done, or kept */
/**
 * @typedef {object} Taken  what came of taking back a step
 * @property {Way} way
 * @property {Deed} deed
 * @property {string[]} ids  of the todos that it changed
 * @property {number} left  how many it left alone
 * @property {boolean} wasLast  whether nothing was done after it, here
 * @property {Noted} back  what takes it back in turn
 */

const MOST_STEPS = 100;
const OTHER = /** @type {const} */ ({ undo: "redo", redo: "undo" });

/**
 * @param {(step: Step) => Promise<Step | undefined>} revert  as the verb; undefined: it was not kept
 * @param {(taken?: Taken) => void} changed
 */
export function undoHistory(revert, changed) {
  /** @type {Record<Way, Noted[]>} */
  const stacks = { undo: [], redo: [] };
  /** @type {Set<Noted>} */
  const waiting = new Set(); // for those before them
  /** @type {Promise<unknown>} */
  let turn = Promise.resolve();

  /** @param {Way} way @param {Noted} noted */
  async function put(way, noted) {
    stacks[way].push(noted);
    if (stacks[way].length > MOST_STEPS) stacks[way].shift();
    if ((await noted.step).length) return;
    stacks[way] = stacks[way].filter((each) => each !== noted);
    changed();
  }

  /**
   * @param {Way} way @param {Noted} noted @param {number} at  where it was @param {boolean} wasLast
   * @param {Noted} back @returns {Promise<Step>}
   */
  async function takeBack(way, noted, at, wasLast, back) {
    const step = await noted.step;
    waiting.delete(noted);
    const result = step.length ? await revert(step) : [];
    if (!result) stacks[way].splice(at, 0, noted);
    if (!step.length || !result) return []; // whoever could not keep it has said so
    renew(renewals(step, result), back);
    const ids = result.map(({ id }) => id);
    changed({ way, deed: noted.deed, ids, left: leftAlone(step, result), wasLast, back });
    return result;
  }

  /** @param {Renewals} news @param {Noted} [but]  is later than these */
  function renew(news, but) {
    if (!news.size) return;
    for (const each of [...stacks.undo, ...stacks.redo, ...waiting])
      if (each !== but) each.step = each.step.then((step) => renewed(step, news));
  }

  return {
    renew,

    /** Return what comes next. @param {Way} way @returns {Noted | undefined} */
    next: (way) => stacks[way].at(-1),

    /** @param {Noted} noted */
    has: (noted) => stacks.undo.includes(noted) || stacks.redo.includes(noted),

    /**
     * Something is being done: it can be undone, and what was undone before cannot be redone.
     * @param {Deed} deed @param {Promise<Step>} done @returns {Noted}
     */
    note(deed, done) {
      const noted = { deed, step: done.catch(() => []) };
      stacks.redo = [];
      put("undo", noted);
      changed();
      return noted;
    },

    /** Take one back, by itself the last. @param {Way} way @param {Noted} [noted] */
    take(way, noted = stacks[way].at(-1)) {
      const at = noted ? stacks[way].indexOf(noted) : -1;
      if (!noted || at < 0) return;
      stacks[way].splice(at, 1);
      waiting.add(noted);
      const wasLast = at === stacks[way].length;
      /** @type {Noted} */
      const back = { deed: noted.deed, step: Promise.resolve([]) };
      back.step = turn.then(() => takeBack(way, noted, at, wasLast, back));
      turn = back.step.catch(() => {});
      put(OTHER[way], back);
    },
  };
}
