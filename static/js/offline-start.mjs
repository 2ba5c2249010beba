// @ts-check
/**
 * The service worker, as its pages deal with it: let it be installed, and say so where a page runs an
 * older version than the newest one. That takes over when no tab needs the older one any more.
 */

import { hide } from "./todo-row.mjs";

const WORKER = "/service-worker.js";
const LOOK_AGAIN = 60 * 60_000; // ms: a page may stay open for weeks

/**
 * Install the worker of this version, or take it away where the site has none.
 * @param {DOMStringMap} facts  what the server wrote into the page
 */
export async function takeWorker({ version, worker }) {
  const container = navigator.serviceWorker;
  if (!container) return; // not over https, or forbidden
  if (worker === "off") {
    for (const registration of await container.getRegistrations()) registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith("simplesync-")) caches.delete(name);
    return;
  }
  const registration = await container.register(WORKER, { type: "module", updateViaCache: "none" });
  if (!registration) return;

  /** @param {ServiceWorker | null} found */
  async function meet(found) {
    if (!found || found.state === "redundant") return;
    if ((await versionOf(found)) !== version) hide(".new-version", false);
  }

  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") meet(installing);
    });
  });
  meet(registration.waiting);
  setInterval(() => registration.update().catch(() => {}), LOOK_AGAIN); // offline, say
}

/**
 * Ask the browser to let the worker send what is unsent once there is a network, also when no tab is
 * open any more: few browsers do, and nothing relies on it.
 */
export async function sendLater() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await /** @type {any} */ (registration)?.sync?.register("unsent").catch(() => {}); // not allowed
}

/** @param {ServiceWorker} worker @returns {Promise<string>} */
function versionOf(worker) {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage("version?", [port2]);
  return new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
}
