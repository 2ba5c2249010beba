// @ts-check
/**
 * The list on the page: draws records over the server's rows, and turns what hands do into verbs.
 * The DOM only; text goes in as text.
 */

import { checkText } from "./protocol.mjs";
import { refusal } from "./record.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./merge.mjs").Version} Version */
/** @typedef {ReturnType<typeof import("./local-todos.mjs").localTodos>} Verbs */

const BLANK_ID = "00000000-0000-0000-0000-000000000000";

const FILTERS = {
  all: () => true,
  active: (/** @type {TodoRecord} */ record) => !record.completed,
  completed: (/** @type {TodoRecord} */ record) => record.completed,
};

/** @template {Element} T @param {ParentNode} root @param {string} selector @returns {T} */
const find = (root, selector) => /** @type {T} */ (root.querySelector(selector));

/** @param {TodoRecord} a @param {TodoRecord} b */
const inOrder = (a, b) => (a.position < b.position || (a.position === b.position && a.id < b.id) ? -1 : 1);

/** @param {TodoRecord} record */
const isLive = (record) => !record.deleted && "text" in record.clocks;

/** @param {import("./session.mjs").Page} page */
export function todoList(page) {
  const app = /** @type {HTMLElement} */ (find(document, ".todoapp"));
  const list = /** @type {HTMLElement} */ (find(app, ".todo-list"));
  const template = /** @type {HTMLTemplateElement} */ (find(app, "#todo-row"));
  /** @type {Map<string, TodoRecord>} */
  const records = new Map();
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  for (const row of rowsOf(list)) rows.set(String(row.dataset.id), row);

  /** Draw what changed. @param {TodoRecord[]} changed */
  function show(changed) {
    for (const record of changed) records.set(record.id, record);
    const live = [...records.values()].filter(isLive);
    drawRows(live.filter(FILTERS[page.show]).sort(inOrder));
    drawCounts(live);
  }

  /** @param {TodoRecord[]} shown */
  function drawRows(shown) {
    const ids = new Set(shown.map(({ id }) => id));
    for (const [id, row] of rows)
      if (!ids.has(id)) {
        row.remove();
        rows.delete(id);
      }
    let place = list.firstElementChild;
    for (const record of shown) {
      const row = rows.get(record.id) ?? newRow(record.id);
      drawRow(row, record);
      if (row === place) place = place.nextElementSibling;
      else list.insertBefore(row, place);
    }
  }

  /** @param {string} id */
  function newRow(id) {
    const row = /** @type {HTMLElement} */ (find(template.content, "li").cloneNode(true));
    row.dataset.id = id;
    for (const form of row.querySelectorAll("form"))
      form.setAttribute("action", String(form.getAttribute("action")).replace(BLANK_ID, id));
    const link = find(row, ".edit-link");
    link.setAttribute("href", String(link.getAttribute("href")).replace(BLANK_ID, id));
    rows.set(id, row);
    return row;
  }

  /** @param {TodoRecord[]} live */
  function drawCounts(live) {
    const active = live.filter((record) => !record.completed).length;
    find(app, ".main").toggleAttribute("hidden", !live.length);
    find(app, ".footer").toggleAttribute("hidden", !live.length);
    find(app, ".clear-completed").toggleAttribute("hidden", active === live.length);
    find(app, "[data-testid=todo-count]").replaceChildren(
      Object.assign(document.createElement("strong"), { textContent: String(active) }),
      active === 1 ? " item left" : " items left",
    );
    const toggleAll = /** @type {HTMLInputElement} */ (find(app, ".toggle-all"));
    if (toggleAll.checked !== (active === 0)) toggleAll.checked = active === 0;
  }

  return {
    show,

    /** Return the todos that the server wrote into the page (C3). @returns {Version[]} */
    served: () => rowsOf(list).map(versionOf),

    /** Return the rows that were ticked before the script was ready. */
    ticked: () =>
      rowsOf(list)
        .map((row) => ({ id: String(row.dataset.id), toggle: toggleOf(row) }))
        .filter(({ toggle }) => toggle.checked !== toggle.defaultChecked)
        .map(({ id, toggle }) => ({ id, completed: toggle.checked })),

    /** From now on the local store holds the whole list: no pages any more. */
    hidePager: () => app.querySelector(".pager")?.remove(),

    /** From now on the page's forms are the script's. @param {Verbs} verbs */
    takeOver(verbs) {
      listen(app, page, verbs);
      document.documentElement.toggleAttribute("data-ready", true);
    },
  };
}

/** @param {HTMLElement} list @returns {HTMLElement[]} */
const rowsOf = (list) => [...list.querySelectorAll("li")];

