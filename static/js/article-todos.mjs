// @ts-check
/**
 * The todos of the article's own app, if this browser has any: in a database `local-todos` that
 * belongs to nobody in particular. They are taken over when somebody says that they are theirs.
 */

import { deleteDatabase, readRows } from "./browserDB.mjs";
import { advanceIn, wall } from "./clock.mjs";
import { pack } from "./hlc.mjs";
import { between, jitter } from "./position.mjs";
import { ask } from "./question.mjs";
import { edited, unknown } from "./record.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./device.mjs").Device} Device */
/** @typedef {{id: string, text: string, completed: boolean, ms: number, node: string}} Found */

const NAME = "local-todos";
const ASK_AGAIN = 7 * 24 * 60 * 60_000; // ms
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Ask about them, and take them over or leave them where they are. The old database goes once the
 * new one has all that it had; when a tab dies before that, the same edits are made once more.
 * @param {Database} db @param {Device} device
 * @param {string} servedLast  the last position that the server had
 * @param {() => void} onTaken  there is something to send
 */
export async function offerArticleTodos(db, device, servedLast, onTaken) {
  try {
    const { length } = await readRows(NAME, "todos");
    if (!length || !(await isTimeToAsk(db))) return;
    const todos = length === 1 ? "1 todo" : `${length} todos`;
    const says = `Keep ${todos} found in this browser?`;
    if (!(await ask(says, "Keep", "Not now"))) {
      await db.write(async (store) => store.putMeta("articleDeclined", wall()));
      return;
    }
    const rows = await readRows(NAME, "todos"); // it may be a while since the question was put
    const found = await Promise.all(rows.map((row) => foundIn(row, device)));
    await db.write((store) => take(store, found, servedLast));
    onTaken();
    await deleteDatabase(NAME);
  } catch (error) {
    console.warn("The article's todos were not taken over:", error);
  }
}

/** @param {Database} db */
async function isTimeToAsk(db) {
  const declined = await db.read((store) => store.getMeta("articleDeclined"));
  return !declined || Math.abs(wall() - declined) >= ASK_AGAIN;
}

/**
 * Return what a row of the article's says. Its stamp follows from it, so that the same row makes
 * the same edit, however often it is read.
 * @param {any} row @param {Device} device @returns {Promise<Found>}
 */
async function foundIn({ id, text, completed, updatedAt }, device) {
  const ms = updatedAt > 0 ? Math.floor(Math.min(updatedAt, wall())) : 0;
  const todo = { text: String(text ?? ""), completed: completed === true, ms };
  const node = device.id.slice(0, 8) + (await digest(JSON.stringify([id, todo]))).slice(0, 8);
  return { ...todo, id: UUID.test(id) ? id : uuidOf(await digest(String(id))), node };
}

/**
 * Make edits of all that is not as it was found; every row counts as unsynced (A4).
 * @param {Store} store @param {Found[]} found @param {string} servedLast
 */
async function take(store, found, servedLast) {
  const known = (await store.getLastPosition()) ?? "";
  let last = (known > servedLast ? known : servedLast) || null;
  /** @type {string[]} */
  const stamps = [];
  for (const { id, text, completed, ms, node } of found.sort((a, b) => a.ms - b.ms)) {
    const record = (await store.getTodo(id)) ?? unknown(id);
    const stamp = pack(ms, 0, node);
    stamps.push(stamp);
    const isNew = !Object.keys(record.clocks).length;
    if (isNew) last = between(last, null, jitter()) ?? last;
    const place = isNew ? { position: last, deleted: false } : {};
    const values = { text, completed, ...place };
    const entries = Object.entries(values);
    const news = entries.filter(([field, value]) => isNews(record, field, value, stamp));
    if (news.length) store.putTodo(edited(record, Object.fromEntries(news), { stamp, wall: ms }));
  }
  await advanceIn(store, stamps);
}

/**
 * Tell whether a value is an edit (A2), and would not replace a later one that is still to be sent.
 * @param {import("./record.mjs").TodoRecord} record
 * @param {string} field @param {any} value @param {string} stamp
 */
function isNews(record, field, value, stamp) {
  const unsent = record.unsent[field];
  return record.server[field] !== value && (!unsent || unsent.stamp < stamp);
}

/** @param {string} text */
async function digest(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Write a digest as a UUID, version 8 of RFC 9562. @param {string} hex */
const uuidOf = (hex) => hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, "$1-$2-8$3-8$4-$5");
