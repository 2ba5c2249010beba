// @ts-check
/**
 * A page for nobody: the log-in, or that an account was deleted. If this browser keeps somebody's
 * todos all the same, the server is asked whether it still may: it may have been signed out from
 * elsewhere while it was away, and this may be the first page that it opens since.
 */

import { openDatabase } from "../browserDB.mjs";
import { ownDevice } from "../device.mjs";
import { wipe } from "../sign-out.mjs";
import { syncTodos } from "../sync.mjs";
import { thisBrowser } from "../this-browser.mjs";

const browser = thisBrowser(() => {});
const line = /** @type {HTMLElement} */ (document.querySelector(".wiped"));

async function ask() {
  const page = await browser.remembered();
  if (!page) return;
  const db = await openDatabase(page.account);
  const outcome = await syncTodos(db, page, await ownDevice(db, undefined));
  if (outcome.wipe) await wipe(page.account, db, browser, outcome.wipe);
  else await db.close();
}

/** Say why this browser keeps nothing, if it was not the person here who asked for that. */
async function tell() {
  const why = await browser.whyWiped().catch(() => null);
  line.textContent = why;
  line.hidden = !why;
}

await ask().catch((error) => console.warn("Whether to keep what is here was not asked:", error));
await tell();
document.documentElement.toggleAttribute("data-ready", true);
