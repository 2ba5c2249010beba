// @ts-check
/** One row of the list: made from the page's template, read, and drawn. */

import { refusal } from "./record.mjs";
import { drawDue } from "./todo-due.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./merge.mjs").Version} Version */
/**
 * @typedef {TodoRecord & {keeping?: true}} Shown  a record with the edits that are on their way into
 *   the local store
 */

const BLANK_ID = "00000000-0000-0000-0000-000000000000";
const SELDOM = [".due", ".notes", ".note", ".met"]; // what stands under a row's line, in its order

/** @template {Element} T @param {ParentNode} root @param {string} selector @returns {T} */
export const find = (root, selector) => /** @type {T} */ (root.querySelector(selector));

/** Hide a part of the page, or show it. @param {string} selector @param {boolean} isHidden */
export const hide = (selector, isHidden) =>
  find(document, selector).toggleAttribute("hidden", isHidden);

/**
 * Return a row without what it needs only now and then, or without a script, and without the space
 * between its parts: of thousands it costs, links the most, since a browser asks of each whether it
 * was visited; and a form's id or a button's form cost more the longer the list is.
 * @param {HTMLTemplateElement} template
 */
export function lightRow({ content }) {
  const row = /** @type {HTMLElement} */ (find(content, "li").cloneNode(true));
  const needless = ["[type=hidden]", ".apply", ".edit-link", ...SELDOM].join();
  for (const element of row.querySelectorAll(needless)) element.remove();
  find(row, ".toggle-form").removeAttribute("id");
  const texts = document.createNodeIterator(row, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    if (!text.nodeValue?.trim()) /** @type {Text} */ (text).remove();
  return row;
}

/**
 * Let go of what ties a button to a form elsewhere in its row, of the server's rows: to move such a
 * row takes the longer the more there are, milliseconds with thousands.
 * @param {Element} rows
 */
export function untie(rows) {
  for (const button of rows.querySelectorAll(".apply")) button.removeAttribute("form");
  for (const form of rows.querySelectorAll(".toggle-form")) form.removeAttribute("id");
}

/** Make an empty row. @param {HTMLElement} light @param {string} id */
export function newRow(light, id) {
  const row = /** @type {HTMLElement} */ (light.cloneNode(true));
  row.dataset.id = id;
  leadTo(id, row);
  return row;
}

/** Let the links of a copy lead to a todo. @param {string} id @param {Element} copy */
function leadTo(id, copy) {
  for (const link of copy.querySelectorAll("a"))
    link.setAttribute("href", String(link.getAttribute("href")).replace(BLANK_ID, id));
}

/**
 * Return a part that a row has only now and then, which is made if it is not there.
 * @template {HTMLElement} T @param {HTMLElement} row @param {string} selector  one of those
 * @returns {T}
 */
export function partOf(row, selector) {
  const there = /** @type {T | null} */ (row.querySelector(selector));
  if (there) return there;
  const { content } = /** @type {HTMLTemplateElement} */ (find(document, "#todo-row"));
  const made = /** @type {T} */ (find(content, selector).cloneNode(true));
  leadTo(String(row.dataset.id), made);
  const later = [...SELDOM.slice(SELDOM.indexOf(selector) + 1), ".refused", ".moves"];
  row.insertBefore(made, row.querySelector(later.join()));
  return made;
}

/** @param {HTMLElement} row @param {string} selector @param {string} text  "" for none */
function setTextOf(row, selector, text) {
  if (text || row.querySelector(selector)) setText(partOf(row, selector), text);
}

/** @param {Element} element @returns {HTMLElement} */
export const rowOf = (element) =>
  /** @type {HTMLElement} */ (element.closest("[data-testid=todo-item]"));

/** @param {Element} row @returns {HTMLInputElement} */
const toggleOf = (row) => find(row, ".toggle");

/** @param {Element} row @returns {HTMLElement} */
const titleOf = (row) => find(row, "[data-testid=todo-title]");

/** Read the todo that the server wrote into a row. @param {HTMLElement} row @returns {Version} */
export function versionOf(row) {
  return {
    id: row.dataset.id,
    text: titleOf(row).textContent,
    completed: toggleOf(row).defaultChecked,
    position: row.dataset.position,
    deleted: false,
    conflict: "conflict" in row.dataset,
    notes: find(row, ".notes").textContent,
    due: /** @type {HTMLTimeElement} */ (find(row, ".due")).dateTime,
    clocks: JSON.parse(String(row.dataset.clocks)),
  };
}

/**
 * Make a row show a record; what is right already is not touched.
 * @param {HTMLElement} row @param {Shown} record
 */
export function drawRow(row, record) {
  const refused = refusal(record);
  row.classList.toggle("completed", record.completed);
  row.toggleAttribute("data-unsynced", !record.synced && !record.keeping);
  row.toggleAttribute("data-rejected", !!refused);
  row.toggleAttribute("data-conflict", !!record.conflict);
  const toggle = toggleOf(row);
  if (toggle.checked !== record.completed) toggle.checked = record.completed;
  setText(titleOf(row), record.text);
  if (record.due || row.querySelector(".due"))
    drawDue(partOf(row, ".due"), record.due ?? "", record.completed);
  setTextOf(row, ".notes", record.notes ?? "");
  if (!row.classList.contains("editing")) setTextOf(row, ".note", refused?.message ?? "");
  if (record.conflict) partOf(row, ".met");
  setAttribute(toggle, "aria-label", `Toggle Todo: ${record.text}`);
  setAttribute(find(row, ".grip"), "aria-label", `Move ${record.text}`);
  const link = row.querySelector(".edit-link");
  if (link) setAttribute(link, "aria-label", `Edit ${record.text}`);
  setAttribute(find(row, ".edit-button"), "aria-label", `Edit ${record.text}`);
  setAttribute(find(row, ".details-button"), "aria-label", `Details of ${record.text}`);
  setAttribute(find(row, ".actions .history-link"), "aria-label", `History of ${record.text}`);
  setAttribute(find(row, ".destroy"), "aria-label", `Delete ${record.text}`);
  offerRemedies(row, record.text, !!refused);
}

/**
 * Put what helps against a refusal under a row, or take it away.
 * @param {HTMLElement} row @param {string} text @param {boolean} isRefused
 */
function offerRemedies(row, text, isRefused) {
  if (!isRefused) row.querySelector(".refused")?.remove();
  else if (!row.querySelector(".refused"))
    row.append(
      /** @type {HTMLTemplateElement} */ (find(document, "#refused")).content.cloneNode(true),
    );
  for (const button of row.querySelectorAll(".refused button"))
    setAttribute(button, "aria-label", `${button.textContent}: ${text}`);
}

/** @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name @param {string} value */
function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
