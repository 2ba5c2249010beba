// @ts-check
/**
 * What a row has no room for, in a dialog of its own. It is filled when it opens, and nothing that
 * comes from elsewhere changes it; what is saved is what was changed in it.
 */

import { DETAILS, only, UNSET, wrongIn } from "./fields.mjs";
import { keepFocus } from "./focus.mjs";
import { dueControl } from "./todo-due.mjs";
import { find, rowOf, setText } from "./todo-row.mjs";

/** @typedef {Record<string, string>} Values  by field */
/**
 * @typedef {object} Control
 * @property {(value: string) => void} show
 * @property {() => string} read
 * @property {HTMLElement[]} inputs
 */

/**
 * From now on the details of a todo can be changed.
 * @param {HTMLElement} app @param {ReturnType<typeof import("./todo-list.mjs").todoList>} list
 * @param {Record<string, number>} limits
 * @param {(id: string, values: Values, seen: Values, failed: () => void) => void} save  with the
 *   stamps that were seen (M12)
 */
export function takeDetails(app, list, limits, save) {
  const dialog = /** @type {HTMLDialogElement} */ (find(document, ".details"));
  const form = /** @type {HTMLFormElement} */ (find(dialog, "form"));
  const error = find(dialog, ".error");
  const controls = DETAILS.map((name) => ({ name, ...controlOf(form, name) }));
  let [id, seen, shown] = ["", /** @type {Values} */ ({}), /** @type {Values} */ ({})];

  const read = () => Object.fromEntries(controls.map(({ name, read }) => [name, read()]));

  /** @param {string} of @param {Values} [typed]  stands in the controls, if something else does */
  function open(of, typed) {
    const todo = list.live(of);
    if (!todo) return;
    id = of;
    seen = todo.server.clocks;
    setText(find(dialog, ".now"), todo.text);
    tell();
    for (const { name, show } of controls) show(String({ ...UNSET, ...todo }[name]));
    shown = read();
    if (typed) for (const { name, show } of controls) show(typed[name] ?? "");
    dialog.showModal();
  }

  /** Return the first thing that is wrong with what was changed. @param {Values} typed */
  const wrongWith = (typed) =>
    changesOf(typed)
      .map((name) => ({ name, says: wrongIn(name, String(typed[name]), limits) }))
      .find(({ says }) => says);

  /** @param {Values} typed */
  const changesOf = (typed) => DETAILS.filter((name) => typed[name] !== shown[name]);

  /** Say what is wrong, at its field, or no longer. @param {{name: string, says: string}} [wrong] */
  function tell(wrong) {
    setText(error, wrong?.says ?? "");
    error.toggleAttribute("hidden", !wrong);
    for (const { name, inputs } of controls)
      for (const input of inputs) mark(input, name === wrong?.name && error.id);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = read();
    const changed = changesOf(typed);
    const wrong = wrongWith(typed);
    tell(wrong);
    if (wrong) return;
    dialog.close();
    const of = id;
    if (changed.length) save(of, only(typed, changed), seen, () => open(of, typed));
  });
  form.addEventListener("input", () => error.textContent && tell(wrongWith(read())));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault(); // the key is not also for what has the focus next: the row's button
    if (!event.repeat) form.requestSubmit();
  });
  find(form, ".cancel").addEventListener("click", () => dialog.close());
  keepFocus(dialog, () => list.rowOf(id) ?? find(document, ".new-todo"));
  app.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest(".details-button, [data-detail]");
    if (button) open(String(rowOf(button).dataset.id));
  });
}

/**
 * Mark an input as wrong, or as right again.
 * @param {HTMLElement} input @param {string | false | undefined} error  the id of what describes it
 */
function mark(input, error) {
  if (error) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", error);
  } else {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

/** Return how a field is shown and read. @param {HTMLFormElement} form @param {string} name @returns {Control} */
function controlOf(form, name) {
  if (name === "due") return dueControl(form);
  const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem(name));
  const show = (/** @type {string} */ value) => void (field.value = value);
  return { show, read: () => field.value.trim(), inputs: [field] };
}
