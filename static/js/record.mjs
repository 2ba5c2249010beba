// @ts-check
/**
 * What a client keeps of one todo, and how each event changes it (rules C1 to C6). Pure.
 *
 * A record holds the server's copy and, apart from it, the device's own edits that the server has
 * not acknowledged. What the screen shows, their join, stands at its top level, where the article's
 * reader looks for it.
 */

import { NEEDED, only, UNSET } from "./fields.mjs";
import { msOf, nodeOf, tick, ZERO } from "./hlc.mjs";
import { merge, updatedAt } from "./merge.mjs";

/** @typedef {import("./merge.mjs").Version} Version */
/**
 * @typedef {object} Unsent  an edit that the server has not acknowledged
 * @property {any} value
 * @property {string} stamp
 * @property {number} wall  the device's own time when it was made, ms (S5)
 * @property {string} seen  the stamp of the server's copy then (S5)
 * @property {{error: string, message: string}} [refused]  why the server will not have it: parked
 */
/** @typedef {import("./fields.mjs").Values & Kept} TodoRecord */
/**
 * @typedef {object} Kept  what is kept beside the values that are shown
 * @property {string} id
 * @property {Record<string, string>} clocks
 * @property {number} updatedAt  the time of the latest edit, ms
 * @property {boolean} synced  whether the server has all of it
 * @property {1} [unsynced]  there while it has not: what an index can find
 * @property {Version} server  the server's copy
 * @property {Record<string, Unsent>} unsent  by field
 * @property {Version[]} [offered]  former and present copies of the server's, to be sent again (R6)
 */

const DEFAULTS = only(UNSET, NEEDED);

/** Return the record of a todo of which nothing is known yet. @param {string} id */
export const unknown = (id) => composed({ id, server: { clocks: {} }, unsent: {} });

/**
 * Make an edit: some fields, one stamp. A deletion is the last word on what is parked: the server
 * will not have it, and there is no row any more on which to decide about it (decision 8). Of a
 * todo that the server has never stored any other edit sends everything parked again: it can only
 * be stored whole (C6).
 * @param {TodoRecord} record @param {Record<string, any>} values
 * @param {{stamp: string, wall: number}} when
 * @param {Record<string, string>} [seen]  the stamps of the server's copy that its maker saw, if it
 *   has others by now (M12)
 */
export function edited(record, values, { stamp, wall }, seen = record.server.clocks) {
  const isUnknown = !Object.keys(record.server.clocks).length;
  const kept = Object.entries(record.unsent).filter(
    ([, edit]) => !(values.deleted && edit.refused),
  );
  const unsent = Object.fromEntries(isUnknown ? kept.map(released) : kept);
  for (const [field, value] of Object.entries(values))
    unsent[field] = { value, stamp, wall, seen: seen[field] ?? ZERO };
  return composed({ ...record, unsent });
}

/** @param {[string, Unsent]} edit @returns {[string, Unsent]} */
const released = ([field, { refused, ...edit }]) => [field, edit];

/**
 * Take in what the server sent. Returns the very record when it tells nothing new.
 * @param {TodoRecord} record @param {Version} version
 */
export function received(record, version) {
  const news = Object.entries(version.clocks).some(
    ([field, stamp]) =>
      record.server.clocks[field] !== stamp || record.server[field] !== version[field],
  );
  return news ? composed({ ...record, server: merge(record.server, version) }) : record;
}

/**
 * The server has what was sent, and does not send it back. An unsent edit goes only by exactly its
 * stamp, so that one made while the request was under way stays (C1, C5). Returns the very record
 * when nothing changes.
 * @param {TodoRecord} record @param {Version} version
 */
export function acknowledged(record, version) {
  const after = received(record, version);
  const edits = Object.entries(after.unsent);
  const left = edits.filter(([field, { stamp }]) => version.clocks[field] !== stamp);
  return left.length < edits.length
    ? composed({ ...after, unsent: Object.fromEntries(left) })
    : after;
}

/**
 * The server may have forgotten what it said: let its copy be sent again, and with it the copies
 * that it replaced here (R6).
 * @param {TodoRecord} record @param {Version[]} [former]
 */
export function offered(record, former = []) {
  const copies = [...(record.offered ?? [])];
  for (const copy of [...former, record.server])
    if (!copies.some((known) => sameStamps(copy, known.clocks))) copies.push(copy);
  return composed({ ...record, offered: copies });
}

/**
 * The server has these fields under these stamps: what was offered of them is done. Returns the
 * very record when nothing is.
 * @param {TodoRecord} record @param {Record<string, string>} clocks
 */
export function unoffered(record, clocks) {
  const left = (record.offered ?? []).filter((copy) => !sameStamps(copy, clocks));
  return left.length < (record.offered?.length ?? 0)
    ? composed({ ...record, offered: left })
    : record;
}

/** @param {Version} copy @param {Record<string, string>} clocks */
const sameStamps = (copy, clocks) =>
  Object.entries(copy.clocks).every(([field, stamp]) => clocks[field] === stamp);

