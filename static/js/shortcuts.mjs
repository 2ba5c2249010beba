// @ts-check
/** The list of shortcuts: by its button, and by "?" outside the fields. */

import { find } from "./todo-row.mjs";

/** Let the list of shortcuts be opened and closed. */
export function takeShortcuts() {
  const dialog = /** @type {HTMLDialogElement} */ (find(document, ".shortcuts"));
  const show = () => dialog.open || dialog.showModal();

  find(document, ".show-shortcuts").addEventListener("click", show);
  find(dialog, "button").addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", (event) => {
    const isInField = /** @type {Element} */ (event.target).matches(".new-todo, .edit, .details *");
    if (event.key === "?" && !isInField && !event.ctrlKey && !event.metaKey) show();
  });
}
