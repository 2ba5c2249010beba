// @ts-check
/**
 * Signing out: what is unsent is sent first, or asked about; then the device keeps nothing. The
 * session itself ends with the browser's next request, which may be days away (session.mjs).
 */

import { promiseToSignOut } from "./session.mjs";
import { find, setText } from "./todo-row.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {{forget: (why?: string | null) => Promise<void>}} Browser */

const PATIENCE = 5_000; // ms for the last sync

/**
 * Let the log-out button do it.
 * @param {string} account @param {Database} db
 * @param {Browser} browser
 * @param {() => Promise<unknown>} sync  tries to send what is unsent
 * @param {() => void} stop  lets nothing more be written down of the person
 * @param {() => void} leave  shows nothing any more, and goes
 * @param {(records: import("./record.mjs").TodoRecord[]) => void} save  as a file
 */
export function takeSignOut(account, db, browser, sync, stop, leave, save) {
  const form = /** @type {HTMLFormElement} */ (find(document, ".log-out"));
  const button = find(form, "button");
  const dialog = /** @type {HTMLDialogElement} */ (find(document, ".signing-out"));
  const unsent = () => db.read((store) => store.getUnsynced());

  async function ask() {
    if ((await unsent()).length) {
      setText(button, "Logging out…");
      await Promise.race([sync(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
      setText(button, "Log out");
    }
    const { length } = await unsent();
    if (!length) return signOut();
    setText(find(dialog, ".count"), length === 1 ? "1 todo is" : `${length} todos are`);
    if (!dialog.open) dialog.showModal();
  }

  async function signOut() {
    stop();
    await wipe(account, db, browser);
    leave();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask().catch(signOut); // a store that cannot be read has nothing to be sent
  });
  find(dialog, ".stay").addEventListener("click", () => dialog.close());
  find(dialog, ".save-file").addEventListener("click", async () => save(await unsent()));
  find(dialog, ".discard").addEventListener("click", signOut);
}

/**
 * Leave nothing of a person on this device, in any tab.
 * @param {string} account @param {Database} db @param {Browser} browser
 * @param {string} [why]  a sentence, where it was not the person at this device who asked for it
 */
export async function wipe(account, db, browser, why) {
  promiseToSignOut(account);
  await browser.forget(why).catch((error) => console.warn("Who was here is still noted:", error));
  await db.destroy();
}
