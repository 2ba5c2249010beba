// @ts-check
/**
 * The rows of a long list stand in groups: each is a list of its own, so that the browser lays out
 * and paints only those near the window (`content-visibility`, simplesync.css), and when a row
 * changes its own group only. All rows are in the document: to be found, read out, or gone to.
 */

import { untie } from "./todo-row.mjs";

const MOST = 100; // rows in a group, as many as the server's page has
const SHOWN = ".todo-list:not([data-leaving])"; // groups
const AT_ONCE = 2; // groups that go in one task
const FEW = 20; // rows that are taken out of their group one by one

/** Return the row after one, whatever group it is in. @param {Element | null} row */
export const after = (row) =>
  row?.nextElementSibling ??
  shown(row?.parentElement, "nextElementSibling")?.firstElementChild ??
  null;

/** Return the row before one. @param {Element} row */
export const before = (row) =>
  row.previousElementSibling ??
  shown(row.parentElement, "previousElementSibling")?.lastElementChild ??
  null;

/** Return the first of all rows. @param {Element | null} all */
export const first = (all) => all?.querySelector(SHOWN)?.firstElementChild ?? null;

/** Return the last of all rows. @param {Element} all */
export const last = (all) => groupsIn(all).at(-1)?.lastElementChild ?? null;

/** @param {Element} all */
const groupsIn = (all) => [...all.children].filter((group) => group.matches(SHOWN));

/**
 * Return the next group, but for those that are about to go.
 * @param {Element | null | undefined} group @param {"nextElementSibling" | "previousElementSibling"} way
 */
function shown(group, way) {
  let next = group?.[way];
  while (next && !next.matches(SHOWN)) next = next[way];
  return next;
}

