// @ts-check
/** The focus is never lost: when what has it goes, something near gets it. */

/** Tell whether the focus is on something that is seen. */
export function isSeen() {
  const held = document.activeElement;
  return held !== document.body && !!held?.checkVisibility({ visibilityProperty: true });
}

/**
 * When a dialog closes, the browser gives the focus back to what opened it; if that has gone, the
 * heir gets it.
 * @param {HTMLDialogElement} dialog @param {() => HTMLElement} heir
 */
export const keepFocus = (dialog, heir) =>
  dialog.addEventListener("close", () => {
    if (!isSeen()) heir().focus();
  });
