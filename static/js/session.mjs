// @ts-check
/** Who is signed in, as the page and its cookies say. */

/**
 * @typedef {object} Page
 * @property {string} account  the account that this page belongs to
 * @property {string} cursor  the cursor of a client that has nothing but this page (R2)
 * @property {import("./protocol.mjs").Limits} limits  the server's, see todos/protocol.py
 * @property {number} serverTime  when the page was made: Unix time in ms
 * @property {number} syncInterval  seconds
 * @property {string} lastPosition  the greatest of the whole list, "" if that is empty
 * @property {number} live  how many todos the server has that are not deleted
 * @property {"all" | "active" | "completed"} show  which todos the page shows
 * @property {string} user  the person's name
 * @property {boolean} isShell  whether it is the one that the service worker keeps: with nothing of
 *   the server's on it, and filled by what an earlier page said
 */

const SHOWS = /** @type {Record<string, Page["show"]>} */ ({
  "/active": "active",
  "/completed": "completed",
});
const LONGEST = 400 * 24 * 60 * 60; // s, as long as browsers keep a cookie

/** Tell whether this page is the shell, which belongs to nobody. */
export const isShell = () => "shell" in document.documentElement.dataset;

/** Read what the server wrote into the page. @returns {Page} */
export function readPage() {
  const { account, user, cursor, limits, serverTime, syncInterval, lastPosition, live, show } =
    document.documentElement.dataset;
  return {
    account: String(account),
    user: String(user),
    isShell: false,
    cursor: String(cursor),
    limits: JSON.parse(String(limits)),
    serverTime: Number(serverTime),
    syncInterval: Number(syncInterval),
    lastPosition: String(lastPosition),
    live: Number(live),
    show: /** @type {Page["show"]} */ (show),
  };
}

/**
 * Return the shell as the page of a person, by what an earlier one said.
 * @param {Page} earlier @returns {Page}
 */
export function asShell(earlier) {
  const show = SHOWS[location.pathname] ?? "all";
  return { ...earlier, isShell: true, cursor: "", lastPosition: "", live: 0, show };
}

/**
 * Return the token of the session as it is now: a log-in anywhere changes it.
 * @returns {string | Promise<string>}  a promise in a worker, which has another way to it, if any
 */
export function csrfToken() {
  if ("document" in globalThis) return cookie("csrftoken");
  const found = /** @type {any} */ (globalThis).cookieStore?.get("csrftoken");
  return Promise.resolve(found).then((token) => token?.value ?? "");
}

/**
 * Return the device as which this browser last synced for an account, undefined if none: the
 * server's own cookie, which outlasts a local store that the browser has thrown away.
 * @param {string} account
 */
export function lastDevice(account) {
  const [whose, device] = cookie("device").split(".");
  return whose === account ? device : undefined;
}

/**
 * Leave nothing of a person in the cookies that scripts can reach, but for the promise to sign out:
 * the server ends the session as soon as it is asked for anything (accounts/signing_out.py).
 * @param {string} account
 */
export function promiseToSignOut(account) {
  for (const name of ["device", "local-ahead", "time-zone"]) setCookie(name, "");
  setCookie("signing-out", account);
}

/** Let the server's pages show times in this browser's time zone (simplesync/time_zone.py). */
export function tellTimeZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone && !hasCookie("time-zone", timeZone)) setCookie("time-zone", timeZone);
}

/** Tell whether there is a cookie of this value. @param {string} name @param {string} value */
export const hasCookie = (name, value) => document.cookie.split("; ").includes(`${name}=${value}`);

/** Set a cookie, or take it away. @param {string} name @param {string} value  "": none */
export function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const age = value ? LONGEST : 0;
  document.cookie = `${name}=${value}; path=/; samesite=lax; max-age=${age}${secure}`;
}

/** @param {string} name */
function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}
