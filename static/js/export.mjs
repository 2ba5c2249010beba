// @ts-check
/**
 * The account as a file, from what this device has, also without a network. Twin of
 * todos/export.py, and imported like a file of the server's: docs/reference/export-format.md.
 */

import { wall } from "./clock.mjs";
import { msOf } from "./hlc.mjs";
import { toldIn } from "./past.mjs";
import { isEmptied } from "./record.mjs";
import { saveFile } from "./save-file.mjs";
import { isWhole } from "./sync.mjs";
import { find } from "./todo-row.mjs";

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./merge.mjs").Version} Version */
/** @typedef {import("./past.mjs").Told} Told */
/** @typedef {import("./sentences.mjs").Value} Value */

const FORMAT = "simplesync-account";
const VERSION = 1;
const AT_ONCE = 2_000; // records that are written before the page may draw

/**
 * Let the button save all that there is; return what saves some records.
 * @param {import("./session.mjs").Page} page @param {import("./device.mjs").Device} device
 * @param {import("./browserDB.mjs").Database} db
 */
export function takeExport({ account, user }, { id }, db) {
  const bar = /** @type {HTMLProgressElement} */ (find(document, ".exporting"));

  /** @param {TodoRecord[]} records @param {boolean} complete @param {Told[]} [histories] */
  async function save(records, complete, histories = []) {
    const told = new Map(histories.map((each) => [each.id, each.values]));
    const now = new Date(wall()).toISOString();
    const head = { format: FORMAT, version: VERSION, from: "device", complete };
    const devices = [{ id, userAgent: navigator.userAgent }];
    const begins = Math.max(0, ...histories.map((each) => each.begins));
    const historyBegins = begins ? new Date(begins).toISOString() : undefined; // and left out
    const who = { exportedAt: now, user, account, historyBegins, devices };
    const parts = [JSON.stringify({ ...head, ...who }).slice(0, -1)];
    const showProgress = (/** @type {number} */ done) => (bar.value = done / (2 * records.length));
    parts.push(
      ',\n"todos": ',
      ...(await array(records, (record) => [versionOf(record)], showProgress)),
    );
    const halfway = (/** @type {number} */ done) => showProgress(records.length + done);
    const valuesOf = (/** @type {TodoRecord} */ record) =>
      formerValues(record, told.get(record.id) ?? []);
    parts.push(',\n"history": ', ...(await array(records, valuesOf, halfway)), "\n}\n");
    const file = new Blob(parts, { type: "application/json" });
    saveFile(file, `simplesync-${now.slice(0, 10)}.json`);
  }

  find(document, ".export").addEventListener("click", async () => {
    if (!bar.hidden) return; // one at a time; a button that is disabled would lose the focus
    bar.hidden = false;
    try {
      const kept = await db.read(async (store) => ({
        records: await store.getAllTodos(),
        whole: await isWhole(store),
        histories: await toldIn(store),
      }));
      await save(kept.records, kept.whole, kept.histories);
    } finally {
      bar.hidden = true;
    }
  });
  return { save: (/** @type {TodoRecord[]} */ records) => save(records, false) };
}

/**
 * Write what records give as an array, an entry on each line.
 * @param {TodoRecord[]} records @param {(record: TodoRecord) => object[]} entriesOf
 * @param {(done: number) => void} showProgress
 */
async function array(records, entriesOf, showProgress) {
  const parts = [];
  for (let at = 0; at < records.length; at += AT_ONCE) {
    for (const entry of records.slice(at, at + AT_ONCE).flatMap(entriesOf))
      parts.push(`${parts.length ? "," : ""}\n${JSON.stringify(entry)}`);
    showProgress(at);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return ["[", ...parts, "\n]"];
}

/**
 * Return a record as on the wire: the server's copy joined with what is unsent, fields that this
 * version does not know included.
 * @param {TodoRecord} record
 */
function versionOf(record) {
  const { id, text, completed, position, deleted, clocks } = record;
  const others = Object.keys(clocks).map((field) => [field, /** @type {any} */ (record)[field]]);
  return { id, text, completed, position, deleted, ...Object.fromEntries(others), clocks };
}

/**
 * Return the values that a device still has beside those that it shows: the histories that were
 * opened last, the server's copy where it has a later edit of its own, and former copies. Whatever
 * else a device keeps of the history belongs here, too. What was emptied is not brought back by a
 * history that was opened before.
 * @param {TodoRecord} record @param {Value[]} told
 */
function formerValues(record, told) {
  const found = new Map(
    [...ownValues(record), ...(isEmptied(record) ? [] : told)] // what was told knows of conflicts
      .map(({ field, value, stamp, conflict }) => [
        `${field} ${stamp}`,
        { todo: record.id, field, value, stamp, ...(conflict ? { conflict } : {}) },
      ]),
  );
  const former = [...found.values()].filter(({ field, stamp }) => stamp !== record.clocks[field]);
  return former.map((each) => ({ ...each, replacedAt: replacedAt(each, former, record) }));
}

/**
 * Return the values of a record that are not those that it shows.
 * @param {TodoRecord} record @returns {Value[]}
 */
function ownValues(record) {
  const edits = Object.entries(record.unsent).map(([field, { value, stamp }]) => ({
    [field]: value,
    clocks: { [field]: stamp },
  }));
  const copies = /** @type {Version[]} */ ([record.server, ...(record.offered ?? []), ...edits]);
  return copies
    .flatMap((copy) =>
      Object.entries(copy.clocks).map(([field, stamp]) => ({ field, value: copy[field], stamp })),
    )
    .filter(({ field, value }) => value !== /** @type {any} */ (record)[field]);
}

/**
 * Return when a value was replaced, as far as a device can tell: when the next one was made.
 * @param {Value} value @param {Value[]} former  with this one @param {TodoRecord} record
 */
function replacedAt({ field, stamp }, former, { clocks }) {
  const stamps = former.filter((each) => each.field === field).map((each) => each.stamp);
  const [next = stamp] = [...stamps, clocks[field] ?? ""].filter((each) => each > stamp).sort();
  return new Date(Math.min(msOf(next), wall())).toISOString();
}
