// @ts-check
/** What hands do on the page, turned into verbs. */

import * as deeds from "./deeds.mjs";
import { UNSET, wrongIn } from "./fields.mjs";
import { refusedValues } from "./record.mjs";
import { takenBack } from "./steps.mjs";
import { startEdit } from "./todo-edit.mjs";
import { after, before, last } from "./todo-groups.mjs";
import { takeMoves } from "./todo-move.mjs";
import { find, rowOf, setText } from "./todo-row.mjs";
import { takeUndo } from "./undo-controls.mjs";

/** @typedef {import("./session.mjs").Page} Page */
/** @typedef {ReturnType<typeof import("./local-todos.mjs").localTodos>} Verbs */
/** @typedef {ReturnType<typeof import("./todo-list.mjs").todoList>} List */
/** @typedef {import("./steps.mjs").Step} Step */

const AT_THE_END = "~"; // after every position there can be

/**
 * From now on the page is the script's.
 * @param {HTMLElement} app @param {Page} page @param {List} list @param {Verbs} verbs
 * @param {object} tell
 * @param {() => void} tell.kept  the local store has kept an edit
 * @param {(error: unknown) => void} tell.notKept  it could not
 * @param {ReturnType<typeof import("./toast.mjs").takeToast>} tell.toast
 */
export function takeActions(app, page, list, verbs, { kept, notKept, toast }) {
  const all = /** @type {HTMLElement} */ (find(app, ".todo-lists"));
  const undo = takeUndo(toast, revert, list.topOf);
  list.watchBy(undo.seen);
  const checkText = (/** @type {string} */ text) => wrongIn("text", text, page.limits);

  /**
   * Do what a hand asked for: on the page at once, then in the store; when that could not keep it,
   * the page shows again what is.
   * @param {string[]} ids @param {Record<string, any>} values
   * @param {Promise<Step>} done @param {() => void} [failed]
   */
  const attempt = (ids, values, done, failed) =>
    attemptAll(new Map(ids.map((id) => [id, values])), done, failed);

  /**
   * @param {Map<string, Record<string, any>>} values  by id
   * @param {Promise<Step>} done @param {() => void} [failed]
   * @returns {Promise<Step | undefined>}  undefined if it was not kept
   */
  async function attemptAll(values, done, failed = () => {}) {
    const settle = list.hope(values);
    try {
      const step = await done;
      settle();
      kept();
      return step;
    } catch (error) {
      console.warn("An edit was not kept:", error);
      settle();
      failed();
      notKept(error);
      return undefined;
    }
  }

  /** Take back what was done. @param {Step} step */
  function revert(step) {
    return attemptAll(takenBack(step, list.recordOf), verbs.revert(step));
  }

  /** @param {HTMLFormElement} form */
  function add(form) {
    const input = /** @type {HTMLInputElement} */ (find(form, ".new-todo"));
    const text = input.value.trim();
    const wrong = checkText(text);
    showAddError(input, wrong);
    if (wrong || !text) return;
    input.value = "";
    const id = verbs.newId();
    const values = { text, completed: false, position: AT_THE_END };
    const done = undo.note(deeds.adding(text), verbs.add(id, text));
    attempt([id], values, done, () => (input.value ||= text));
  }

  /** @param {string} id @param {boolean} completed */
  function toggle(id, completed) {
    const deed = deeds.ticking(list.textOf(id), completed);
    attempt([id], { completed }, undo.note(deed, verbs.toggle(id, completed)));
  }

  /**
   * Put a row in front of another one, or at the end of those that are shown.
   * @param {HTMLElement} row @param {Element | null} next
   * @returns {boolean}  whether it was not there already
   */
  function move(row, next) {
    if (next === row || next === after(row)) return false;
    const previous = next ? before(next) : last(all);
    const [id, above, below] = [idOf(row), idOf(previous), idOf(next)];
    // What is still being added has no place yet: nothing can stand beside it.
    if ([id, above, below].some((each) => each && !list.recordOf(each))) return true;
    const text = list.textOf(id);
    if (list.recordOf(id)?.deleted) {
      toast.say("Deleted elsewhere meanwhile:", text);
      return true;
    }
    const places = list.between(id, above, below);
    const done = verbs.move(places);
    attemptAll(places, done);
    undo.note(deeds.moving(text, list.placeOf(id)), done);
    return true;
  }

  /** @param {boolean} completed */
  function toggleAll(completed) {
    const ids = list.sought((todo) => todo.completed !== completed);
    const deed = deeds.marking(ids.length, completed);
    attempt(ids, { completed }, undo.note(deed, verbs.toggleAll(completed, oneOf(ids))));
  }

  /** @param {string} id */
  function remove(id) {
    const todo = list.live(id);
    if (!todo) return;
    attempt([id], { deleted: true }, undo.note(deeds.deleting(todo.text), verbs.remove(id)));
  }

  function clearCompleted() {
    const ids = list.sought(({ completed }) => completed);
    if (!ids.length) return;
    const done = undo.note(deeds.clearing(ids.length), verbs.clearCompleted(oneOf(ids)));
    attempt(ids, { deleted: true }, done);
    // The button has gone, and would take the focus with it.
    const next = find(app, list.isEmpty() ? ".new-todo" : ".filters .selected");
    /** @type {HTMLElement} */ (next).focus();
  }

  /** Give up what the server refuses; of a todo that it never had, that is all. @param {string} id */
  function discard(id) {
    const todo = list.live(id);
    if (!todo) return;
    if (!Object.keys(todo.server.clocks).length) {
      remove(id);
      return;
    }
    const fields = Object.keys(refusedValues(todo)).map((field) => [
      field,
      todo.server[field] ?? UNSET[field],
    ]);
    const done = undo.note(deeds.discarding(todo.text), verbs.discard(id));
    attempt([id], Object.fromEntries(fields), done);
    list.rowOf(id)?.focus(); // the button goes
  }

  /** @param {HTMLElement} row */
  function copy(row) {
    const title = find(row, "[data-testid=todo-title]");
    const selectIt = () => getSelection()?.selectAllChildren(title); // where there is no clipboard
    const copied = navigator.clipboard?.writeText(String(title.textContent));
    if (!copied) selectIt();
    copied?.then(() => toast.say("Copied", String(title.textContent)), selectIt);
  }

  /** @param {string} id @param {deeds.Deed} deed  with the text @param {() => void} [failed] */
  function rename(id, deed, failed) {
    attempt([id], { text: deed.text }, undo.note(deed, verbs.rename(id, deed.text)), failed);
    tellIfGone(id, deed.text);
  }

  /**
   * What was written into a todo that another device has deleted meanwhile is seen no more: say
   * where it is.
   * @param {string} id @param {string} text
   */
  function tellIfGone(id, text) {
    if (list.recordOf(id)?.deleted)
      toast.say("Deleted elsewhere meanwhile; what you wrote is in the Trash:", text);
  }

  /** @param {HTMLElement} row @param {string} [typed] */
  function edit(row, typed) {
    const id = String(row.dataset.id);
    const again = (/** @type {string} */ text) => row.isConnected && edit(row, text);
    const todo = {
      check: checkText,
      save: (/** @type {string} */ text) =>
        text ? rename(id, deeds.renaming(text), () => again(text)) : remove(id),
      closed: () => list.refresh(id),
    };
    startEdit(row, todo, typed);
  }

  /** @type {Record<string, (form: HTMLFormElement) => void>} */
  const submits = {
    "add-form": add,
    "delete-form": (form) => remove(String(rowOf(form).dataset.id)),
    "clear-form": clearCompleted,
    "toggle-form": () => {}, // the tick itself was the edit
    "toggle-all-form": () => {},
  };

  app.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submit = submits[form.className];
    if (!submit) return;
    event.preventDefault();
    submit(form);
  });
  app.addEventListener("change", ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (input.matches(".toggle")) toggle(String(rowOf(input).dataset.id), input.checked);
    if (input.matches(".toggle-all")) toggleAll(input.checked);
  });
  app.addEventListener("dblclick", ({ target }) => {
    const title = /** @type {Element} */ (target).closest("[data-testid=todo-title]");
    if (title) edit(rowOf(title));
  });
  app.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest(".edit-button, .discard, .copy");
    if (button?.matches(".edit-button")) edit(rowOf(button));
    if (button?.matches(".discard")) discard(String(rowOf(button).dataset.id));
    if (button?.matches(".copy")) copy(rowOf(button));
  });
  app.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.repeat) event.preventDefault(); // one press, one deed
    const target = /** @type {Element} */ (event.target);
    const row = rowOf(target);
    const asked = event.key === "F2" || (event.key === "Enter" && !target.matches("button, a"));
    if (!row || !asked || event.defaultPrevented || target.matches(".edit")) return;
    event.preventDefault();
    edit(row);
  });

  takeMoves(all, move, (row, where) =>
    toast.say(`Already at the ${where}:`, list.textOf(idOf(row))),
  );

  return {
    /** Give a todo again what was written in it. @param {string} id @param {Record<string, string>} values */
    restore(id, values) {
      const deed = deeds.restoring(values.text ?? list.textOf(id));
      attempt([id], values, undo.note(deed, verbs.edit(id, values)));
      list.rowOf(id)?.focus();
    },

    /**
     * Set what a row has no room for.
     * @param {string} id @param {Record<string, string>} values
     * @param {Record<string, string>} seen  the stamps that its maker saw @param {() => void} failed
     */
    detail(id, values, seen, failed) {
      const deed = deeds.detailing(list.textOf(id));
      attempt([id], values, undo.note(deed, verbs.edit(id, values, seen)), failed);
      tellIfGone(id, list.textOf(id));
    },

    /** Take the mark of a conflict away: somebody has looked (M12). @param {string} id */
    look: (id) => attempt([id], { conflict: false }, verbs.edit(id, { conflict: false })),
  };
}

