// @ts-check
/**
 * The list on the page: draws records over the server's rows, and turns what hands do into verbs.
 * The DOM only; text goes in as text.
 */

import { checkText } from "./protocol.mjs";
import { startEdit } from "./todo-edit.mjs";
import { drawRow, find, newRow, rowOf, setText, versionOf } from "./todo-row.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./merge.mjs").Version} Version */
/** @typedef {import("./session.mjs").Page} Page */
/** @typedef {ReturnType<typeof import("./local-todos.mjs").localTodos>} Verbs */

const FILTERS = {
  all: () => true,
  active: (/** @type {TodoRecord} */ record) => !record.completed,
  completed: (/** @type {TodoRecord} */ record) => record.completed,
};

/** @param {TodoRecord} a @param {TodoRecord} b */
const inOrder = (a, b) =>
  a.position < b.position || (a.position === b.position && a.id < b.id) ? -1 : 1;

/** @param {TodoRecord} record */
const isLive = (record) => !record.deleted && "text" in record.clocks;

/**
 * @param {Page} page @param {Verbs} verbs
 * @param {() => void} notKept  a verb has failed: the local store did not keep the edit
 */
export function todoList(page, verbs, notKept) {
  const app = /** @type {HTMLElement} */ (find(document, ".todoapp"));
  const list = /** @type {HTMLElement} */ (find(app, ".todo-list"));
  const template = /** @type {HTMLTemplateElement} */ (find(app, "#todo-row"));
  /** @type {Map<string, TodoRecord>} */
  const records = new Map();
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  for (const row of rowsOf(list)) rows.set(String(row.dataset.id), row);
  // The server's page may hold the whole list, or only some of it.
  let whole = page.show === "all" && !app.querySelector(".pager");

  /** Draw what changed. @param {TodoRecord[]} changed */
  function show(changed) {
    for (const record of changed) records.set(record.id, record);
    const all = [...records.values()];
    const live = all.filter(isLive);
    const isShown = FILTERS[page.show];
    // A row that a hand is at stays, whatever came from elsewhere.
    drawRows(all.filter((it) => (isLive(it) && isShown(it)) || isEdited(it.id)).sort(inOrder));
    if (whole) drawCounts(live);
  }

  /** @param {string} id */
  const isEdited = (id) => rows.get(id)?.classList.contains("editing") ?? false;

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
      const row = rows.get(record.id) ?? addRow(record.id);
      drawRow(row, record);
      // Rather than moving a row that is edited, or all the rows after one that left, take out what
      // stands in front: it is put back when its turn comes.
      const follows = row.previousElementSibling === place && !place?.matches(".editing");
      while ((isEdited(record.id) || follows) && place && row !== place) {
        const passed = place;
        place = place.nextElementSibling;
        passed.remove();
      }
      if (row === place) place = place.nextElementSibling;
      else list.insertBefore(row, place);
    }
  }

  /** @param {string} id */
  function addRow(id) {
    const row = newRow(template, id);
    rows.set(id, row);
    return row;
  }

  /** @param {TodoRecord[]} live */
  function drawCounts(live) {
    const active = live.filter((record) => !record.completed).length;
    find(app, ".main").toggleAttribute("hidden", !live.length);
    find(app, ".footer").toggleAttribute("hidden", !live.length);
    find(app, ".clear-completed").toggleAttribute("hidden", active === live.length);
    setText(find(app, "[data-testid=todo-count] strong"), String(active));
    setText(find(app, "[data-testid=todo-count] span"), active === 1 ? "item left" : "items left");
    const toggleAll = /** @type {HTMLInputElement} */ (find(app, ".toggle-all"));
    if (toggleAll.checked !== (active === 0)) toggleAll.checked = active === 0;
  }

  /** What speaks of the whole list is the server's until the device has it. */
  function allowBulk() {
    find(app, ".toggle-all").toggleAttribute("disabled", !whole);
    find(app, ".clear-completed").toggleAttribute("disabled", !whole);
  }

  /**
   * Do what a hand asked for; when it could not be kept, the page shows again what is.
   * @param {Promise<void>} done @param {() => void} [undo]
   */
  function attempt(done, undo = () => {}) {
    done.catch((error) => {
      console.warn("An edit was not kept:", error);
      undo();
      show([]);
      notKept();
    });
  }

  /** @param {HTMLFormElement} form */
  function add(form) {
    const input = /** @type {HTMLInputElement} */ (find(form, ".new-todo"));
    const text = input.value.trim();
    const wrong = checkText(text, page.limits);
    showAddError(input, wrong);
    if (wrong || !text) return;
    input.value = "";
    attempt(verbs.add(text), () => (input.value ||= text));
  }

  /** @param {HTMLElement} row */
  function remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    attempt(verbs.remove(String(row.dataset.id)));
    /** @type {HTMLElement} */ (find(next ?? app, next ? ".destroy" : ".new-todo")).focus();
  }

  /** @param {HTMLElement} row */
  function edit(row) {
    const id = String(row.dataset.id);
    startEdit(row, {
      check: (text) => checkText(text, page.limits),
      save: (text) => (text ? attempt(verbs.rename(id, text)) : remove(row)),
      closed: () => show([]),
    });
  }

  /** @type {Record<string, (form: HTMLFormElement) => void>} */
  const submits = {
    "add-form": add,
    "delete-form": (form) => remove(rowOf(form)),
    "clear-form": () => attempt(verbs.clearCompleted()),
    "toggle-form": () => {}, // the tick itself was the edit
    "toggle-all-form": () => {},
  };

  function listen() {
    app.addEventListener("submit", (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      if (!submits[form.className]) return;
      event.preventDefault();
      submits[form.className](form);
    });
    app.addEventListener("change", ({ target }) => {
      const input = /** @type {HTMLInputElement} */ (target);
      if (input.matches(".toggle"))
        attempt(verbs.toggle(String(rowOf(input).dataset.id), input.checked));
      if (input.matches(".toggle-all")) attempt(verbs.toggleAll(input.checked));
    });
    app.addEventListener("dblclick", ({ target }) => {
      const title = /** @type {Element} */ (target).closest("[data-testid=todo-title]");
      if (title) edit(rowOf(title));
    });
    app.addEventListener("click", (event) => {
      const link = /** @type {Element} */ (event.target).closest(".edit-link");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      edit(rowOf(link));
    });
    app.addEventListener("keydown", (event) => {
      const link = /** @type {HTMLElement} */ (event.target);
      if (event.key !== " " || !link.matches(".edit-link")) return;
      event.preventDefault();
      link.click();
    });
  }

  return {
    show,

    /** Return the todos that the server wrote into the page (C3). @returns {Version[]} */
    served: () => rowsOf(list).map(versionOf),

    /**
     * From now on the page is the script's. What was ticked before that is an edit like any other.
     * @param {TodoRecord[]} all  what the local store has
     * @param {boolean} hasWhole  whether that is the whole list
     */
    takeOver(all, hasWhole) {
      whole ||= hasWhole;
      const ticked = [...app.querySelectorAll("input[type=checkbox]")]
        .map((input) => /** @type {HTMLInputElement} */ (input))
        .filter((input) => input.checked !== input.defaultChecked);
      const wanted = new Map(ticked.map((input) => [input, input.checked]));
      show(all);
      allowBulk();
      listen();
      for (const [input, checked] of wanted) {
        input.checked = checked;
        if (input.isConnected) input.dispatchEvent(new Event("change", { bubbles: true }));
      }
      document.documentElement.toggleAttribute("data-ready", true);
    },

    /** From now on the local store holds the whole list: no pages any more. */
    becomeWhole() {
      if (whole) return;
      whole = true;
      app.querySelector(".pager")?.remove();
      allowBulk();
      show([]);
    },
  };
}

/** @param {HTMLElement} list @returns {HTMLElement[]} */
const rowsOf = (list) => [...list.querySelectorAll("li")];

/** @param {HTMLInputElement} input @param {string} wrong */
function showAddError(input, wrong) {
  const error = /** @type {HTMLElement} */ (find(document, "#add-error"));
  setText(error, wrong);
  error.hidden = !wrong;
  input.setAttribute("aria-invalid", String(!!wrong));
  input.setAttribute("aria-describedby", "add-error");
}
