// @ts-check
/**
 * Dragging a row by its grip, with a mouse, a pen or a finger: it follows, and the rows that it
 * passes make room. Nothing in the list is moved before it is let go.
 *
 * While a pointer is down hand.mjs holds back what comes from elsewhere, so the rows stand still.
 */

import { after } from "./todo-groups.mjs";
import { find, rowOf } from "./todo-row.mjs";

/**
 * @typedef {object} Drag
 * @property {number} pointer
 * @property {HTMLElement} row
 * @property {number} start  where the pointer went down, px from the top of the window
 * @property {number} from  the same from the top of the page
 * @property {number} y  where the pointer is, px from the top of the window
 * @property {number} height  the row's, once it is on its way; 0 before
 * @property {[number, number]} range  how far it can go up and down: not out of the list
 * @property {Element | null} next  the row in front of which it would go; null: to the end
 * @property {number} at  the time of the last frame; 0 before the first
 */

const SLACK = 5; // px that a click may wander
const EDGE = 80; // px from the ends of what is seen of the list where it scrolls
const FASTEST = 1.2; // px in a millisecond
const LONGEST_FRAME = 50; // ms

/**
 * Let the rows of a list be dragged.
 * @param {HTMLElement} list
 * @param {(row: HTMLElement, next: Element | null) => unknown} drop  in front of another, or at the end
 */
export function takeDrag(list, drop) {
  const below = /** @type {HTMLElement} */ (find(document, ".sync")); // covers the window's end
  /** @type {Drag | undefined} */
  let drag;
  /** @type {Set<HTMLElement>} */
  const shifted = new Set();
  let wasDragged = false;

  /** @param {PointerEvent} event */
  function press({ target, pointerId, isPrimary, button, ctrlKey, clientY }) {
    const grip = /** @type {Element} */ (target).closest(".grip");
    if (!grip || !isPrimary || button !== 0 || ctrlKey) return;
    end(false);
    wasDragged = false;
    grip.setPointerCapture(pointerId);
    const row = rowOf(grip);
    const next = after(row);
    const place = { start: clientY, from: clientY + scrollY, y: clientY };
    drag = { pointer: pointerId, row, next, height: 0, range: [0, 0], at: 0, ...place };
  }

  /** @param {PointerEvent} event */
  function move({ pointerId, clientY }) {
    if (pointerId !== drag?.pointer) return;
    drag.y = clientY;
    if (!drag.height && Math.abs(clientY - drag.start) > SLACK) lift(drag);
  }

  /** @param {Drag} lifted */
  function lift(lifted) {
    wasDragged = true;
    const { top, bottom, height } = lifted.row.getBoundingClientRect();
    const whole = bounds();
    lifted.height = height;
    lifted.range = [whole.top - top, whole.bottom - bottom];
    lifted.row.toggleAttribute("data-dragged", true);
    lifted.row.parentElement?.toggleAttribute("data-from", true);
    list.toggleAttribute("data-dragging", true);
    requestAnimationFrame(frame);
  }

  /** @param {number} now */
  function frame(now) {
    if (!drag?.height) return;
    if (drag.at) scrollAtEdges(drag, Math.min(now - drag.at, LONGEST_FRAME));
    drag.at = now;
    follow(drag);
    requestAnimationFrame(frame);
  }

  /** Return where the list is, and where what covers it begins, px from the top of the window. */
  function bounds() {
    const { left, width, top, bottom } = list.getBoundingClientRect();
    const end = Math.min(innerHeight, below.getBoundingClientRect().top);
    return { x: left + width / 2, top, bottom, end };
  }

  /** Scroll after the pointer, while there is more. @param {Drag} of @param {number} time  ms */
  function scrollAtEdges({ y, start }, time) {
    const { top, bottom, end } = bounds();
    const edge = Math.min(EDGE, end / 4);
    const past = y > start ? between(0, y - end + edge, edge) : between(-edge, y - edge, 0);
    const by = (past / edge) * FASTEST * time;
    const most = between(Math.min(0, top), by, Math.max(0, bottom - end));
    if (most) scrollBy({ top: most, behavior: "instant" });
  }

  /** @param {Drag} dragged */
  function follow(dragged) {
    const { row, y, from, range, next } = dragged;
    row.style.translate = `0 ${between(range[0], y + scrollY - from, range[1])}px`;
    dragged.next = aimedAt(y, next);
    if (dragged.next === row) dragged.next = after(row);
    if (dragged.next !== next) makeRoom(dragged);
  }

  /**
   * Return the row in front of which the pointer is, null at the end; in the gap it is where it was.
   * @param {number} y @param {Element | null} next
   */
  function aimedAt(y, next) {
    const { x, top, bottom, end } = bounds();
    const at = between(Math.max(top, 0), y, Math.min(bottom, end) - 1);
    const hit = document.elementFromPoint(x, at);
    const row = hit && rowOf(hit);
    if (!row || !list.contains(row)) return next;
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2 ? row : after(row);
  }

  /** @param {Drag} of */
  function makeRoom({ row, next, height }) {
    const isUp = next && row.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_PRECEDING;
    const [first, last] = isUp ? [next, row] : [after(row), next];
    /** @type {Set<HTMLElement>} */
    const passed = new Set();
    for (let each = first; each && each !== last; each = after(each))
      passed.add(/** @type {HTMLElement} */ (each));
    for (const each of shifted) if (!passed.has(each)) shift(each, "");
    for (const each of passed)
      if (!shifted.has(each)) shift(each, `0 ${isUp ? height : -height}px`);
  }

  /** @param {HTMLElement} row @param {string} by */
  function shift(row, by) {
    row.style.translate = by;
    if (by) shifted.add(row);
    else shifted.delete(row);
  }

  /** @param {boolean} isDrop */
  function end(isDrop) {
    const ended = drag;
    drag = undefined;
    if (!ended?.height) return;
    const { row, next } = ended;
    row.removeAttribute("data-dragged");
    list.removeAttribute("data-dragging");
    list.querySelector("[data-from]")?.removeAttribute("data-from");
    for (const each of [row, ...shifted]) shift(each, "");
    if (isDrop && row.isConnected && (!next || next.isConnected)) drop(row, next);
  }

  list.addEventListener("pointerdown", press);
  list.addEventListener("pointermove", move);
  list.addEventListener("pointerup", (event) => {
    move(event);
    if (event.pointerId !== drag?.pointer) return;
    if (drag.height) follow(drag);
    end(true);
  });
  // After a release, too; before one it was taken away: by the browser, or with the row.
  document.addEventListener("lostpointercapture", ({ pointerId }) => {
    if (pointerId === drag?.pointer) end(false);
  });
  list.addEventListener("contextmenu", (event) => drag && event.preventDefault()); // by a long press
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !drag?.height) return;
      event.preventDefault();
      event.stopPropagation();
      end(false);
    },
    true,
  );
  list.addEventListener(
    "click",
    (event) => {
      if (wasDragged && event.detail) event.stopPropagation(); // the end of a drag, and no key
      wasDragged = false;
    },
    true,
  );
}

/** @param {number} least @param {number} number @param {number} most */
const between = (least, number, most) => Math.max(least, Math.min(number, most));
