// @ts-check
/**
 * Whether this device knows better than the server: told to the server by a cookie, so that its
 * next page holds its list back until this device's is laid over it (simplesync.css).
 */

const LONGEST = 400 * 24 * 60 * 60; // s, as long as browsers keep a cookie

/** @param {string} account @param {boolean} ahead */
export function tellAhead(account, ahead) {
  const cookie = `local-ahead=${account}`;
  if (document.cookie.split("; ").includes(cookie) === ahead) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}; path=/; samesite=lax; max-age=${ahead ? LONGEST : 0}${secure}`;
}
