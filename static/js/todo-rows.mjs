// @ts-check
/**
 * The rows on the page, in the order of the list: adds, moves and removes single ones, and leaves
 * all the others, and what a hand is at, alone.
 */

import { drawRow, find, newRow } from "./todo-row.mjs";

/** @typedef {import("./todo-row.mjs").Shown} Shown */
/** @typedef {{id: string, position: string}} Place  ties go by id */

/** @param {Place} a @param {Place} b */
export const isBefore = (a, b) =>
  a.position < b.position || (a.position === b.position && a.id < b.id);

/**
 * @param {HTMLElement} list  with the server's rows, in order
 * @param {HTMLTemplateElement} template @param {HTMLElement} fallback  has the focus when no row can
 */
export function todoRows(list, template, fallback) {
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  /** @type {Map<string, Place>} */
  const places = new Map();
  /** @type {Place[]} */
  const order = []; // as on the page
  for (const row of /** @type {Iterable<HTMLElement>} */ (list.children)) {
    const place = { id: String(row.dataset.id), position: String(row.dataset.position) };
    rows.set(place.id, row);
    places.set(place.id, place);
    order.push(place);
  }

  /** Return how many rows stand before a place. @param {Place} place */
  function countBefore(place) {
    let [least, most] = [0, order.length];
    while (least < most) {
      const middle = (least + most) >> 1;
      if (isBefore(/** @type {Place} */ (order[middle]), place)) least = middle + 1;
      else most = middle;
    }
    return least;
  }

  /** @param {string} id */
  function leave(id) {
    const place = places.get(id);
    if (place) order.splice(countBefore(place), 1);
    places.delete(id);
  }

  /** @param {HTMLElement} row @param {Place} place */
  function put(row, place) {
    leave(place.id);
    const at = countBefore(place);
    const after = order[at];
    const next = after && rows.get(after.id);
    order.splice(at, 0, place);
    places.set(place.id, place);
    move(list, row, next ?? null);
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
    isEdited: (id) => rows.get(id)?.classList.contains("editing") ?? false,

    /** Show a todo where it belongs. @param {Shown} record */
    draw(record) {
      const { id, position } = record;
      const row = rows.get(id) ?? newRow(template, id);
      rows.set(id, row);
      drawRow(row, record);
      if (places.get(id)?.position !== position) put(row, { id, position });
    },

    /** Take a row away; the focus goes to the same control of its neighbour. @param {string} id */
    drop(id) {
      const row = rows.get(id);
      if (!row) return;
      const held = row.contains(document.activeElement) ? document.activeElement : null;
      const near = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      rows.delete(id);
      leave(id);
      if (!held) return;
      const heir = held === row ? near : near && find(near, `.${held.className}`);
      /** @type {HTMLElement} */ (heir ?? fallback).focus();
    },
  };
}

/**
 * Move a row in front of another one, or to the end. A row that has the focus would lose it by
 * that, so where the browser cannot move one as it is, the rows between are moved to its other side
 * instead.
 * @param {HTMLElement & {moveBefore?: (node: Node, next: Node | null) => void}} list
 * @param {HTMLElement} row @param {Element | null} next
 */
function move(list, row, next) {
  if (row.nextElementSibling === next && row.parentElement === list) return;
  if (!row.contains(document.activeElement)) {
    list.insertBefore(row, next);
    return;
  }
  if (list.moveBefore && !row.matches(".editing")) {
    // not sure for what is being typed
    list.moveBefore(row, next);
    return;
  }
  const isAbove = next && row.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_PRECEDING;
  if (isAbove)
    while (next.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING)
      row.after(/** @type {Element} */ (row.previousElementSibling));
  else
    while (row.nextElementSibling && row.nextElementSibling !== next)
      row.before(row.nextElementSibling);
}
