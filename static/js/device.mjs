// @ts-check
/** This browser as a device: its id and secret, made at its first visit and kept in `meta`. */

/** @typedef {import("./browserDB.mjs").Database} Database */
/**
 * @typedef {object} Device
 * @property {string} id
 * @property {string} secret
 * @property {string} [replaces]  the device that this browser was before it lost its store
 * @property {boolean | undefined} [persisted]  whether the browser keeps the store, as far as it says
 */

/**
 * Return the device of this database.
 * @param {Database} db @param {string | undefined} before  the one that this browser was once
 * @returns {Promise<Device>}
 */
export async function ownDevice(db, before) {
  const known = await db.read((store) => store.getMeta("device"));
  // A store that cannot be written to may still be read.
  return known ?? db.write((store) => newDevice(store, before));
}

/**
 * @param {import("./browserDB.mjs").Store} store @param {string | undefined} before
 * @returns {Promise<Device>}
 */
async function newDevice(store, before) {
  const known = await store.getMeta("device"); // another tab may have been quicker
  const device = known ?? { id: crypto.randomUUID(), secret: randomHex(16), replaces: before };
  if (!known) store.putMeta("device", device);
  return device;
}

/**
 * Return the node of this page load's stamps: the device's first 8 digits, by which the history
 * names it, and 8 random ones, so that two tabs, or two copies of one profile, never share a stamp
 * (S3, decision 2).
 * @param {Device} device
 */
export const newNode = (device) => device.id.slice(0, 8) + randomHex(4);

/** @param {number} bytes */
function randomHex(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
