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
 * @property {"all" | "active" | "completed"} show  which todos the page shows
 */

/** Read what the server wrote into the page. @returns {Page} */
export function readPage() {
  const { account, cursor, limits, serverTime, syncInterval, lastPosition, show } =
    document.documentElement.dataset;
  return {
    account: String(account),
    cursor: String(cursor),
    limits: JSON.parse(String(limits)),
    serverTime: Number(serverTime),
    syncInterval: Number(syncInterval),
    lastPosition: String(lastPosition),
    show: /** @type {Page["show"]} */ (show),
  };
}

/** Return the token of the session as it is now: a log-in anywhere changes it. */
export function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}
