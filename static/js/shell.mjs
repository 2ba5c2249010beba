// @ts-check
/** The page that the service worker keeps: it becomes the page of the person whose browser it is. */

import { asShell } from "./session.mjs";
import { find, hide, setText } from "./todo-row.mjs";

/**
 * Return it as that person's page, null when the browser is nobody's.
 * @param {{remembered: () => Promise<import("./session.mjs").Page | null | undefined>}} browser
 */
export async function shellOf(browser) {
  const earlier = await browser.remembered().catch(() => null);
  if (!earlier) return null;
  const { account, user } = earlier;
  Object.assign(document.documentElement.dataset, { account, user });
  setText(find(document, ".user"), user);
  return asShell(earlier);
}

/**
 * Show that nobody is signed in here, and nothing else.
 * @param {{whyWiped: () => Promise<string | null>}} browser
 */
export async function showNobody(browser) {
  for (const selector of [
    ".account",
    ".add-form",
    ".sync-now",
    ".sync-more .undo-steps",
    ".export",
  ])
    hide(selector, true);
  const line = /** @type {HTMLElement} */ (find(document, "[data-testid=sync-status]"));
  line.dataset.state = "signed-out";
  const why = await browser.whyWiped().catch(() => null);
  const opening = why ? `${why} The` : "You are logged out, and the";
  setText(line, `${opening} server cannot be reached.`);
  hide(".remedy", false);
  document.documentElement.toggleAttribute("data-ready", true);
}
