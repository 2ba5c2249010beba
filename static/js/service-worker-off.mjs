// @ts-check
/** Takes the service worker away, with what it kept of the app (the setting SERVICE_WORKER). */

const worker = /** @type {any} */ (self);

worker.oninstall = () => worker.skipWaiting();
worker.onactivate = (/** @type {any} */ event) => event.waitUntil(leave());

async function leave() {
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith("simplesync-"));
  await Promise.all(own.map((name) => caches.delete(name)));
  await worker.registration.unregister();
}
