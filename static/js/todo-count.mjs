// @ts-check
/** What the page says of the list as a whole: how many are left, and whether all are done. */

import { find, setText } from "./todo-row.mjs";

/** @param {HTMLElement} app */
export function todoCount(app) {
  /** @type {Map<string, boolean>} */
  const done = new Map(); // of each live todo
  let completed = 0;
  // Found once: in a long list, looking for what stands behind it takes longer than all the rest.
  const parts = {
    main: /** @type {HTMLElement} */ (find(app, ".main")),
    footer: /** @type {HTMLElement} */ (find(app, ".footer")),
    clear: /** @type {HTMLElement} */ (find(app, ".clear-completed")),
    toggleAll: /** @type {HTMLInputElement} */ (find(app, ".toggle-all")),
    number: find(app, "[data-testid=todo-count] strong"),
    words: find(app, "[data-testid=todo-count] span"),
    newTodo: /** @type {HTMLElement} */ (find(app, ".new-todo")),
  };

  return {
    /** A todo is done, not done, or not there. @param {string} id @param {boolean} [isDone] */
    count(id, isDone) {
      completed -= Number(done.get(id) ?? false);
      completed += Number(isDone ?? false);
      if (isDone === undefined) done.delete(id);
      else done.set(id, isDone);
    },

    /** @param {boolean} hasRows  one may still be edited, though its todo is gone */
    draw(hasRows) {
      const active = done.size - completed;
      const held = document.activeElement; // which loses the focus as soon as it is hidden
      parts.main.hidden = parts.footer.hidden = !done.size && !hasRows;
      parts.clear.hidden = !completed;
      if (held?.closest(".todoapp [hidden]")) parts.newTodo.focus();
      setText(parts.number, String(active));
      setText(parts.words, active === 1 ? "item left" : "items left");
      const all = done.size > 0 && !active;
      if (parts.toggleAll.checked !== all) parts.toggleAll.checked = all;
    },
  };
}
