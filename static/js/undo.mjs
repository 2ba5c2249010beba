// @ts-check
/** Undo: a toast that offers it for a while, and a key that does it at any time. */

import { find } from "./todo-row.mjs";

const OFFERED = 10_000; // ms, and for as long as a pointer or the focus is on it

/** Return a function that offers to undo what was just done. */
export function undoToast() {
  const toast = /** @type {HTMLElement} */ (find(document, ".toast"));
  const button = /** @type {HTMLElement} */ (find(toast, ".undo"));
  /** @type {(() => HTMLElement | undefined)[]} */
  const steps = [];
  let timer = 0;

  /** @param {string} sentence @param {string} text */
  function show(sentence, text) {
    find(toast, ".says").textContent = sentence;
    find(toast, "bdi").textContent = text;
    button.hidden = !sentence;
  }

  function hide() {
    clearTimeout(timer);
    show("", "");
  }

  function hideLater() {
    clearTimeout(timer);
    timer = setTimeout(() => (toast.matches(":hover, :focus-within") ? hideLater() : hide()), OFFERED);
  }

  function undo() {
    const hadFocus = document.activeElement === button;
    const row = steps.pop()?.();
    if (hadFocus) (row ?? /** @type {HTMLElement} */ (find(document, ".new-todo"))).focus();
    hide();
  }

  button.addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
    if (!isUndo || event.shiftKey || event.altKey || hasOwnUndo(event.target) || !steps.length) return;
    event.preventDefault();
    undo();
  });

  /**
   * @param {string} sentence @param {string} text  the todo's, if it was one
   * @param {() => HTMLElement | undefined} step  takes it back; returns what may have the focus
   */
  return (sentence, text, step) => {
    steps.push(step);
    show(sentence, text);
    hideLater();
  };
}

/** A field with text has the browser's own. @param {EventTarget | null} target */
function hasOwnUndo(target) {
  if (!(target instanceof HTMLInputElement)) return false;
  return target.matches(".edit") || (target.matches(".new-todo") && target.value !== "");
}
