// @ts-check
/**
 * The rows on the page, in the order of the list: adds, moves and removes single ones, and leaves
 * all the others, and what a hand is at, alone.
 */

import { isSeen } from "./focus.mjs";
import { after, before, todoGroups } from "./todo-groups.mjs";
import { drawRow, lightRow, newRow, rowOf } from "./todo-row.mjs";

/** @typedef {import("./todo-row.mjs").Shown} Shown */
/** @typedef {{id: string, position: string}} Place  ties go by id */

const FEW = 10; // rows that are cheaper to be taken out of the order one by one

/** @param {Element} row */
const idOf = (row) => String(/** @type {HTMLElement} */ (row).dataset.id);

/** @param {Place} a @param {Place} b */
export const isBefore = (a, b) =>
  a.position < b.position || (a.position === b.position && a.id < b.id);

/**
 * @param {HTMLElement} all  the group of the server's rows, in order
 * @param {HTMLTemplateElement} template @param {HTMLElement} fallback  has the focus when no row can
 */
export function todoRows(all, template, fallback) {
  const groups = todoGroups(all);
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  /** @type {Map<string, HTMLElement>} */
  const spare = new Map(); // rows that have left their place, and wait to be drawn again
  /** @type {Map<string, Place>} */
  const places = new Map();
  /** @type {Place[]} */
  const order = []; // as on the page
  /** @type {Map<string, Shown>} */
  const drawn = new Map(); // what each row shows
  for (const row of /** @type {Iterable<HTMLElement>} */ (all.querySelectorAll("li"))) {
    const place = { id: String(row.dataset.id), position: String(row.dataset.position) };
    rows.set(place.id, row);
    places.set(place.id, place);
    order.push(place);
  }

  /** Return for how many rows, from the top, a test holds. @param {(at: number) => boolean} test */
  function countWhile(test) {
    let [least, most] = [0, order.length];
    while (least < most) {
      const middle = (least + most) >> 1;
      if (test(middle)) least = middle + 1;
      else most = middle;
    }
    return least;
  }

  const light = lightRow(template);

  /** @param {number} at */
  const rowAt = (at) => rows.get(order[at]?.id ?? "") ?? null;

  /** Return how many rows stand before a place. @param {Place} place */
  const countBefore = (place) =>
    countWhile((at) => isBefore(/** @type {Place} */ (order[at]), place));

  /** @param {string} id */
  function leave(id) {
    const place = places.get(id);
    if (place) order.splice(countBefore(place), 1);
    places.delete(id);
  }

  /** The same for many. @param {string[]} ids */
  function forget(ids) {
    if (ids.length < FEW) {
      ids.forEach(leave);
      return;
    }
    for (const id of ids) places.delete(id);
    let left = 0;
    for (const place of order) if (places.has(place.id)) order[left++] = place;
    order.length = left;
  }

  /** Return the row next to one, of those that stay. @param {Element} row */
  function nearest(row) {
    for (const step of [after, before]) {
      let near = step(row);
      while (near && !rows.has(idOf(near))) near = step(near);
      if (near) return near;
    }
    return null;
  }

  /** @param {HTMLElement} row @param {Place} place */
  function put(row, place) {
    leave(place.id);
    const at = countBefore(place);
    groups.put(row, rowAt(at - 1), rowAt(at));
    order.splice(at, 0, place);
    places.set(place.id, place);
  }

  return {
    /** @param {string} id */
    has: (id) => rows.has(id),

    any: () => rows.size > 0,

    /** How many there are. */
    count: () => order.length,

    /** Return which one it is, the first being 1; 0 if it is not there. @param {string} id */
    placeOf(id) {
      const place = places.get(id);
      return place ? countBefore(place) + 1 : 0;
    },

    /** @param {string} id */
    get: (id) => rows.get(id),

    /** Tell whether a hand is at a row's text. @param {string} id */
    isEdited: (id) => (rows.get(id) ?? spare.get(id))?.classList.contains("editing") ?? false,

    /** Return the todo whose row has the focus, if any. */
    held: () => rowOf(/** @type {Element} */ (document.activeElement))?.dataset.id,

    /** Return the row that is at a height of the window, or begins below. */
    at: groups.rowAt,

    /** Return the todos whose rows are in the window. */
    inView() {
      const ids = new Set();
      const end = groups.rowAt(innerHeight);
      /** @type {Element | null | undefined} */
      let row = groups.rowAt(0);
      for (; row; row = row === end ? null : after(row)) ids.add(idOf(row));
      return ids;
    },

    /** All is drawn for now. */
    settle: groups.settle,

    /** Return which of these rows stands first. @param {string[]} ids */
    topOf(ids) {
      /** @type {Place | undefined} */
      let top;
      for (const place of ids.flatMap((id) => places.get(id) ?? []))
        if (!top || isBefore(place, top)) top = place;
      return top && rows.get(top.id);
    },

    /** Tell whether a row shows this very record. @param {Shown} record */
    shows: (record) => drawn.get(record.id) === record,

    /** Somebody else has changed a row. @param {string} id */
    touched: (id) => void drawn.delete(id),

    /** Show a todo where it belongs. @param {Shown} record */
    draw(record) {
      const { id, position } = record;
      const row = rows.get(id) ?? spare.get(id) ?? newRow(light, id);
      rows.set(id, row);
      spare.delete(id);
      drawn.set(id, record);
      const isHeld = row.contains(document.activeElement);
      drawRow(row, record);
      if (isHeld && !isSeen()) row.focus(); // what had it, such as the mark of a conflict, has gone
      if (places.get(id)?.position !== position) put(row, { id, position });
    },

    /**
     * Take rows away. The focus goes to the nearest one that stays: to the same control of it if a
     * hand here did this, and may go on; else to the row itself, since a key that is on its way was
     * meant for another.
     * @param {string[]} ids @param {boolean} byHand
     * @returns {string[]}  whose rows stay, but have left their places, and have to be drawn again
     */
    drop(ids, byHand) {
      const going = ids.flatMap((id) => rows.get(id) ?? []);
      const held = /** @type {HTMLElement} */ (document.activeElement);
      const heldRow = going.find((row) => row.contains(held));
      for (const id of ids) {
        rows.delete(id);
        spare.delete(id);
        drawn.delete(id);
      }
      const heir = heldRow && nearest(heldRow);
      const displaced = groups.remove(going, heir).map(idOf);
      for (const id of displaced) {
        spare.set(id, /** @type {HTMLElement} */ (rows.get(id)));
        rows.delete(id);
        drawn.delete(id);
      }
      forget([...ids, ...displaced]);
      if (!heldRow) return displaced;
      const same = byHand && held !== heldRow && heir?.querySelector(`.${held.className}`);
      /** @type {HTMLElement} */ (same || heir || fallback).focus();
      return displaced;
    },
  };
}
