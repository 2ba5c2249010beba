// @ts-check
/** What a hand and an eye are at, so that nothing from elsewhere moves under them. */

const TAP = 100; // ms from a finger's leaving until its click at the latest

let isDown = false;
let pointer = { x: 0, y: 0 };
let timer = 0;
/** @type {(() => void)[]} */
let waiting = [];

function press() {
  clearTimeout(timer);
  isDown = true;
}

function release() {
  clearTimeout(timer);
  isDown = false;
  for (const draw of waiting.splice(0)) draw();
}

/** @param {number} pause  ms */
function releaseAfter(pause) {
  clearTimeout(timer);
  timer = setTimeout(release, pause);
}

addEventListener("pointerdown", press, true);
addEventListener("click", () => isDown && releaseAfter(0), true); // once it has been handled
addEventListener("pointerup", () => releaseAfter(TAP), true);
addEventListener("pointercancel", release, true);
addEventListener("blur", ({ target }) => target === window && release(), true);
addEventListener("pointermove", onMove, true);

/** @param {PointerEvent} event */
function onMove({ clientX, clientY, buttons }) {
  pointer = { x: clientX, y: clientY };
  if (isDown && !buttons) releaseAfter(TAP); // the release went to a menu, or to another window
}

/** Draw now, or as soon as no pointer is down: a tap hits what it aimed at. @param {() => void} draw */
export function whenFree(draw) {
  if (isDown) waiting.push(draw);
  else draw();
}

/**
 * Draw, and scroll by as much as that has moved what is looked at. Most browsers do something like
 * it by themselves, but not all, and none at the top of a page; simplesync.css turns theirs off.
 * @param {HTMLElement} list @param {() => void} draw
 */
export function inPlace(list, draw) {
  const seen = lookedAt(list);
  const top = seen?.getBoundingClientRect().top ?? 0;
  draw();
  if (!seen?.isConnected) return;
  const moved = seen.getBoundingClientRect().top - top;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
}

/**
 * Return what has the focus, else the row under the pointer, else one at the top of the window.
 * @param {HTMLElement} list
 */
function lookedAt(list) {
  const focused = document.activeElement;
  if (focused && focused !== document.body && isInView(focused)) return focused;
  const { left, width } = list.getBoundingClientRect();
  const points = [0.1, 0.3, 0.5].map((part) => ({ x: left + width / 2, y: part * innerHeight }));
  if (list.matches(":hover")) points.unshift(pointer);
  else if (!scrollY) return null;
  return points
    .map(({ x, y }) => document.elementFromPoint(x, y)?.closest("li"))
    .find((row) => row && list.contains(row));
}

/** @param {Element} element */
function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
