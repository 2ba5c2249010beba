// @ts-check
/**
 * What this browser knows apart from any account's todos: whose it is at present, and what that
 * person's pages said, by which the shell works without a server. A tab that shows somebody else's
 * todos closes.
 */

import { openThisBrowser } from "./browserDB.mjs";
import { otherTabs } from "./tabs.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./session.mjs").Page} Page */

/** @param {() => void} leave  shows nothing any more, and goes */
export function thisBrowser(leave) {
  const opened = openThisBrowser();
  opened.catch(() => {}); // told by whoever asks
  /** @type {Page | null} */
  let own = null;
  /** @type {Database | null} */
  let store = null;

  /**
   * Return what the page of the person said whose this browser is; null once that has signed out.
   * @returns {Promise<Page | null | undefined>}  undefined: nobody knows
   */
  const remembered = async () =>
    (await opened).read(async (store) => store.getMeta("page")).catch(() => undefined);

  /** @param {Page | null} page @param {string | null} [why]  it is nobody's, if there is a reason */
  const remember = async (page, why = null) =>
    (await opened).write(async (store) => rememberIn(store, page, why));

  /** @param {string | null} account  whose this browser is now */
  function meet(account) {
    if (!own || own.account === account) return;
    own = null;
    if (account) store?.close();
    else store?.destroy(); // again: a page that was asleep may have written since
    leave();
  }

  const tabs = otherTabs("simplesync", meet);

  /** Look, after a time in which a message may have been missed. */
  async function look() {
    const page = await remembered().catch(() => undefined);
    if (page !== undefined) meet(page?.account ?? null);
  }

  // A page that is kept for "Back" hears nothing meanwhile: it is not seen before it has looked.
  const html = document.documentElement;
  addEventListener("pagehide", ({ persisted }) => html.toggleAttribute("data-away", persisted));
  addEventListener("pageshow", async ({ persisted }) => {
    if (persisted) await look();
    html.toggleAttribute("data-away", false);
  });
  document.addEventListener("resume", look);

  return {
    remembered,

    /**
     * This page is a person's, and so is this browser.
     * @param {Page} page @param {Database} db  the person's
     */
    async belongsTo(page, db) {
      own = page;
      store = db;
      if (page.isShell) return look();
      tabs.tell(page.account);
      await remember(page).catch((error) => console.warn("This page was not remembered:", error));
    },

    /** This browser is nobody's any more. @param {string | null} [why]  unless its person said so */
    async forget(why) {
      own = null;
      await remember(null, why).finally(() => tabs.tell(null));
    },

    /**
     * Return why the server had this browser wipe what it kept, if it did and nobody has logged in
     * since.
     * @returns {Promise<string | null>}
     */
    whyWiped: async () =>
      (await opened).read(async (store) => (await store.getMeta("whyWiped")) ?? null),
  };
}

/**
 * Note whose this browser is.
 * @param {import("./browserDB.mjs").Store} store @param {Page | null} page
 * @param {string | null} why  it keeps nothing, if the server has told it to
 */
export function rememberIn(store, page, why) {
  store.putMeta("page", page);
  store.putMeta("whyWiped", why);
}
