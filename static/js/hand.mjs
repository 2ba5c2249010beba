// @ts-check
/** What a hand and an eye are at, so that nothing moves under them. */

const TAP = 100; // ms from a finger's leaving until its click at the latest
const DOUBLE_CLICK = 300; // ms from one click until the second one of the pair
const REST = 200; // ms without a scroll, after which it has ended

/** @type {Set<number>} */
const down = new Set(); // pointers
let state = /** @type {"free" | "pressed" | "between clicks"} */ ("free");
let pointer = { x: 0, y: 0 };
let timer = 0;
let rest = 0;
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

addEventListener("scroll", onScroll);
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

/** @typedef {(y: number) => HTMLElement | undefined} RowAt  finds a list's row at a height */

/**
 * Draw, and scroll by as much as that has moved what is looked at. Most browsers do something like
 * it by themselves, but not all, and none at the top of a page; simplesync.css turns theirs off.
 * @param {HTMLElement} list @param {RowAt} rowAt
 * @param {{has: (id: string) => boolean}} ids  of the todos that are drawn: their own moving is no
 *   reason to scroll
 * @param {() => void} draw
 */
export function inPlace(list, rowAt, ids, draw) {
  const { overflowAnchor } = document.body.style;
  document.body.style.overflowAnchor = "";
  const seen = lookedAt(list, rowAt)
    .filter((each) => !ids.has(String(each.dataset.id)) || each.matches(".editing"))
    .map((element) => ({ element, top: element.getBoundingClientRect().top }));
  draw();
  const still = seen.find(({ element }) => element.isConnected);
  const moved = still ? still.element.getBoundingClientRect().top - still.top : 0;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  document.body.style.overflowAnchor = overflowAnchor;
}

/**
 * While one scrolls, what comes into sight of a long list may be higher than was thought
 * (todo-groups.mjs): then the browser itself keeps what is seen in its place.
 */
function onScroll() {
  clearTimeout(rest);
  document.body.style.overflowAnchor = "auto";
  rest = setTimeout(() => (document.body.style.overflowAnchor = ""), REST);
}

/**
 * Return what is looked at, the likeliest first: what has the focus, the row under the pointer, and,
 * if the window is scrolled, the rows in it. (Not by `elementFromPoint`, which looks through all
 * rows, one by one.)
 * @param {HTMLElement} list @param {RowAt} rowAt @returns {HTMLElement[]}
 */
function lookedAt(list, rowAt) {
  const focused = document.activeElement;
  const row = focused?.closest("li");
  // What stands above the list moves with the page; the line at its bottom does not.
  const held = row && list.contains(row) ? row : focused?.closest(".todoapp header");
  const heights = scrollY ? [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => part * innerHeight) : [];
  if (list.matches(":hover")) heights.unshift(pointer.y);
  const { top } = list.getBoundingClientRect();
  const under = heights.map((y) => (y < top ? list : rowAt(y)));
  return [/** @type {HTMLElement | null | undefined} */ (held), ...under].flatMap((each) =>
    each && isInView(each) ? [each] : [],
  );
}

/** @param {HTMLElement} element */
function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
