// @ts-check
/**
 * The list on the page: draws records over the server's rows. What changed is drawn, and nothing
 * else; an edit that is on its way into the local store is drawn at once.
 */

import { inPlace, whenFree } from "./hand.mjs";
import { moved } from "./moves.mjs";
import { unknown } from "./record.mjs";
import { todoCount } from "./todo-count.mjs";
import { find, versionOf } from "./todo-row.mjs";
import { isBefore, todoRows } from "./todo-rows.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./merge.mjs").Version} Version */
/** @typedef {import("./session.mjs").Page} Page */
/** @typedef {import("./todo-row.mjs").Shown} Shown */

const AT_ONCE = 100; // rows made in one frame, as many as the server's page has

const FILTERS = {
  all: () => true,
  active: (/** @type {Shown} */ record) => !record.completed,
  completed: (/** @type {Shown} */ record) => record.completed,
};

/** @param {TodoRecord} a @param {TodoRecord} b */
const inOrder = (a, b) => (isBefore(a, b) ? -1 : 1);

/** @param {Iterable<TodoRecord>} records */
const idsInOrder = (records) => [...records].sort(inOrder).map(({ id }) => id);

/** @param {Shown} record */
const isLive = (record) => !record.deleted && (record.keeping || "text" in record.clocks);

/**
 * @param {HTMLElement} app @param {Page} page
 * @param {(ids: Set<string>) => void} onKeeping  these todos' edits are not in the local store yet
 */
export function todoList(app, page, onKeeping) {
  const list = /** @type {HTMLElement} */ (find(app, ".todo-list"));
  const rows = todoRows(list, find(app, "#todo-row"), find(app, ".new-todo"));
  const served = [...list.children].map((row) => versionOf(/** @type {HTMLElement} */ (row)));
  const counts = todoCount(app);
  /** @type {Map<string, TodoRecord>} */
  const records = new Map();
  /** @type {Set<Map<string, Record<string, any>>>} */
  const hopes = new Set();
  /** @type {Set<string>} */
  const waiting = new Set(); // todos whose rows are still to be made
  /** @type {(changes: [TodoRecord | undefined, TodoRecord][]) => void} */
  let watch = () => {};
  let filling = false;
  let { show: filter } = page;
  // The server's page may hold the whole list, or only some of it; the shell has nothing.
  const isEmpty = find(app, ".main").matches("[hidden]");
  let whole = !page.isShell && (isEmpty || (filter === "all" && !app.querySelector(".pager")));

  /** Return a todo as it is to be shown. @param {string} id @returns {Shown} */
  function shown(id) {
    /** @type {Shown} */
    let record = records.get(id) ?? unknown(id);
    for (const hope of hopes)
      if (hope.has(id)) record = { ...record, ...hope.get(id), keeping: true };
    return record;
  }

  /** @param {(record: Shown) => boolean} [test] */
  const live = (test = () => true) =>
    [...records.keys()].map(shown).filter((record) => isLive(record) && test(record));

  /** @param {Shown} record */
  const belongs = (record) => isLive(record) && FILTERS[filter](record);

  /** @param {string} id */
  function drawRow(id) {
    waiting.delete(id);
    const record = shown(id);
    // A row that a hand is at stays, whatever came from elsewhere.
    if (belongs(record) || rows.isEdited(id)) rows.draw(record);
    else rows.drop(id);
  }

  /** @param {Iterable<string>} ids  in the order of the list, as far as that matters */
  function draw(ids) {
    let drawn = 0;
    for (const id of ids) {
      const record = shown(id);
      counts.count(id, isLive(record) ? record.completed : undefined);
      if (!belongs(record) || drawn++ < AT_ONCE || rows.has(id)) drawRow(id);
      else waiting.add(id);
    }
    if (whole || page.isShell) counts.draw(rows.any());
    fillUp();
  }

  /** Make the rows that wait, some after each frame. */
  function fillUp() {
    if (filling || !waiting.size) return;
    filling = true;
    const fill = () => {
      filling = false;
      const next = new Set([...waiting].slice(0, AT_ONCE));
      inPlace(list, next, () => next.forEach(drawRow));
      fillUp();
    };
    requestAnimationFrame(() => setTimeout(() => whenFree(fill)));
  }

  /** What speaks of the whole list is the server's until the device has it. */
  function allowBulk() {
    find(app, ".toggle-all").toggleAttribute("disabled", !whole);
    find(app, ".clear-completed").toggleAttribute("disabled", !whole);
    if (whole) app.querySelector(".pager")?.remove();
  }

  return {
    /** The todos that the server wrote into the page (C3). @type {Version[]} */
    served,

    /** Tell whether what is known here is the whole list. */
    isWhole: () => whole,

    isEmpty: () => !rows.any(),

    /** Return the todos that a person sees or could, of those that pass a test, if there is one. */
    live,

    /** Return one of them, if it is one. @param {string} id */
    liveOne: (id) => (records.has(id) ? [shown(id)].find(isLive) : undefined),

    /** @param {string} id */
    rowOf: (id) => rows.get(id),

    /** @param {string} id */
    textOf: (id) => shown(id).text,

    /** Return a todo as it is kept. @param {string} id */
    recordOf: (id) => records.get(id),

    /**
     * Return a todo's place among those that are shown, 0 if it is not, and how many these are.
     * @param {string} id
     */
    placeOf: (id) => ({ place: rows.placeOf(id), of: rows.count() + waiting.size }),

    /**
     * Return what to set, by id, so that a todo stands between two others.
     * @param {string} id @param {string} [above] @param {string} [below]
     */
    between: (id, above, below) =>
      moved(id, above ? shown(above) : undefined, below ? shown(below) : undefined, () =>
        live((each) => each.id !== id).sort(inOrder),
      ),

    /** Let somebody see each change of what is kept. @param {typeof watch} watcher */
    watchBy: (watcher) => void (watch = watcher),

    /** Show what is kept, wherever it came from. @param {TodoRecord[]} changed */
    show(changed) {
      watch(changed.map((after) => [records.get(after.id), after]));
      for (const record of changed) records.set(record.id, record);
      const ids = idsInOrder(changed);
      whenFree(() => inPlace(list, new Set(ids), () => draw(ids)));
    },

    /** Show a row again, now that no hand is at it. @param {string} id */
    refresh: (id) => draw([id]),

    /**
     * Show an edit that is on its way into the store. Returns a function to call when it is there,
     * or is lost.
     * @param {Map<string, Record<string, any>>} hope  the values, by id
     */
    hope(hope) {
      const tell = () => onKeeping(new Set([...hopes].flatMap((each) => [...each.keys()])));
      hopes.add(hope);
      draw(hope.keys());
      tell();
      return () => {
        hopes.delete(hope);
        draw(hope.keys());
        tell();
      };
    },

    /** @param {Page["show"]} name */
    setFilter(name) {
      filter = name;
      waiting.clear();
      draw(idsInOrder(records.values()));
    },

    /**
     * Lay what the local store has over the server's rows.
     * @param {TodoRecord[]} all @param {boolean} hasWhole  whether that is the whole list
     */
    takeOver(all, hasWhole) {
      whole ||= hasWhole;
      for (const record of all) records.set(record.id, record);
      draw(idsInOrder(records.values()));
      allowBulk();
    },

    /** From now on the local store holds the whole list: no pages any more. */
    becomeWhole() {
      if (whole) return;
      whole = true;
      allowBulk();
      counts.draw(rows.any());
    },
  };
}
