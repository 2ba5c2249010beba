// @ts-check
/** This browser as a device: its id and secret, made at its first visit and kept in `meta`. */

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {{id: string, secret: string}} Device */

/** Return the device of this database. @param {Database} db @returns {Promise<Device>} */
export async function ownDevice(db) {
  const known = await db.read((store) => store.getMeta("device"));
  return known ?? db.write(newDevice); // a store that cannot be written to may still be read
}

/** @param {import("./browserDB.mjs").Store} store @returns {Promise<Device>} */
async function newDevice(store) {
  const known = await store.getMeta("device"); // another tab may have been quicker
  const device = known ?? { id: crypto.randomUUID(), secret: randomHex(16) };
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