/** @param {Element} row @returns {HTMLInputElement} */
const toggleOf = (row) => find(row, ".toggle");

/** @param {Element} row @returns {HTMLElement} */
const titleOf = (row) => find(row, "[data-testid=todo-title]");

/** @param {HTMLElement} row @returns {Version} */
function versionOf(row) {
  return {
    id: row.dataset.id,
    text: titleOf(row).textContent,
    completed: toggleOf(row).defaultChecked,
    position: row.dataset.position,
    deleted: false,
    clocks: JSON.parse(String(row.dataset.clocks)),
  };
}

/**
 * Make a row show a record; what is right already is not touched.
 * @param {HTMLElement} row @param {TodoRecord} record
 */
function drawRow(row, record) {
  const refused = refusal(record);
  row.classList.toggle("completed", record.completed);
  row.toggleAttribute("data-unsynced", !record.synced);
  row.toggleAttribute("data-rejected", !!refused);
  const toggle = toggleOf(row);
  if (toggle.checked !== record.completed) toggle.checked = record.completed;
  setText(titleOf(row), record.text);
  setText(find(row, ".note"), refused ? refused.message : "");
  setName(toggle, `Toggle Todo: ${record.text}`);
  setName(find(row, ".edit-link"), `Edit ${record.text}`);
  setName(find(row, ".destroy"), `Delete ${record.text}`);
}

/** @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name */
function setName(element, name) {
  if (element.getAttribute("aria-label") !== name) element.setAttribute("aria-label", name);
}

// What hands do

/**
 * @param {HTMLElement} app @param {import("./session.mjs").Page} page @param {Verbs} verbs
 */
function listen(app, page, verbs) {
  /** @param {Event} event */
  const idOf = (event) => /** @type {Element} */ (event.target).closest("li")?.dataset.id ?? "";

  /** @type {Record<string, (event: Event, form: HTMLFormElement) => void>} */
  const submits = {
    "add-form": (_, form) => addFrom(form, page, verbs),
    "delete-form": (event) => verbs.remove(idOf(event)),
    "clear-form": () => verbs.clearCompleted(),
    "toggle-form": () => {}, // the tick itself was the edit
    "toggle-all-form": () => {},
  };
  app.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submit = submits[form.className];
    if (!submit) return;
    event.preventDefault();
    submit(event, form);
  });
  app.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.matches(".toggle")) verbs.toggle(idOf(event), input.checked);
    if (input.matches(".toggle-all")) verbs.toggleAll(input.checked);
  });
  app.addEventListener("dblclick", (event) => {
    const title = /** @type {Element} */ (event.target).closest("[data-testid=todo-title]");
    if (title) startEdit(/** @type {HTMLElement} */ (title.closest("li")), page, verbs);
  });
  app.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest(".edit-link");
    if (!link) return;
    event.preventDefault();
    startEdit(/** @type {HTMLElement} */ (link.closest("li")), page, verbs);
  });
}

/**
 * @param {HTMLFormElement} form @param {import("./session.mjs").Page} page @param {Verbs} verbs
 */
function addFrom(form, page, verbs) {
  const input = /** @type {HTMLInputElement} */ (find(form, ".new-todo"));
  const error = /** @type {HTMLElement} */ (find(document, "#add-error"));
  const text = input.value.trim();
  const wrong = checkText(text, page.limits);
  setText(error, wrong);
  error.hidden = !wrong;
  input.toggleAttribute("aria-invalid", !!wrong);
  if (wrong || !text) return;
  verbs.add(text);
  input.value = "";
}

/**
 * Put a field in the place of a row's title: Enter and leaving it save, Escape does not.
 * @param {HTMLElement} row @param {import("./session.mjs").Page} page @param {Verbs} verbs
 */
function startEdit(row, page, verbs) {
  if (row.classList.contains("editing")) return;
  const shown = String(titleOf(row).textContent);
  const input = Object.assign(document.createElement("input"), { className: "edit", value: shown });
  input.setAttribute("aria-label", "Edit");
  input.autocomplete = "off";
  row.classList.add("editing");
  row.append(input);
  input.focus();
  let open = true;

  function close() {
    open = false;
    input.remove();
    row.classList.remove("editing");
  }

  function save() {
    const text = input.value.trim();
    const wrong = checkText(text, page.limits);
    setText(find(row, ".note"), wrong);
    if (!open || wrong) return;
    close();
    const id = String(row.dataset.id);
    if (!text) verbs.remove(id);
    else if (text !== shown) verbs.rename(id, text);
  }

  input.addEventListener("blur", save);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") save();
    if (event.key === "Escape") close();
  });
}