/**
 * The server will not have these fields: keep them, beside the reason, and do not send them again
 * until they are edited (C6). A copy of the server's that it will not have back becomes such an
 * edit. Returns the very record when there are none.
 * @param {TodoRecord} record @param {Record<string, string>} clocks  what was sent
 * @param {string[]} fields  the refused ones @param {{error: string, message: string}} reason
 */
export function parked(record, clocks, fields, reason) {
  if (!fields.length) return record;
  const parts = partsOf(record);
  for (const [field, stamp] of Object.entries(clocks)) {
    if (!fields.includes(field)) continue;
    const back = takenBack(parts, field, stamp);
    const edit = parts.unsent[field] ?? back;
    if (edit?.stamp === stamp) parts.unsent[field] = { ...edit, refused: reason };
  }
  return composed({ ...record, ...parts });
}

/**
 * The clock that stamped these fields was wrong: stamp them anew, with the time when they were
 * edited (S5). A copy of the server's that it will not have back becomes an edit of this device.
 * @param {TodoRecord} record @param {Record<string, string>} clocks  what was sent
 * @param {string[]} fields  the refused ones
 * @param {{node: string, correction: number, latest: number}} by  ms
 */
export function restamped(record, clocks, fields, { node, correction, latest }) {
  const parts = partsOf(record);
  const { server, unsent } = parts;
  for (const [field, stamp] of Object.entries(clocks)) {
    if (!fields.includes(field)) continue;
    const back = takenBack(parts, field, stamp);
    if (back) back.wall -= correction; // its stamp is right already
    const edit = unsent[field] ? { ...unsent[field], ...(back ? { seen: ZERO } : {}) } : back;
    if (edit?.stamp === stamp) {
      const there = server.clocks[field] ?? ZERO;
      // An earlier edit of this device may be there unacknowledged: this one was made after it.
      const isOwn = nodeOf(there).slice(0, 8) === node.slice(0, 8);
      const bound = isOwn && there > edit.seen ? there : edit.seen;
      edit.stamp = tick(bound, Math.min(edit.wall + correction, latest), node);
    }
    if (edit) unsent[field] = edit;
  }
  return composed({ ...record, ...parts });
}

/** Return what a record is made of, to be changed. @param {TodoRecord} record */
function partsOf({ server, unsent, offered = [] }) {
  /** @param {Version} version @returns {Version} */
  const copy = (version) => ({ ...version, clocks: { ...version.clocks } });
  return { server: copy(server), unsent: { ...unsent }, offered: offered.map(copy) };
}

/**
 * Take a field out of the server's copies, where it is there under this stamp; return it as an
 * edit, if it was in the present one.
 * @param {ReturnType<typeof partsOf>} parts  are changed @param {string} field @param {string} stamp
 * @returns {Unsent | undefined}
 */
function takenBack({ server, offered }, field, stamp) {
  const isThere = server.clocks[field] === stamp;
  const edit = { value: server[field], stamp, wall: msOf(stamp), seen: ZERO };
  for (const copy of [server, ...offered]) {
    if (copy.clocks[field] !== stamp) continue;
    delete copy[field];
    delete copy.clocks[field];
  }
  return isThere ? edit : undefined;
}

/** Give up what the server will not have: its own copy is there beneath (C6). @param {TodoRecord} record */
export function discarded(record) {
  const free = Object.entries(record.unsent).filter(([, edit]) => !edit.refused);
  return composed({ ...record, unsent: Object.fromEntries(free) });
}

/** Tell whether the server has emptied a tombstone (M3). @param {TodoRecord | Version} of */
export const isEmptied = ({ deleted, text, position }) => deleted && !text && !position;

/** Return the parked values. @param {TodoRecord} record @returns {Record<string, any>} */
export function refusedValues({ unsent }) {
  const parkedEdits = Object.entries(unsent).filter(([, edit]) => edit.refused);
  return Object.fromEntries(parkedEdits.map(([field, { value }]) => [field, value]));
}

/** Return why a record is parked, or undefined. @param {TodoRecord} record */
export const refusal = (record) =>
  Object.values(record.unsent).find((edit) => edit.refused)?.refused;

/**
 * Put a record together from what it is made of: everything else follows from that.
 * @param {{id: string, server: Version, unsent: Record<string, Unsent>, offered?: Version[]}} parts
 * @returns {TodoRecord}
 */
function composed({ id, server, unsent, offered = [] }) {
  const copies = offered.filter(({ clocks }) => Object.keys(clocks).length);
  let shown = server;
  for (const [field, { value, stamp }] of Object.entries(unsent))
    shown = merge(shown, { [field]: value, clocks: { [field]: stamp } });
  const synced = !copies.length && !Object.keys(unsent).length;
  const marks = {
    ...(synced ? {} : { unsynced: 1 }),
    ...(copies.length ? { offered: copies } : {}),
  };
  const times = { updatedAt: updatedAt(shown), synced };
  return /** @type {any} */ ({ ...DEFAULTS, ...shown, id, ...times, server, unsent, ...marks });
}
