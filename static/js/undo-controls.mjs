// @ts-check
/** Undo and redo by hand: the buttons, the toast and the keys. */

import { restampings } from "./steps.mjs";
import { find } from "./todo-row.mjs";
import { undoHistory } from "./undo.mjs";

/** @typedef {import("./deeds.mjs").Deed} Deed */
/** @typedef {import("./steps.mjs").Step} Step */
/** @typedef {import("./undo.mjs").Taken} Taken */
/** @typedef {import("./undo.mjs").Way} Way */
/** @typedef {import("./undo.mjs").Noted} Noted */

const WORDS = {
  undo: { name: "Undo", done: "Undone" },
  redo: { name: "Redo", done: "Redone" },
};

/**
 * From now on what is noted can be undone.
 * @param {ReturnType<typeof import("./toast.mjs").takeToast>} toast
 * @param {(step: Step) => Promise<Step | undefined>} revert  take it back; undefined: that was not kept
 * @param {(ids: string[]) => HTMLElement | undefined} topOf  of these todos' rows, which stands first
 */
export function takeUndo(toast, revert, topOf) {
  const newTodo = /** @type {HTMLElement} */ (find(document, ".new-todo"));
  /** @type {Record<Way, HTMLButtonElement>} */
  const buttons = { undo: find(document, ".undo-last"), redo: find(document, ".redo-last") };
  const history = undoHistory(revert, changed);

  /** @param {Taken} [taken] */
  function changed(taken) {
    const heir = topOf(taken?.ids ?? []) ?? newTodo;
    if (taken) tell(taken, heir);
    toast.check(heir);
    draw("undo", heir);
    draw("redo", heir);
  }

  /** @param {Way} way @param {HTMLElement} heir */
  function draw(way, heir) {
    const button = buttons[way];
    const next = history.next(way);
    const name = next ? `${WORDS[way].name}: ${called(next.deed)}` : WORDS[way].name;
    const isFocused = document.activeElement === button;
    if (isFocused && (!next || toast.buttonOf(way))) (toast.buttonOf(way) ?? heir).focus();
    button.disabled = !next;
    button.setAttribute("aria-label", name);
    button.title = name;
  }

  /** @param {Taken} taken @param {HTMLElement} heir */
  function tell({ way, deed, ids, left, wasLast, back }, heir) {
    const { name, done } = WORDS[way];
    const but = left ? `${done}, but for ${left} changed meanwhile` : done;
    const where = wasLast ? " elsewhere" : "";
    if (ids.length) toast.say(`${but}: ${deed.name}`, deed.text, offerOf(OTHER[way], back), heir);
    else
      toast.say(`Changed${where} meanwhile: nothing to ${name.toLowerCase()}`, "", undefined, heir);
  }

  /** @param {Way} way @param {Noted} noted */
  const offerOf = (way, noted) => ({
    way,
    take: () => history.take(way, noted),
    still: () => history.has(noted),
  });

  for (const [way, button] of Object.entries(buttons))
    button.addEventListener("click", () => history.take(/** @type {Way} */ (way)));
  document.addEventListener("keydown", (event) => {
    const way = wayOf(event);
    if (!way || event.defaultPrevented || event.isComposing) return;
    if (hasOwnUndo(event.target) || !history.next(way)) return;
    event.preventDefault();
    history.take(way);
  });

  return {
    /**
     * Let what is being done be undone; return it.
     * @param {Deed} deed @param {Promise<Step>} done
     */
    note(deed, done) {
      const noted = history.note(deed, done);
      if (deed.did) toast.say(deed.did, deed.text, offerOf("undo", noted));
      return done;
    },

    /** Let what the clock's correction has stamped anew be undone all the same. */
    seen: (/** @type {Parameters<typeof restampings>[0]} */ changes) =>
      history.renew(restampings(changes)),
  };
}

const OTHER = /** @type {const} */ ({ undo: "redo", redo: "undo" });

/** @param {Deed} deed */
const called = ({ name, text }) => (text ? `${name} “${text}”` : name);

/**
 * Tell what a key asks for: Ctrl or Cmd with Z, with Shift the other way, or Ctrl+Y; on keyboards
 * that have these letters, and where they would be on others.
 * @param {KeyboardEvent} event @returns {Way | undefined}
 */
function wayOf({ key, code, ctrlKey, metaKey, shiftKey, altKey }) {
  const isOn = (/** @type {string} */ letter) =>
    key.toLowerCase() === letter ||
    (code === `Key${letter.toUpperCase()}` && !/^[a-z]$/i.test(key));
  if (altKey || !(ctrlKey || metaKey)) return undefined;
  if (isOn("z")) return shiftKey ? "redo" : "undo";
  return isOn("y") && ctrlKey && !shiftKey ? "redo" : undefined;
}

/** A field with text has the browser's own. @param {EventTarget | null} target */
function hasOwnUndo(target) {
  const isInDialog = target instanceof Element && target.closest(".details");
  if (isInDialog || !(target instanceof HTMLInputElement)) return !!isInDialog;
  return target.matches(".edit") || (target.matches(".new-todo, .search") && target.value !== "");
}
