// @ts-check
/**
 * What this device knows of a todo's past: the histories that were opened last, as the server told
 * them, and beside that what stands here and what is unsent. Kept in the local store, never in a
 * cache.
 */

import { isEmptied } from "./record.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./sentences.mjs").Value} Value */
/**
 * @typedef {object} Told  what the server told of a todo
 * @property {string} id
 * @property {Value[]} values
 * @property {Record<string, string>} names  who made them, by the nodes of their stamps
 * @property {boolean} whole  whether these are all that there ever were
 * @property {string | null} older  the stamp before which the server has more
 * @property {number} begins  what was replaced before is no longer kept: Unix time in ms, 0: all is
 * @property {number} at  when it was told: this device's time, ms
 */
/**
 * @typedef {object} Past
 * @property {TodoRecord | undefined} record
 * @property {Value[]} values
 * @property {Set<string>} unsent  the stamps that the server has not acknowledged, or may have
 *   forgotten
 * @property {Told | undefined} told
 * @property {boolean} whole
 */

const MOST_KEPT = 20;

/**
 * Return what is known of a todo's past.
 * @param {Database} db @param {string} id @returns {Promise<Past>}
 */
export const pastOf = (db, id) =>
  db.read(async (store) => {
    const record = await store.getTodo(id);
    const told = (await toldIn(store)).find((each) => each.id === id);
    const edits = Object.entries(record?.unsent ?? {}).map(([field, { value, stamp }]) => {
      return { field, value, stamp };
    });
    const unsent = [...edits, ...(record?.offered ?? []).flatMap(valuesOf)]; // R6
    const standing = valuesOf(record?.server);
    return {
      record,
      values: once([...(told?.values ?? []), ...standing, ...unsent]),
      unsent: new Set(unsent.map(({ stamp }) => stamp)),
      told,
      whole: told?.whole ?? !standing.length, // nobody else knows of it yet
    };
  });

/**
 * Keep what the server told of a todo's past, and let go of what was opened long ago.
 * @param {Database} db @param {Told} told
 */
export const keepTold = (db, told) =>
  db.write(async (store) => {
    const record = await store.getTodo(told.id);
    if (record && isEmptied(record.server)) return; // since it was asked for
    const others = (await toldIn(store)).filter(({ id }) => id !== told.id);
    store.putMeta("histories", [told, ...others].slice(0, MOST_KEPT));
  });

/**
 * The past of what is emptied goes with it (M3), in the caller's transaction.
 * @param {Store} store @param {Iterable<TodoRecord>} records  as they are now
 */
export async function forgetEmptied(store, records) {
  const emptied = [...records].filter(({ server }) => isEmptied(server)).map(({ id }) => id);
  if (!emptied.length) return;
  const known = await toldIn(store);
  const left = known.filter(({ id }) => !emptied.includes(id));
  if (left.length < known.length) store.putMeta("histories", left);
}

/** Return the histories that were opened last. @param {Store} store @returns {Promise<Told[]>} */
export const toldIn = async (store) => (await store.getMeta("histories")) ?? [];

/** Return the values of a copy. @param {import("./merge.mjs").Version} [copy] @returns {Value[]} */
const valuesOf = (copy) =>
  Object.entries(copy?.clocks ?? {}).map(([field, stamp]) => {
    return { field, value: copy?.[field], stamp };
  });

/** Return each value once. @param {Value[]} values */
function once(values) {
  const byPlace = new Map();
  for (const value of values) {
    const place = `${value.field} ${value.stamp}`;
    if (!byPlace.has(place)) byPlace.set(place, value);
  }
  return [...byPlace.values()];
}