/**
 * Remember what was ticked before there was a script. Returns a function that does it again, once
 * there is: an edit like any other.
 * @param {HTMLElement} app
 */
export function earlyTicks(app) {
  const ticked = [...app.querySelectorAll("input[type=checkbox]")]
    .map((input) => /** @type {HTMLInputElement} */ (input))
    .filter((input) => input.checked !== input.defaultChecked);
  const wanted = new Map(ticked.map((input) => [input, input.checked]));
  return () => {
    for (const [input, checked] of wanted) {
      input.checked = checked;
      if (input.isConnected) input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
}

/** @param {Element | null | undefined} row */
const idOf = (row) => /** @type {HTMLElement | null | undefined} */ (row)?.dataset.id ?? "";

/** Return a test for what was there when a hand did it. @param {string[]} ids */
function oneOf(ids) {
  const all = new Set(ids);
  return (/** @type {{id: string}} */ { id }) => all.has(id);
}

/** @param {HTMLInputElement} input @param {string} wrong */
function showAddError(input, wrong) {
  const error = /** @type {HTMLElement} */ (find(document, "#add-error"));
  setText(error, wrong);
  error.hidden = !wrong;
  input.setAttribute("aria-invalid", String(!!wrong));
  input.setAttribute("aria-describedby", "add-error");
}
