// @ts-check
/**
 * Whether this device knows better than the server: told to the server by a cookie, so that its
 * next page holds its list back until this device's is laid over it (simplesync.css).
 */

import { hasCookie, setCookie } from "./session.mjs";

/** @param {string} account @param {boolean} ahead */
export function tellAhead(account, ahead) {
  if (hasCookie("local-ahead", account) !== ahead) setCookie("local-ahead", ahead ? account : "");
}
