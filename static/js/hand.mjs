// @ts-check
/** What a hand and an eye are at, so that nothing moves under them. */

const TAP = 100; // ms from a finger's leaving until its click at the latest
const DOUBLE_CLICK = 300; // ms from one click until the second one of the pair

/** @type {Set<number>} */
const down = new Set(); // pointers
let state = /** @type {"free" | "pressed" | "between clicks"} */ ("free");
let pointer = { x: 0, y: 0 };
let timer = 0;
/** @type {(() => void)[]} */
const afterPress = [];
/** @type {(() => void)[]} */
const afterAll = [];

/** @param {PointerEvent} event */
function press({ pointerId, button }) {
  if (button !== 0) return; // a menu may swallow the release of the others
  clearTimeout(timer);
  down.add(pointerId);
  state = "pressed";
}

/** @param {PointerEvent} event */
function release({ pointerId, type }) {
  if (down.delete(pointerId) && !down.size) settleAfter(type === "pointerup" ? TAP : 0);
}

/** @param {number} pause  ms */
function settleAfter(pause) {
  clearTimeout(timer);
  timer = setTimeout(settle, pause);
}

function settle() {
  state = "between clicks";
  timer = setTimeout(() => {
    state = "free";
    run(afterAll);
  }, DOUBLE_CLICK);
  run(afterPress);
}

/** @param {(() => void)[]} waiting */
function run(waiting) {
  for (const work of waiting.splice(0))
    try {
      work();
    } catch (error) {
      reportError(error);
    }
}

/** @param {PointerEvent} event */
function onMove({ pointerId, clientX, clientY, buttons }) {
  pointer = { x: clientX, y: clientY };
  // Where the release was missed, since it went to a menu or to another window:
  if (!buttons && down.delete(pointerId) && !down.size) settleAfter(0);
}

function forget() {
  down.clear();
  if (state === "pressed") settleAfter(0);
}

addEventListener("pointerdown", press, true);
addEventListener("pointerup", release, true);
addEventListener("pointercancel", release, true);
addEventListener("pointermove", onMove, true);
addEventListener("click", () => state === "pressed" && !down.size && settleAfter(0), true);
addEventListener("blur", ({ target }) => target === window && forget(), true);

/** Do it now, or once what is pressed now has become a click. @param {() => void} work */
export function afterClick(work) {
  if (state === "pressed") afterPress.push(work);
  else work();
}

/**
 * Draw now, or as soon as no pointer is down, and no second click to be expected: a tap hits what
 * it aimed at.
 * @param {() => void} draw
 */
export function whenFree(draw) {
  if (state === "free") draw();
  else afterAll.push(draw);
}

/**
 * Draw, and scroll by as much as that has moved what is looked at. Most browsers do something like
 * it by themselves, but not all, and none at the top of a page; simplesync.css turns theirs off.
 * @param {HTMLElement} list
 * @param {Set<string>} ids  the todos that are drawn: their own moving is no reason to scroll
 * @param {() => void} draw
 */
export function inPlace(list, ids, draw) {
  const seen = lookedAt(list)
    .filter((each) => !ids.has(String(each.dataset.id)) || each.matches(".editing"))
    .map((element) => ({ element, top: element.getBoundingClientRect().top }));
  draw();
  const still = seen.find(({ element }) => element.isConnected);
  const moved = still ? still.element.getBoundingClientRect().top - still.top : 0;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
}

/**
 * Return what is looked at, the likeliest first: what has the focus, the row under the pointer, and,
 * if the window is scrolled, the rows in it.
 * @param {HTMLElement} list @returns {HTMLElement[]}
 */
function lookedAt(list) {
  const { left, width } = list.getBoundingClientRect();
  const points = scrollY
    ? [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => ({ x: left + width / 2, y: part * innerHeight }))
    : [];
  if (list.matches(":hover")) points.unshift(pointer);
  const under = points.map(({ x, y }) => document.elementFromPoint(x, y));
  return [document.activeElement, ...under].flatMap((element) => {
    const row = element?.closest("li");
    if (row && list.contains(row)) return isInView(row) ? [row] : [];
    // What stands above the list moves with the page; the line at its bottom does not.
    const isAbove = element?.closest(".todoapp header");
    return isAbove && isInView(/** @type {HTMLElement} */ (element))
      ? [/** @type {HTMLElement} */ (element)]
      : [];
  });
}

/** @param {HTMLElement} element */
function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
