// @ts-check
/**
 * The list on the page: draws records over the server's rows. What changed is drawn, and nothing
 * else; an edit that is on its way into the local store is drawn at once.
 */

import { inPlace, whenFree } from "./hand.mjs";
import { moved } from "./moves.mjs";
import { unknown } from "./record.mjs";
import { finder } from "./search.mjs";
import { todoCount } from "./todo-count.mjs";
import { find, versionOf } from "./todo-row.mjs";
import { isBefore, todoRows } from "./todo-rows.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./merge.mjs").Version} Version */
/** @typedef {import("./session.mjs").Page} Page */
/** @typedef {import("./todo-row.mjs").Shown} Shown */

const AT_ONCE = 100; // rows drawn in one frame, as many as the server's page has
const SLICE = 20; // ms for more of them

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
  const list = /** @type {HTMLElement} */ (find(app, ".todo-lists"));
  const rows = todoRows(list, find(app, "#todo-row"), find(app, ".new-todo"));
  const served = [...list.querySelectorAll("li")].map((row) =>
    versionOf(/** @type {HTMLElement} */ (row)),
  );
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
  let query = /** @type {HTMLInputElement} */ (find(app, ".search")).defaultValue;
  let isFound = finder(query);
  /** @type {Set<string>} */
  const kept = new Set(); // what a hand was at since it was last sought: stays though it is not found
  // The server's page may hold the whole list, or only some of it; the shell has nothing.
  const isEmpty = find(app, ".main").matches("[hidden]");
  let whole =
    !page.isShell && (isEmpty || (filter === "all" && !query && !app.querySelector(".pager")));

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
  const isSought = (record) => isFound(record) || kept.has(record.id);

  /** @param {Shown} record */
  const belongs = (record) => isLive(record) && FILTERS[filter](record) && isSought(record);

  /** A row that a hand is at stays, whatever came from elsewhere. @param {Shown} record */
  const stays = (record) => belongs(record) || rows.isEdited(record.id);

  /**
   * @param {string[]} ids  in the order of the list, as far as that matters
   * @param {boolean} byHand  whether somebody does this here and now
   */
  function draw(ids, byHand) {
    const inView = ids.length > AT_ONCE ? rows.inView() : undefined;
    const held = rows.held();
    const staying = [];
    const going = [];
    for (const id of ids) {
      const record = shown(id);
      if (id === held && !isFound(record)) kept.add(id);
      counts.count(id, isLive(record) ? record.completed : undefined, isSought(record));
      if (stays(record)) staying.push(record);
      else going.push(id);
      waiting.delete(id);
    }
    const displaced = rows.drop(going, byHand);
    for (const [at, record] of staying.entries()) {
      const { id } = record;
      if (rows.shows(record)) continue;
      if (rows.has(id) ? !inView || inView.has(id) : at < AT_ONCE) rows.draw(record);
      else waiting.add(id);
    }
    for (const id of displaced) if (!rows.has(id)) waiting.add(id);
    rows.settle();
    tell();
    fillUp();
  }

  function tell() {
    if (whole || page.isShell) counts.draw(rows.any(), !!query);
    counts.tell(filter, !!query, whole);
  }

  /** Draw the rows that wait, some after each frame. */
  function fillUp() {
    if (filling || !waiting.size) return;
    filling = true;
    const fill = () => {
      filling = false;
      inPlace(list, rows.at, waiting, drawSome);
      fillUp();
    };
    requestAnimationFrame(() => setTimeout(() => whenFree(fill)));
  }

  function drawSome() {
    const end = performance.now() + SLICE;
    let drawn = 0;
    for (const id of waiting) {
      waiting.delete(id);
      rows.draw(shown(id)); // what goes, has gone at once
      if (++drawn >= AT_ONCE && performance.now() > end) break;
    }
    rows.settle();
  }

  function redraw() {
    waiting.clear();
    draw(idsInOrder(records.values()), true);
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

    /** Return a todo that a person sees or could, also one that is still being added. @param {string} id */
    live: (id) => [shown(id)].find(isLive),

    /** @param {string} id */
    rowOf: (id) => rows.get(id),

    /** Return which of these rows stands first. @param {string[]} ids */
    topOf: rows.topOf,

    /** Return how many todos there are here. */
    count: counts.live,

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
      whenFree(() => inPlace(list, rows.at, new Set(ids), () => draw(ids, false)));
    },

    /** Show a row again, now that no hand is at it. @param {string} id */
    refresh(id) {
      rows.touched(id);
      draw([id], true);
    },

    /**
     * Show an edit that is on its way into the store. Returns a function to call when it is there,
     * or is lost.
     * @param {Map<string, Record<string, any>>} hope  the values, by id
     */
    hope(hope) {
      const tellKeeping = () => onKeeping(new Set([...hopes].flatMap((each) => [...each.keys()])));
      const ids = [...hope.keys()];
      if (query) for (const id of ids) if (rows.has(id) || !records.has(id)) kept.add(id);
      hopes.add(hope);
      draw(ids, true);
      tellKeeping();
      return () => {
        hopes.delete(hope);
        draw(ids, true);
        tellKeeping();
      };
    },

    /** @param {Page["show"]} name */
    setFilter(name) {
      filter = name;
      redraw();
    },

    /** Show only what is found. @param {string} sought */
    seek(sought) {
      if (sought === query) return;
      query = sought;
      isFound = finder(query);
      kept.clear();
      redraw();
    },

    /** Return the ids of the todos that are sought: of all, without a search. @param {(record: Shown) => boolean} test */
    sought: (test) => live((record) => isSought(record) && test(record)).map(({ id }) => id),

    /**
     * Lay what the local store has over the server's rows.
     * @param {TodoRecord[]} all @param {boolean} hasWhole  whether that is the whole list
     */
    takeOver(all, hasWhole) {
      whole ||= hasWhole;
      for (const record of all) records.set(record.id, record);
      draw(idsInOrder(records.values()), false);
      allowBulk();
    },

    /** From now on the local store holds the whole list: no pages any more. */
    becomeWhole() {
      if (whole) return;
      whole = true;
      allowBulk();
      tell();
    },
  };
}
