// @ts-check
/**
 * Group commit: what is to be written while a transaction is under way goes into the next one
 * together, since to make it durable costs as much for one edit as for a hundred.
 */

/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./browserDB.mjs").TodoRecord} TodoRecord */
/** @typedef {(store: Store) => Promise<any>} Work */
/** @typedef {{work: Work, resolve: (result: any) => void, reject: (error: unknown) => void}} Asked */
/** @typedef {{result: any, changed: TodoRecord[]}} Kept */

/**
 * @param {(work: Work) => Promise<Kept>} transact  runs work in one transaction, all or nothing
 * @param {(changed: TodoRecord[]) => void} onKept  is told what each transaction has put
 */
export function groupCommit(transact, onKept) {
  /** @type {Asked[]} */
  const waiting = [];
  let running = false;
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();

  async function run() {
    running = true;
    while (waiting.length) await commit(waiting.splice(0)).catch(reportError);
    running = false;
  }

  /** Whoever fails takes nobody along: then each gets a transaction of its own. @param {Asked[]} group */
  async function commit(group) {
    const kept = await transact((store) => inOrder(group, store)).catch((error) => ({ error }));
    if (!("error" in kept)) settle(group, kept);
    else if (group.length === 1 || kept.error?.name === "TimeoutError")
      for (const { reject } of group) reject(kept.error);
    else for (const asked of group) await commit([asked]);
  }

  /** @param {Asked[]} group @param {Kept} kept */
  function settle(group, { result, changed }) {
    for (const [index, { resolve }] of group.entries()) resolve(result[index]);
    if (changed.length) onKept(changed);
  }

  return {
    /** Do some work in a transaction, after all that was asked for before. @param {Work} work */
    write(work) {
      const done = new Promise((resolve, reject) => waiting.push({ work, resolve, reject }));
      last = done.catch(() => {});
      if (!running) run();
      return done;
    },

    /** Return when all is settled that was asked for until now. */
    settled: () => last,
  };
}

/** @param {Asked[]} group @param {Store} store */
async function inOrder(group, store) {
  const results = [];
  for (const { work } of group) results.push(await work(store));
  return results;
}
