// @ts-check
/**
 * What the page says of the list as a whole: how many are left, whether all are done, and how many
 * are found. What is done to all is done to all that are found.
 */

import { find, setText } from "./todo-row.mjs";

/** @typedef {import("./session.mjs").Page["show"]} Filter */

const PAUSE = 300; // ms until it is said how many are found: not at each key

/** @param {HTMLElement} app */
export function todoCount(app) {
  const tally = { active: 0, done: 0, otherActive: 0, otherDone: 0 }; // others: that are not found
  /** @type {Map<string, keyof typeof tally>} */
  const states = new Map(); // of each live todo
  let timer = 0;
  // Found once: in a long list, looking for what stands behind it takes longer than all the rest.
  const parts = {
    main: /** @type {HTMLElement} */ (find(app, ".main")),
    footer: /** @type {HTMLElement} */ (find(app, ".footer")),
    clear: /** @type {HTMLElement} */ (find(app, ".clear-completed")),
    form: find(app, ".toggle-all-form"),
    toggleAll: /** @type {HTMLInputElement} */ (find(app, ".toggle-all")),
    label: find(app, "[for=toggle-all]"),
    found: /** @type {HTMLElement} */ (find(app, ".found")),
    number: find(app, "[data-testid=todo-count] strong"),
    words: find(app, "[data-testid=todo-count] span"),
    newTodo: /** @type {HTMLElement} */ (find(app, ".new-todo")),
  };

  return {
    /** Return how many live todos there are. */
    live: () => states.size,

    /**
     * A todo is done, not done, or not there.
     * @param {string} id @param {boolean | undefined} isDone @param {boolean} isFound
     */
    count(id, isDone, isFound) {
      const before = states.get(id);
      if (before !== undefined) tally[before] -= 1;
      if (isDone === undefined) states.delete(id);
      else {
        const state = isFound ? (isDone ? "done" : "active") : isDone ? "otherDone" : "otherActive";
        states.set(id, state);
        tally[state] += 1;
      }
    },

    /**
     * @param {boolean} hasRows  one may still be edited, though its todo is gone
     * @param {boolean} isSought  whether something is sought
     */
    draw(hasRows, isSought) {
      const { active, done, otherActive } = tally;
      const left = active + otherActive;
      const allDone = !active && done > 0;
      const held = document.activeElement; // which loses the focus as soon as it is hidden
      parts.main.hidden = parts.footer.hidden = !states.size && !hasRows;
      parts.clear.hidden = !done;
      parts.form.toggleAttribute("data-idle", isSought && !active && !done);
      if (held?.closest(".todoapp :is([hidden], [data-idle])")) parts.newTodo.focus();
      setText(parts.clear, isSought ? "Clear completed of those found" : "Clear completed");
      setText(parts.label, isSought ? "Mark all found as complete" : "Mark all as complete");
      setText(parts.number, String(left));
      setText(parts.words, left === 1 ? "item left" : "items left");
      if (parts.toggleAll.checked !== allDone) parts.toggleAll.checked = allDone;
    },

    /**
     * Say how many are found, politely: once the typing pauses.
     * @param {Filter} filter @param {boolean} isSought
     * @param {boolean} isWhole  whether the device has the whole list
     */
    tell(filter, isSought, isWhole) {
      const { active, done } = tally;
      const count = { all: active + done, active, completed: done }[filter];
      const words = count ? `${count} ${count === 1 ? "todo" : "todos"} found` : "Nothing found";
      const says = isSought ? words + (isWhole ? "" : " so far") : "";
      parts.found.hidden = !isSought;
      clearTimeout(timer);
      timer = setTimeout(() => setText(parts.found, says), PAUSE);
    },
  };
}