/** @param {HTMLElement} all  with one group */
export function todoGroups(all) {
  const blank = /** @type {HTMLElement} */ (all.firstElementChild?.cloneNode(false));
  /** @type {Set<HTMLElement>} */
  const changed = new Set();
  /** @type {HTMLElement[]} */
  const leaving = []; // out of sight
  /** @type {WeakMap<HTMLElement, boolean>} */
  const isDrawn = new WeakMap(); // of those that have been drawn, whether they are now

  all.addEventListener("contentvisibilityautostatechange", (event) => {
    const group = /** @type {HTMLElement} */ (event.target);
    const { skipped } = /** @type {ContentVisibilityAutoStateChangeEvent} */ (event);
    if (!skipped || isDrawn.has(group)) isDrawn.set(group, !skipped);
  });

  /** @param {Element} row */
  const groupOf = (row) => /** @type {HTMLElement} */ (row.parentElement);

  /** @param {Element} group */
  const isFull = (group) => group.childElementCount >= MOST;

  /** @param {Element | null} row */
  const hasFocus = (row) => row?.contains(document.activeElement) ?? false;

  const newGroup = () => /** @type {HTMLElement} */ (blank.cloneNode(false));

  /**
   * Return where a row goes that comes between two others.
   * @param {Element | null} previous @param {Element | null} next
   * @returns {[HTMLElement, Element | null]}  the group, and the row in it in front of which it goes
   */
  function roomBetween(previous, next) {
    if (previous && !isFull(groupOf(previous)))
      return [groupOf(previous), previous.nextElementSibling];
    if (next && next !== previous?.nextElementSibling && !isFull(groupOf(next)))
      return [groupOf(next), next];
    if (!previous && !next) return [/** @type {HTMLElement} */ (all.querySelector(SHOWN)), null];
    if (previous && next && next === previous.nextElementSibling) {
      part(groupOf(next), next);
      return [groupOf(previous), previous.nextElementSibling];
    }
    const group = newGroup();
    if (previous) groupOf(previous).after(group);
    else all.prepend(group);
    return [group, null];
  }

  /**
   * Part a group in two: what has the focus stays where it is.
   * @param {HTMLElement} group @param {Element} at  the first row of the second part
   */
  function part(group, at) {
    const rows = [...group.children];
    const middle = rows.indexOf(at);
    const other = newGroup();
    changed.add(group).add(other);
    if (rows.slice(middle).some(hasFocus)) {
      group.before(other);
      other.append(...rows.slice(0, middle));
    } else {
      group.after(other);
      other.append(...rows.slice(middle));
    }
  }

  /**
   * Put a row, which has the focus and would lose it, where it belongs by moving those between.
   * @param {Element} row @param {Element | null} next
   */
  function moveOthers(row, next) {
    const isUp = next && row.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_PRECEDING;
    let other = isUp ? before(row) : after(row);
    while (other && (isUp || other !== next)) {
      changed.add(groupOf(other));
      if (isUp) row.after(other);
      else row.before(other);
      other = isUp && other === next ? null : isUp ? before(row) : after(row);
    }
  }

  /**
   * Let another group take the place of one, with some of its rows; return it.
   * @param {HTMLElement} group @param {Iterable<Element>} rows
   */
  function replace(group, rows) {
    const fresh = newGroup();
    fresh.append(...rows);
    group.before(fresh);
    changed.add(fresh);
    hide(group);
    return fresh;
  }

  /** Return the groups that are in the window. */
  function groupsInView() {
    const groups = groupsIn(all);
    const [first, end] = [0, innerHeight].map((y) => firstBelow(groups, y));
    return new Set(first && groups.slice(groups.indexOf(first), end && groups.indexOf(end) + 1));
  }

  /** @param {HTMLElement} group */
  function hide(group) {
    group.toggleAttribute("data-leaving", true);
    changed.delete(group);
    if (leaving.push(group) === 1) setTimeout(leave);
  }

  function leave() {
    for (const group of leaving.splice(0, AT_ONCE)) group.remove();
    if (leaving.length) setTimeout(leave);
  }

  /**
   * The browser remembers how high a group was that is out of sight, whatever has become of it: so
   * another one takes its place.
   * @param {HTMLElement} group
   */
  const renewed = (group) =>
    isDrawn.get(group) !== false || hasFocus(group) ? group : replace(group, group.children);

  return {
    /**
     * Put a row between two others, or at an end.
     * @param {HTMLElement} row @param {Element | null} previous @param {Element | null} next
     */
    put(row, previous, next) {
      const old = /** @type {HTMLElement | null} */ (row.closest(SHOWN));
      if (old && before(row) === previous && after(row) === next) return;
      if (old) changed.add(old);
      // Not sure for what is being typed.
      const canMove = "moveBefore" in blank && !row.matches(".editing");
      if (hasFocus(row) && !canMove) {
        moveOthers(row, next);
        return;
      }
      const [group, at] = roomBetween(previous, next);
      changed.add(group);
      if (hasFocus(row)) group.moveBefore(row, at);
      else group.insertBefore(row, at);
    },

    /**
     * Take rows away. Where most of a group go, the whole group does: out of sight at once, and out
     * of the document a little later, which takes longer than all the rest. What stays of it moves
     * to a new group if it is looked at, else it has to be put again.
     * @param {Element[]} rows @param {Element | null} [heir]  will have the focus
     * @returns {Element[]}  the rows to be put again
     */
    remove(rows, heir = null) {
      /** @type {Map<HTMLElement, Set<Element>>} */
      const going = new Map();
      for (const row of rows) {
        const group = groupOf(row);
        if (group.matches(SHOWN)) going.set(group, (going.get(group) ?? new Set()).add(row));
      }
      const inView = rows.length < FEW ? null : groupsInView();
      const displaced = [];
      for (const [group, some] of going) {
        const staying = [...group.children].filter((row) => !some.has(row));
        changed.add(group);
        if (some.size < FEW || some.size < staying.length || hasFocus(group))
          for (const row of some) row.remove();
        else if (staying.length && (inView?.has(group) || group.contains(heir)))
          replace(group, staying);
        else {
          hide(group);
          displaced.push(...staying);
        }
      }
      if (!groupsIn(all).length) all.append(newGroup());
      return displaced;
    },

    /** Let the groups that have changed be as high as they are likely to be. */
    settle() {
      for (const group of changed) {
        const rows = group.childElementCount;
        if (!group.isConnected) continue;
        if (!rows && all.childElementCount - leaving.length > 1) group.remove();
        else renewed(group).style.containIntrinsicBlockSize = `auto calc(${rows} * var(--row))`;
      }
      const isLong = all.childElementCount > 1;
      // Not before: a list that is short, and in sync, is not touched.
      if (isLong && !all.hasAttribute("data-long")) untie(all);
      all.toggleAttribute("data-long", isLong);
      changed.clear();
    },

    /** Return the row that is at a height of the window, or begins below. @param {number} y */
    rowAt(y) {
      const group = firstBelow(groupsIn(all), y);
      return group && firstBelow([...group.children], y);
    },
  };
}

/** Return the first that ends below a height of the window. @param {Element[]} elements @param {number} y */
function firstBelow(elements, y) {
  let [least, most] = [0, elements.length];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (Number(elements[middle]?.getBoundingClientRect().bottom) <= y) least = middle + 1;
    else most = middle;
  }
  return /** @type {HTMLElement | undefined} */ (elements[least]);
}
