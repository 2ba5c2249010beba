// @ts-check
/**
 * What this browser knows apart from any account's todos: whose it is at present, and what that
 * person's pages said, by which the shell works without a server. A tab that shows somebody else's
 * todos closes.
 */

import { openThisBrowser } from "./browserDB.mjs";
import { otherTabs } from "./tabs.mjs";

/** @typedef {import("./session.mjs").Page} Page */

/** @param {() => void} leave  shows nothing any more, and goes */
export function thisBrowser(leave) {
  const opened = openThisBrowser();
  opened.catch(() => {}); // told by whoever asks
  /** @type {Page | null} */
  let own = null;
  let close = () => {};

  /** Return what the page of the person said whose this browser is. @returns {Promise<Page | null>} */
  const remembered = async () => (await opened).read(async (store) => store.getMeta("page")) ?? null;

  /** @param {Page | null} page */
  const remember = async (page) =>
    (await opened).write(async (store) => store.putMeta("page", page));

  /** @param {string | null | undefined} account  whose this browser is now */
  function meet(account) {
    if (!own || own.account === account) return;
    own = null;
    close();
    leave();
  }

  const tabs = otherTabs("simplesync", meet);

  // A page that is kept for "Back" hears nothing meanwhile: it is not seen before it has looked.
  const html = document.documentElement;
  addEventListener("pagehide", ({ persisted }) => html.toggleAttribute("data-away", persisted));
  addEventListener("pageshow", async ({ persisted }) => {
    if (persisted) meet((await remembered())?.account);
    html.toggleAttribute("data-away", false);
  });
  document.addEventListener("resume", async () => meet((await remembered())?.account));

  return {
    remembered,

    /**
     * This page is a person's, and so is this browser.
     * @param {Page} page @param {() => void} onOther  it is no longer
     */
    async belongsTo(page, onOther) {
      own = page;
      close = onOther;
      if (page.isShell) return meet((await remembered())?.account);
      tabs.tell(page.account);
      await remember(page).catch((error) => console.warn("This page was not remembered:", error));
    },

    /** This browser is nobody's any more. */
    async forget() {
      own = null;
      tabs.tell(null);
      await remember(null);
    },
  };
}
