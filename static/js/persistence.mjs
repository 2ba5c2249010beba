// @ts-check
/** Whether the browser may throw the local store away when it wants the space (F1). */

/**
 * Return a function that asks the browser to keep the store, once for all: to be called when there
 * is something to keep. A browser may ask its person, and need never answer.
 * @param {import("./browserDB.mjs").Database} db
 */
export function persistence(db) {
  let asked = !db.outlivesPage;
  return async () => {
    if (asked) return;
    asked = true;
    try {
      const known = await db.read((store) => store.getMeta("persisted"));
      const persisted = known ?? (await navigator.storage?.persist?.());
      if (persisted !== known) await db.write(async (store) => store.putMeta("persisted", persisted));
    } catch (error) {
      console.warn("The browser was not asked to keep the local store:", error);
    }
  };
}
