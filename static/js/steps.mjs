// @ts-check
/**
 * The way back from an edit: what to set again, and the stamps by which one sees whether what it
 * left still stands. Pure.
 *
 * To undo is a new edit (M10), and only of what nobody has set since: so it never tramples what
 * another device did meanwhile. The way back from that is a step again, which is what redo takes.
 */

import { only, UNSET } from "./fields.mjs";
import { isEmptied } from "./record.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/**
 * @typedef {object} Part  what a step did to one todo
 * @property {string} id
 * @property {Record<string, any>} values  what to set to take it back
 * @property {Record<string, string>} former  the stamps that these fields had before it
 * @property {Record<string, string>} left  the stamps that have to stand for it to be taken back
 */
/** @typedef {Part[]} Step  what one action did: to many todos, if it was a bulk one */
/** @typedef {Map<string, Record<string, {from?: string, to: string}>>} Renewals  by id and field */

/**
 * Return the way back from one version of a record to an earlier one. What was not there before is
 * deleted again.
 * @param {TodoRecord} before @param {TodoRecord} after @returns {Part}
 */
export function wayBack(before, after) {
  const isNew = !Object.keys(before.clocks).length;
  const changed = Object.keys({ ...before.clocks, ...after.clocks }).filter(
    (field) => before.clocks[field] !== after.clocks[field],
  );
  const values = isNew ? { deleted: true } : only({ ...UNSET, ...before }, changed);
  return {
    id: before.id,
    values,
    former: only(before.clocks, Object.keys(values)),
    left: values.deleted ? after.clocks : only(after.clocks, changed),
  };
}

/**
 * Return what to set of each todo to take a step back, as far as it still stands. One that this
 * would delete has to stand whole: whoever changed any of it since would lose that.
 * @param {Step} step @param {(id: string) => TodoRecord | undefined} recordOf
 * @returns {Map<string, Record<string, any>>}  by id, without those that are left alone
 */
export function takenBack(step, recordOf) {
  /** @type {[string, Record<string, any>][]} */
  const all = step.map((part) => [part.id, standing(part, recordOf(part.id))]);
  return new Map(all.filter(([, values]) => Object.keys(values).length));
}

/** @param {Part} part @param {TodoRecord} [record] */
function standing({ values, left }, record) {
  const stands = (/** @type {string} */ field) => record?.clocks[field] === left[field];
  if (!record || (values.deleted && !Object.keys(left).every(stands))) return {};
  const free = only(values, Object.keys(values).filter(stands));
  const isGone = record.deleted && free.deleted !== false; // nobody would see what is set of it
  return isGone || isEmptied(record) ? {} : free;
}

/**
 * Return how many todos were left alone, wholly or in part.
 * @param {Step} step @param {Step} back  what taking it back came to
 */
export function leftAlone(step, back) {
  const parts = new Map(back.map((part) => [part.id, part]));
  const isWhole = (/** @type {Part} */ { id, values }) =>
    Object.keys(values).every((field) => field in (parts.get(id)?.values ?? {}));
  return step.filter((part) => !isWhole(part)).length;
}

/**
 * Return by which stamps the steps before one know now what they left, since it was taken back:
 * the values are there again, under other stamps.
 * @param {Step} step @param {Step} back @returns {Renewals}
 */
export function renewals(step, back) {
  const former = new Map(step.map((part) => [part.id, part.former]));
  return new Map(
    back.map(({ id, values, left }) => {
      const fields = Object.keys(values).map((field) => {
        return [field, { from: former.get(id)?.[field], to: left[field] }];
      });
      return [id, Object.fromEntries(fields)];
    }),
  );
}

/**
 * Return by which stamps the steps know now what they left, since the clock was found to be wrong:
 * the same edits were stamped anew (S5).
 * @param {[TodoRecord | undefined, TodoRecord][]} changes  each record before and after
 * @returns {Renewals}
 */
export function restampings(changes) {
  const all = changes.map(([before, { id, unsent }]) => {
    const fields = Object.entries(unsent).flatMap(([field, { value, wall, stamp }]) => {
      const former = before?.unsent[field];
      const isSame = former && former.wall === wall && former.value === value;
      return isSame && former.stamp !== stamp ? [[field, { from: former.stamp, to: stamp }]] : [];
    });
    return /** @type {const} */ ([id, Object.fromEntries(fields)]);
  });
  return new Map(all.filter(([, fields]) => Object.keys(fields).length));
}

/** Return a step that knows what it left by new stamps. @param {Step} step @param {Renewals} news */
export const renewed = (step, news) =>
  step.map((part) => {
    const of = news.get(part.id);
    return of ? { ...part, left: follow(part.left, of), former: follow(part.former, of) } : part;
  });

/** @param {Record<string, string>} clocks @param {Record<string, {from?: string, to: string}>} news */
function follow(clocks, news) {
  const entries = Object.entries(clocks).map(([field, stamp]) => [
    field,
    news[field] && news[field].from === stamp ? news[field].to : stamp,
  ]);
  return Object.fromEntries(entries);
}
