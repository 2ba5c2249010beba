// @ts-check
/** Changing a todo's text in its row: Enter and leaving the field save, Escape does not. */

import { afterClick } from "./hand.mjs";
import { partOf } from "./todo-row.mjs";

/**
 * Put a field in the place of a row's title.
 * @param {HTMLElement} row
 * @param {object} todo
 * @param {(text: string) => string} todo.check  what is wrong with a text, "" if nothing
 * @param {(text: string) => void} todo.save  keep a text that differs; an empty one too
 * @param {() => void} todo.closed  the field is gone
 * @param {string} [typed]  what is in the field, if it is not the title
 */
export function startEdit(row, { check, save, closed }, typed) {
  if (row.classList.contains("editing")) return;
  const title = /** @type {HTMLElement} */ (row.querySelector("[data-testid=todo-title]"));
  const note = partOf(row, ".note");
  const shown = String(title.textContent);
  const field = newField(typed ?? shown);
  row.classList.add("editing");
  note.id = `note-${row.dataset.id}`;
  note.role = "alert"; // only now: what a sync brings to the rows is told once for all of them
  field.setAttribute("aria-describedby", note.id);
  title.after(field);
  field.focus();

  /** @param {boolean} byKey  whether the focus has to go somewhere */
  function close(byKey) {
    field.removeEventListener("blur", onBlur);
    field.remove();
    note.role = null;
    row.classList.remove("editing");
    if (byKey) /** @type {HTMLElement} */ (row.querySelector(".edit-button")).focus();
    closed();
  }

  /** @param {boolean} byKey */
  function finish(byKey) {
    const text = field.value.trim();
    const wrong = check(text);
    field.setAttribute("aria-invalid", String(!!wrong));
    if (wrong) {
      note.textContent = wrong;
      return;
    }
    field.removeEventListener("blur", onBlur);
    if (text && text !== shown) save(text); // at once: the click may leave the page
    const end = () => {
      close(byKey);
      if (!text) save(text);
    };
    if (byKey) end();
    else afterClick(end); // or the row below would move away from under it
  }

  const onBlur = () => finish(false);
  field.addEventListener("blur", onBlur);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // Safari ends a composition like this
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault(); // the key is not also for what has the focus next
    if (event.repeat) return;
    if (event.key === "Enter") finish(true);
    else close(true);
  });
}

/** @param {string} value */
function newField(value) {
  const field = document.createElement("input");
  Object.assign(field, { className: "edit", value, dir: "auto", autocomplete: "off" });
  field.setAttribute("aria-label", "Edit");
  return field;
}
