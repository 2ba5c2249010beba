// @ts-check
/**
 * What the server writes into its page is taken into the local store (C3), and noted down until a
 * sync confirms it: should the server be another one by then, an older copy of itself say, what the
 * page replaced here may be nowhere else (R6, R8).
 */

import { seeIn } from "./clock.mjs";
import { stampsOf } from "./merge.mjs";
import { received, unknown } from "./record.mjs";

/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./merge.mjs").Version} Version */
/**
 * @typedef {object} Unconfirmed  what pages said since the last sync
 * @property {string[]} cursors  theirs
 * @property {Version[]} replaced  the copies that were here before
 */

/**
 * Take the todos that the server wrote into the page into the local store: they were seen, so the
 * next edit here is later than all of them. A device that has nothing else stands where the page
 * did: what is deleted from now on comes to it (R2).
 * @param {import("./browserDB.mjs").Database} db @param {import("./session.mjs").Page} page
 * @param {Version[]} versions @param {import("./sync.mjs").Timing} [timing]
 */
export function takeServed(db, page, versions, timing) {
  return db.write(async (store) => {
    const { cursors, replaced } = await unconfirmedIn(store);
    const found = await store.getTodos(versions.map(({ id }) => id));
    const records = new Map(found.map((record) => [record.id, record]));
    for (const version of versions) {
      const before = records.get(version.id) ?? unknown(version.id);
      const after = received(before, version);
      if (after === before) continue;
      store.putTodo(after);
      if (Object.keys(before.server.clocks).length)
        replaced.push({ ...before.server, id: version.id });
    }
    const others = cursors.filter((cursor) => cursor !== page.cursor);
    const newest = [...others, page.cursor].slice(-page.limits.pagesPerRequest);
    store.putMeta("unconfirmed", { cursors: newest, replaced });
    if (!(await store.getMeta("cursor"))) store.putMeta("cursor", page.cursor);
    await seeIn(store, stampsOf(versions), timing);
  });
}

/** @param {Store} store @returns {Promise<Unconfirmed>} */
export const unconfirmedIn = async (store) =>
  (await store.getMeta("unconfirmed")) ?? { cursors: [], replaced: [] };

/**
 * A sync has confirmed what the pages said, or what they replaced is offered now.
 * @param {Store} store
 */
export const confirmedIn = (store) => store.putMeta("unconfirmed", undefined);
