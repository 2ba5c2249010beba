// @ts-check
/** Who is signed in, as the page and its cookies say. */

/**
 * @typedef {object} Page
 * @property {string} account  the account that this page belongs to
 * @property {string} cursor  the cursor of a client that has nothing but this page (R2)
 * @property {Record<string, number>} limits  the server's, see todos/protocol.py
 * @property {number} serverTime  when the page was made: Unix time in ms
 * @property {number} syncInterval  seconds
 * @property {string} lastPosition  the greatest of the whole list, "" if that is empty
 * @property {number} live  how many todos the server has that are not deleted
 * @property {"all" | "active" | "completed"} show  which todos the page shows
 */

/** Read what the server wrote into the page. @returns {Page} */
export function readPage() {
  const { account, cursor, limits, serverTime, syncInterval, lastPosition, live, show } =
    document.documentElement.dataset;
  return {
    account: String(account),
    cursor: String(cursor),
    limits: JSON.parse(String(limits)),
    serverTime: Number(serverTime),
    syncInterval: Number(syncInterval),
    lastPosition: String(lastPosition),
    live: Number(live),
    show: /** @type {Page["show"]} */ (show),
  };
}

/** Return the token of the session as it is now: a log-in anywhere changes it. */
export const csrfToken = () => cookie("csrftoken");

/**
 * Return the device as which this browser last synced for an account, undefined if none: the
 * server's own cookie, which outlasts a local store that the browser has thrown away.
 * @param {string} account
 */
export function lastDevice(account) {
  const [whose, device] = cookie("device").split(".");
  return whose === account ? device : undefined;
}

/** @param {string} name */
function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}
