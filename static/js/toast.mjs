// @ts-check
/** The toast, which says for a while what was just done, and offers to undo or to redo it. */

import { find } from "./todo-row.mjs";

/**
 * @typedef {object} Offer
 * @property {"undo" | "redo"} way
 * @property {() => void} take
 * @property {() => boolean} still  whether it can be taken
 */

const SHOWN = 10_000; // ms, and for as long as a pointer or the focus is on it

export function takeToast() {
  const toast = /** @type {HTMLElement} */ (find(document, ".toast"));
  const newTodo = /** @type {HTMLElement} */ (find(document, ".new-todo"));
  /** @type {Record<Offer["way"], HTMLElement>} */
  const buttons = { undo: find(toast, ".undo"), redo: find(toast, ".redo") };
  /** @type {Offer | undefined} */
  let offer;
  let timer = 0;

  /** @param {string} sentence @param {string} text @param {HTMLElement} heir  gets the focus of a button that goes */
  function show(sentence, text, heir) {
    clearTimeout(timer);
    for (const [way, button] of Object.entries(buttons)) {
      if (way !== offer?.way && document.activeElement === button) heir.focus();
      button.hidden = way !== offer?.way;
    }
    find(toast, ".says").textContent = sentence;
    find(toast, "bdi").textContent = text;
  }

  /** @param {HTMLElement} [heir] */
  function hide(heir = newTodo) {
    offer = undefined;
    show("", "", heir);
  }

  function hideLater() {
    clearTimeout(timer);
    timer = setTimeout(
      () => (toast.matches(":hover, :focus-within") ? hideLater() : hide()),
      SHOWN,
    );
  }

  for (const button of Object.values(buttons))
    button.addEventListener("click", () => offer?.take());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) hide();
  });

  return {
    /**
     * @param {string} sentence @param {string} text  a todo's, if it is about one
     * @param {Offer} [offered] @param {HTMLElement} [heir]  gets the focus of a button that goes
     */
    say(sentence, text, offered, heir = newTodo) {
      offer = offered;
      show(sentence, text, heir);
      hideLater();
    },

    /** Take away an offer that cannot be taken any more. @param {HTMLElement} [heir] */
    check(heir) {
      if (offer && !offer.still()) hide(heir);
    },

    /** Return the button that offers this now. @param {Offer["way"]} way */
    buttonOf: (way) => (offer?.way === way ? buttons[way] : undefined),
  };
}
