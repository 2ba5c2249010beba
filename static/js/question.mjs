// @ts-check
/** A question beside the status line: it waits for its answer, and nothing waits for it. */

import { find, setText } from "./todo-row.mjs";

/**
 * Ask, and resolve to whether the answer was `yes`.
 * @param {string} says @param {string} yes @param {string} no @returns {Promise<boolean>}
 */
export function ask(says, yes, no) {
  const question = /** @type {HTMLElement} */ (find(document, ".question"));
  question.hidden = false;
  setText(find(question, ".says"), says);
  return new Promise((resolve) => {
    const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
      question.querySelectorAll("button")
    );
    for (const [index, button] of buttons.entries()) {
      setText(button, index ? no : yes);
      button.onclick = () => {
        question.hidden = true;
        /** @type {HTMLElement} */ (find(document, ".new-todo")).focus(); // the buttons have gone
        resolve(!index);
      };
    }
  });
}
