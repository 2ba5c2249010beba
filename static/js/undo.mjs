// @ts-check
/** Undo: a toast that offers it for a while, and a key that does it at any time. */

import { find } from "./todo-row.mjs";

/** @typedef {() => HTMLElement | undefined} Step  takes something back; returns what may have the focus */

const OFFERED = 10_000; // ms, and for as long as a pointer or the focus is on it
const MOST_STEPS = 100;

/** Return the toast, which says what was just done, and offers to undo it. */
export function undoToast() {
  const toast = /** @type {HTMLElement} */ (find(document, ".toast"));
  const button = /** @type {HTMLElement} */ (find(toast, ".undo"));
  const newTodo = /** @type {HTMLElement} */ (find(document, ".new-todo"));
  /** @type {Step[]} */
  const steps = [];
  let timer = 0;

  /** @param {string} sentence @param {string} text @param {boolean} [canUndo] */
  function show(sentence, text, canUndo = false) {
    find(toast, ".says").textContent = sentence;
    find(toast, "bdi").textContent = text;
    button.hidden = !canUndo;
  }

  /** @param {HTMLElement} heir  gets the focus that goes with the button */
  function hide(heir = newTodo) {
    clearTimeout(timer);
    if (document.activeElement === button) heir.focus();
    show("", "");
  }

  function hideLater() {
    clearTimeout(timer);
    timer = setTimeout(() => (toast.matches(":hover, :focus-within") ? hideLater() : hide()), OFFERED);
  }

  const undo = () => hide(steps.pop()?.());

  button.addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") hide();
    if (!isUndo(event) || hasOwnUndo(event.target) || !steps.length) return;
    event.preventDefault();
    undo();
  });

  return {
    /** Say something that needs no undoing. @param {string} sentence @param {string} text */
    say(sentence, text) {
      hide();
      show(sentence, text);
      hideLater();
    },

    /**
     * Offer to undo what was just done. Returns a function that withdraws the offer, since nothing
     * was done after all.
     * @param {string} sentence @param {string} text  the todo's, if it was one
     * @param {Step} step
     */
    offer(sentence, text, step) {
      steps.push(step);
      if (steps.length > MOST_STEPS) steps.shift();
      show(sentence, text, true);
      hideLater();
      return () => {
        if (steps.at(-1) === step) hide();
        if (steps.includes(step)) steps.splice(steps.indexOf(step), 1);
      };
    },
  };
}

/** Ctrl+Z or Cmd+Z, on keyboards that have a Z, and where it would be on others. @param {KeyboardEvent} event */
function isUndo({ key, code, ctrlKey, metaKey, shiftKey, altKey }) {
  const isZ = /^z$/i.test(key) || (code === "KeyZ" && !/^[a-z]$/i.test(key));
  return isZ && (ctrlKey || metaKey) && !shiftKey && !altKey;
}

/** A field with text has the browser's own. @param {EventTarget | null} target */
function hasOwnUndo(target) {
  if (!(target instanceof HTMLInputElement)) return false;
  return target.matches(".edit") || (target.matches(".new-todo") && target.value !== "");
}
