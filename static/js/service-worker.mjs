// @ts-check
/**
 * The service worker: starts the app without a network. It keeps an anonymous shell and the files of
 * one version; what is personal is in the local store, and nowhere here.
 *
 * simplesync/pwa.py writes `BUILD` above. Import maps do not reach workers: what is imported comes
 * from addresses without a hash, and is fetched and kept together with this script.
 */

import { openDatabase, openThisBrowser } from "./browserDB.mjs";
import { ownDevice } from "./device.mjs";
import { syncTodos } from "./sync.mjs";
import { rememberIn } from "./this-browser.mjs";

/**
 * @typedef {object} Build
 * @property {string} version
 * @property {string} shell  the address of the page that is filled by the scripts
 * @property {string[]} pages  the paths that it stands in for
 * @property {string[]} assets  the addresses of the files that it needs
 * @property {boolean} fresh  whether files are worked on: then the network's come first
 */

const worker = /** @type {any} */ (self);
const build = /** @type {Build} */ (worker.BUILD);
const CACHE = `simplesync-${build.version}`;
const PATIENCE = 700; // ms that a page of the server's may take, where there is another

worker.oninstall = (/** @type {any} */ event) => event.waitUntil(fill());
worker.onactivate = (/** @type {any} */ event) => event.waitUntil(forgetOthers());

worker.onfetch = (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (build.pages.includes(pathname)) event.respondWith(page(request));
  } else if (build.assets.includes(pathname)) event.respondWith(asset(request));
};

worker.onsync = (/** @type {any} */ event) => {
  if (event.tag === "unsent") event.waitUntil(sendUnsent());
};

worker.onmessage = (/** @type {any} */ event) => {
  if (event.data === "version?") event.ports[0].postMessage(build.version);
};

/** Keep this version's files, all or none, and nothing that belongs to somebody. */
async function fill() {
  const cache = await caches.open(CACHE);
  const keep = async (/** @type {string} */ address, /** @type {RequestCache} */ how) =>
    cache.put(address, await anonymous(address, how));
  // Where an address has the file's hash in it, what the page has just loaded need not be asked for.
  const assets = build.assets.map((address) => keep(address, build.fresh ? "no-cache" : "default"));
  await Promise.all([keep(build.shell, "no-cache"), ...assets]);
  const text = await (await shell()).text();
  // A deployment may have come in between: then the browser tries again, with the newer worker.
  if (!text.includes(`data-version="${build.version}"`)) throw new Error("The shell is another's.");
}

/** @param {string} address @param {RequestCache} cache */
async function anonymous(address, cache) {
  const response = await fetch(address, { credentials: "omit", cache, redirect: "error" });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return response;
}

/** No tab runs an older version any more, or this one would still be waiting. */
async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith("simplesync-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/**
 * Answer with the server's page, or with the shell when there is none in time. Where this browser
 * belongs to somebody, being sent to the log-in is no reason to hide what is on this device.
 * @param {Request} request
 */
async function page(request) {
  const fromServer = fetch(request).then((response) => (response.status < 500 ? response : null));
  const answer = fromServer.catch(() => null);
  if (!(await remembered())) return (await answer) ?? shell();
  const inTime = await Promise.race([answer, after(PATIENCE)]);
  return inTime && inTime.type !== "opaqueredirect" ? inTime : shell();
}

const shell = async () =>
  (await caches.match(build.shell, { cacheName: CACHE })) ?? Response.error();

/**
 * Return what the page of the person said whose this browser is (this-browser.mjs), if anybody's.
 * @returns {Promise<import("./session.mjs").Page | null>}
 */
async function remembered() {
  const browser = await openThisBrowser().catch(() => null);
  const page = await browser?.read((store) => store.getMeta("page")).catch(() => null);
  browser?.close();
  return page ?? null;
}

/** Send what no tab is there to send. Rejects when it should be tried again. */
async function sendUnsent() {
  const page = await remembered();
  const windows = await worker.clients.matchAll({ type: "window" });
  if (!page || windows.length) return; // a tab sends by itself
  const db = await openDatabase(page.account);
  try {
    const { outcome, wipe } = await syncTodos(db, page, await ownDevice(db, undefined));
    if (wipe) await forget(db, wipe);
    if (outcome === "offline" || outcome === "busy") throw new Error(outcome);
  } finally {
    db.close();
  }
}

/**
 * The server says that this device is to keep nothing.
 * @param {import("./browserDB.mjs").Database} db @param {string} why
 */
async function forget(db, why) {
  const browser = await openThisBrowser();
  await browser.write(async (store) => rememberIn(store, null, why));
  browser.close();
  await db.destroy();
}

/** @param {Request} request */
async function asset(request) {
  const kept = await caches.match(request, { cacheName: CACHE });
  if (build.fresh) return fetch(request).catch(() => kept ?? Response.error());
  return kept ?? fetch(request);
}

/** @param {number} pause  ms @returns {Promise<null>} */
const after = (pause) => new Promise((resolve) => setTimeout(() => resolve(null), pause));
