// @ts-check
/** Moving a todo by hand: dragged, by keys, or by the buttons that a press on its grip brings. */

import { takeDrag } from "./drag.mjs";
import { after, before, first } from "./todo-groups.mjs";
import { find, rowOf } from "./todo-row.mjs";

/** @typedef {"up" | "down" | "top" | "bottom"} Way */

/** In front of which row one goes; in front of itself or of its next one, it stays. */
const NEXT = {
  up: (/** @type {Element} */ row) => before(row) ?? row,
  down: (/** @type {Element} */ row) => after(after(row)),
  top: (/** @type {Element} */ row) => first(row.closest(".todo-lists")) ?? row,
  bottom: () => null,
};

/**
 * @param {HTMLElement} list
 * @param {(row: HTMLElement, next: Element | null) => boolean} move  whether it was not there already
 * @param {(row: HTMLElement, where: string) => void} stays  it is at the top or at the bottom
 */
export function takeMoves(list, move, stays) {
  takeDrag(list, move);

  /** @param {HTMLElement} row @param {Way} way */
  function go(row, way) {
    const end = way === "up" || way === "top" ? "top" : "bottom";
    if (!move(row, NEXT[way](row))) stays(row, end);
    look(row);
  }

  /** Show the buttons in a row, and in no other. @param {HTMLElement} row */
  function open(row) {
    list.querySelectorAll(".moves").forEach((each) => close(rowOf(each)));
    const { content } = /** @type {HTMLTemplateElement} */ (find(document, "#moves"));
    row.append(content.cloneNode(true));
    const grip = find(row, ".grip");
    grip.setAttribute("aria-expanded", "true");
    find(row, ".moves").setAttribute("aria-label", String(grip.getAttribute("aria-label")));
    /** @type {HTMLElement} */ (find(row, ".way")).focus();
    look(row);
  }

  /** @param {HTMLElement} row */
  function close(row) {
    const moves = find(row, ".moves");
    const grip = /** @type {HTMLElement} */ (find(row, ".grip"));
    if (moves.contains(document.activeElement)) grip.focus();
    moves.remove();
    grip.setAttribute("aria-expanded", "false");
  }

  list.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("button");
    if (!button) return;
    const row = rowOf(button);
    if (button.matches(".way")) go(row, /** @type {Way} */ (button.value));
    else if (button.matches(".grip")) (row.querySelector(".moves") ? close : open)(row);
  });
  list.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.matches(".edit")) return;
    const row = rowOf(target);
    const way = wayOf(event);
    const isOpen = event.key === "Escape" && row.querySelector(".moves");
    if (!way && !isOpen) return;
    event.preventDefault();
    if (way) go(row, way);
    else close(row);
  });
}

/** Scroll as far as the whole row is seen. @param {HTMLElement} row */
const look = (row) => row.scrollIntoView({ block: "nearest", behavior: "instant" });

/** @param {KeyboardEvent} event @returns {Way | undefined} */
function wayOf({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  if (!altKey || ctrlKey || metaKey || shiftKey) return undefined;
  return key === "ArrowUp" ? "up" : key === "ArrowDown" ? "down" : undefined;
}
