// @ts-check
/**
 * What a person can do with todos: each verb is kept in the local store all or nothing, and done when
 * it is. Nothing here waits for the network. Each returns a step: the way back.
 */

import { wall } from "./clock.mjs";
import { between, jitter } from "./position.mjs";
import { discarded, edited, refusal, unknown } from "./record.mjs";
import { takenBack, wayBack } from "./steps.mjs";
import { uuid7 } from "./uuid7.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./steps.mjs").Step} Step */
/** @typedef {(record: TodoRecord) => boolean} Test */

/**
 * @param {Database} db
 * @param {ReturnType<typeof import("./clock.mjs").pageClock>} clock
 * @param {string} servedLast  the last position that the server had, of which this device may know
 *   nothing yet; "" if none
 * @param {() => void} onEdit  there is something to send
 */
export function localTodos(db, clock, servedLast, onEdit) {
  /**
   * Set fields of the todos that `choose` picks, all under one stamp; return the way back.
   * @param {(store: Store) => Promise<[TodoRecord, Record<string, any>][]>} choose  and their values
   * @param {Record<string, string>} [seen]  as in record.mjs
   * @returns {Promise<Step>}
   */
  async function change(choose, seen) {
    const step = await db.write(async (store) => {
      const [chosen, tick] = await Promise.all([choose(store), clock.readIn(store)]);
      if (!chosen.length) return [];
      const when = tick();
      /** @type {Step} */
      const step = [];
      await store.putTodos(eachEdited(chosen, when, seen, step));
      return step;
    });
    if (step.length) onEdit();
    return step;
  }

  /** @param {string} id @param {Record<string, any>} values @param {Record<string, string>} [seen] */
  const edit = (id, values, seen) =>
    change(async (store) => [[await known(store, id), values]], seen);

  /** @param {Test} test @param {Record<string, any>} values */
  const editAll = (test, values) =>
    change(async (store) => {
      const all = await store.getAllTodos();
      return all.filter((each) => !each.deleted && test(each)).map((each) => [each, values]);
    });

  return {
    /** Return an id for a todo that is to be added. */
    newId: () => uuid7(wall()),

    /** Append a todo. @param {string} id @param {string} text */
    add: (id, text) =>
      change(async (store) => {
        const known = (await store.getLastPosition()) ?? "";
        const last = (known > servedLast ? known : servedLast) || null;
        // With no room left after it, the last key itself: ties go by id, and new ids are greater.
        const position = between(last, null, jitter()) ?? last;
        return [[unknown(id), { text, completed: false, position, deleted: false }]];
      }),

    /** Set fields of one todo. */
    edit,

    /** @param {string} id @param {string} text */
    rename: (id, text) => edit(id, { text }),

    /** @param {string} id @param {boolean} completed */
    toggle: (id, completed) => edit(id, { completed }),

    /** @param {string} id */
    remove: (id) => edit(id, { deleted: true }),

    /**
     * Set positions, but of what was deleted meanwhile: nobody would see it.
     * @param {Map<string, {position: string}>} places  by id
     */
    move: (places) =>
      change(async (store) => {
        const records = await Promise.all([...places.keys()].map((id) => known(store, id)));
        const left = records.filter(({ deleted }) => !deleted);
        return left.map((each) => [each, places.get(each.id) ?? {}]);
      }),

    /** @param {boolean} completed @param {Test} [isMeant] */
    toggleAll: (completed, isMeant = () => true) =>
      editAll((each) => each.completed !== completed && isMeant(each), { completed }),

    /** @param {Test} [isMeant] */
    clearCompleted: (isMeant = () => true) =>
      editAll((each) => each.completed && isMeant(each), { deleted: true }),

    /** Give up what the server refuses of a todo that it has. @param {string} id */
    discard: (id) =>
      db.write(async (store) => {
        const record = await known(store, id);
        if (!refusal(record)) return [];
        const after = discarded(record);
        store.putTodo(after);
        return [wayBack(record, after)];
      }),

    /**
     * Take back what a verb did, as far as it still stands: what was changed since, elsewhere too,
     * stays as it is. Returns the way back from that, with nothing of what was left alone.
     * @param {Step} step
     */
    revert: (step) =>
      change(async (store) => {
        const records = await store.getTodos(step.map(({ id }) => id));
        const byId = new Map(records.map((record) => [record.id, record]));
        const lost = step.find(({ id }) => !byId.has(id));
        if (lost) throw new Error(noTodo(lost.id));
        const values = takenBack(step, (id) => byId.get(id));
        return records
          .filter(({ id }) => values.has(id))
          .map((each) => [each, values.get(each.id) ?? {}]);
      }),
  };
}

/**
 * Return a record. Rejects when the store has lost it, so that nobody takes an edit for kept.
 * @param {Store} store @param {string} id
 */
async function known(store, id) {
  const record = await store.getTodo(id);
  if (!record) throw new Error(noTodo(id));
  return record;
}

/** @param {string} id */
const noTodo = (id) => `the local store has no todo ${id}`;

/**
 * Edit one record after the other.
 * @param {[TodoRecord, Record<string, any>][]} chosen @param {Parameters<typeof edited>[2]} when
 * @param {Record<string, string> | undefined} seen  as in record.mjs
 * @param {Step} step  gets the way back from each
 */
function* eachEdited(chosen, when, seen, step) {
  for (const [record, values] of chosen) {
    const after = edited(record, values, when, seen);
    step.push(wayBack(record, after));
    yield after;
  }
}
