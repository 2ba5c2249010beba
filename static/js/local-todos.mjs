// @ts-check
/**
 * What a person can do with todos: each verb is kept in the local store all or nothing, and done when
 * it is. Nothing here waits for the network.
 */

import { wall } from "./clock.mjs";
import { between, jitter } from "./position.mjs";
import { discarded, edited, refusedValues, unknown } from "./record.mjs";
import { uuid7 } from "./uuid7.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */

/**
 * @param {Database} db
 * @param {ReturnType<typeof import("./clock.mjs").pageClock>} clock
 * @param {string} servedLast  the last position that the server had, of which this device may know
 *   nothing yet; "" if none
 * @param {() => void} onEdit  there is something to send
 */
export function localTodos(db, clock, servedLast, onEdit) {
  /**
   * Set fields of the todos that `choose` picks, all under one stamp, which is returned.
   * @param {(store: Store) => Promise<TodoRecord[]>} choose
   * @param {Record<string, any> | ((record: TodoRecord) => Record<string, any>)} values
   * @returns {Promise<string | undefined>}
   */
  async function change(choose, values) {
    const stamp = await db.write(async (store) => {
      const [records, tick] = await Promise.all([choose(store), clock.readIn(store)]);
      if (!records.length) return undefined;
      const when = tick();
      for (const record of records)
        store.putTodo(edited(record, values instanceof Function ? values(record) : values, when));
      return when.stamp;
    });
    if (stamp) onEdit();
    return stamp;
  }

  /**
   * Rejects when the store has lost the todo, so that nobody takes the edit for kept.
   * @param {string} id @param {Record<string, any>} values
   */
  const edit = (id, values) =>
    change(async (store) => {
      const record = await store.getTodo(id);
      if (!record) throw new Error(`the local store has no todo ${id}`);
      return [record];
    }, values);

  /** @param {(record: TodoRecord) => boolean} test @param {Record<string, any>} values */
  const editAll = (test, values) =>
    change(
      async (store) =>
        (await store.getAllTodos()).filter((record) => !record.deleted && test(record)),
      values,
    );

  return {
    /** Return an id for a todo that is to be added. */
    newId: () => uuid7(wall()),

    /** Append a todo. @param {string} id @param {string} text */
    async add(id, text) {
      await db.write(async (store) => {
        const [known, tick] = await Promise.all([store.getLastPosition(), clock.readIn(store)]);
        const last = known && known > servedLast ? known : servedLast || null;
        // With no room left after it, the last key itself: ties go by id, and new ids are greater.
        const position = between(last, null, jitter()) ?? last;
        const values = { text, completed: false, position, deleted: false };
        store.putTodo(edited(unknown(id), values, tick()));
      });
      onEdit();
    },

    /** @param {string} id @param {string} text */
    rename: (id, text) => edit(id, { text }),

    /** @param {string} id @param {boolean} completed */
    toggle: (id, completed) => edit(id, { completed }),

    /** @param {string} id */
    remove: (id) => edit(id, { deleted: true }),

    /** @param {boolean} completed */
    toggleAll: (completed) => editAll((record) => record.completed !== completed, { completed }),

    clearCompleted: () => editAll((record) => record.completed, { deleted: true }),

    /**
     * Take a deletion back: a new edit (M10). What was parked, and went with the deletion, comes
     * back with it. A todo that was deleted once more since, elsewhere, stays deleted.
     * @param {TodoRecord[]} before  what was deleted, as it was
     * @param {string} stamp  of the deletion
     */
    restore(before, stamp) {
      const parked = new Map(before.map((record) => [record.id, refusedValues(record)]));
      return change(
        async (store) => {
          const found = await store.getTodos(before.map(({ id }) => id));
          return found.filter(({ clocks }) => clocks.deleted === stamp);
        },
        ({ id }) => ({ ...parked.get(id), deleted: false }),
      );
    },

    /** Give up what the server refuses of a todo that it has. @param {string} id */
    discard: (id) =>
      db.write(async (store) => {
        const record = await store.getTodo(id);
        if (record) store.putTodo(discarded(record));
      }),

    /** Make edits again that were discarded. @param {string} id @param {Record<string, any>} values */
    again: edit,
  };
}
