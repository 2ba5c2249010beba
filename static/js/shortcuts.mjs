// @ts-check
/**
 * The list of shortcuts: by its button, and by "?" outside the fields; "/" leads to the search.
 * Whoever speaks to the device can turn keys like these off, which work without Ctrl or the like
 * (decision 32).
 */

import { keepFocus } from "./focus.mjs";
import { find } from "./todo-row.mjs";

const FIELDS = "input:not([type=checkbox]), textarea, select";

/**
 * Let the list of shortcuts be opened and closed, and the search be reached.
 * @param {import("./browserDB.mjs").Database} db  remembers what is turned off
 */
export function takeShortcuts(db) {
  const dialog = /** @type {HTMLDialogElement} */ (find(document, ".shortcuts"));
  const keys = /** @type {HTMLInputElement} */ (find(dialog, "input"));
  const search = /** @type {HTMLInputElement} */ (find(document, ".search"));
  const show = () => dialog.open || dialog.showModal();
  const forgotten = (/** @type {unknown} */ error) =>
    console.warn("Whether single keys work was not kept:", error);

  db.read((store) => store.getMeta("noSingleKeys")).then((off) => (keys.checked = !off), forgotten);
  keys.addEventListener("change", () => {
    db.write(async (store) => store.putMeta("noSingleKeys", !keys.checked)).catch(forgotten);
  });
  find(document, ".show-shortcuts").addEventListener("click", show);
  find(dialog, "button").addEventListener("click", () => dialog.close());
  keepFocus(dialog, () => find(document, ".new-todo"));
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const isInField = /** @type {Element} */ (target).matches(FIELDS);
    if (!keys.checked || isInField || ctrlKey || metaKey) return;
    if (key === "?") show();
    if (key === "/" && !altKey && !document.querySelector("dialog[open]")) {
      search.focus();
      search.select();
      if (document.activeElement === search) event.preventDefault();
    }
  });
}
