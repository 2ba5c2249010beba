// @ts-check
/** Which positions put a todo where it is wanted. Pure; twin of todos/moves.py. */

import { between, jitter, placed } from "./position.mjs";
import { isBefore } from "./todo-rows.mjs";

/** @typedef {import("./todo-rows.mjs").Place} Place */

/**
 * Return the positions to set, by id, so that a todo stands between two others: its own, and only
 * where there is no room those of the ones after it (M11). Then, or when the two have changed their
 * order, it comes right after the one above.
 * @param {string} id
 * @param {Place | undefined} above @param {Place | undefined} below  none at the list's ends
 * @param {() => Place[]} others  all but this one, in order
 * @returns {Map<string, {position: string}>}
 */
export function moved(id, above, below, others) {
  const digits = jitter();
  const key = between(above?.position ?? null, below?.position ?? null, digits);
  if (key !== null) return new Map([[id, { position: key }]]);
  const later = others().filter((each) => !above || isBefore(above, each));
  const keys = placed(
    above?.position ?? null,
    later.map(({ position }) => position),
    digits,
  );
  const ids = [id, ...later.map((each) => each.id)];
  return new Map(keys.map((position, at) => [String(ids[at]), { position }]));
}
