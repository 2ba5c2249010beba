// @ts-check
/** What the page says of the list as a whole: how many are left, and whether all are done. */

import { find, setText } from "./todo-row.mjs";

/** @param {HTMLElement} app */
export function todoCount(app) {
  /** @type {Map<string, boolean>} */
  const done = new Map(); // of each live todo
  let completed = 0;

  return {
    /** A todo is done, not done, or not there. @param {string} id @param {boolean} [isDone] */
    count(id, isDone) {
      completed -= Number(done.get(id) ?? false);
      completed += Number(isDone ?? false);
      if (isDone === undefined) done.delete(id);
      else done.set(id, isDone);
    },

    draw() {
      const active = done.size - completed;
      find(app, ".main").toggleAttribute("hidden", !done.size);
      find(app, ".footer").toggleAttribute("hidden", !done.size);
      find(app, ".clear-completed").toggleAttribute("hidden", !completed);
      setText(find(app, "[data-testid=todo-count] strong"), String(active));
      setText(find(app, "[data-testid=todo-count] span"), active === 1 ? "item left" : "items left");
      const toggleAll = /** @type {HTMLInputElement} */ (find(app, ".toggle-all"));
      if (toggleAll.checked !== (active === 0)) toggleAll.checked = active === 0;
    },
  };
}
