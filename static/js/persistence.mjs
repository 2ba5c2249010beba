// @ts-check
/** Whether the browser may throw the local store away when it wants the space (F1). */

const PATIENCE = 1_000; // ms for an answer that needs nobody

/**
 * Return a function that asks the browser to keep the store, once for all: to be called when there
 * is something to keep. A browser may ask its person, and need never answer.
 * @param {import("./browserDB.mjs").Database} db
 * @param {() => unknown} onAnswer  the browser may keep it now
 */
export function persistence(db, onAnswer) {
  let asked = !db.outlivesPage;
  return async () => {
    if (asked) return;
    asked = true;
    try {
      if (await db.read((store) => store.getMeta("askedToPersist"))) return;
      if ((await askToPersist()) === undefined) return; // another page may be answered
      onAnswer();
      await db.write(async (store) => store.putMeta("askedToPersist", true));
    } catch (error) {
      console.warn("The browser was not asked to keep the local store:", error);
    }
  };
}

/**
 * Ask the browser to keep what is stored; return its answer, or undefined where it cannot be asked.
 * @returns {Promise<boolean | undefined>}
 */
export const askToPersist = async () => navigator.storage?.persist?.();

/**
 * Return whether the browser keeps what is stored until its person says otherwise: undefined where
 * it does not say.
 * @returns {Promise<boolean | undefined>}
 */
export async function isPersisted() {
  const silence = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  return Promise.race([navigator.storage?.persisted?.(), silence]).catch(() => undefined);
}
