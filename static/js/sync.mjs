// @ts-check
/**
 * The sync: push what the server has not acknowledged, pull what it has that is new here. The
 * client half of todos/sync.py, and the only place that fetches.
 *
 * A sync changes the local store in one transaction per reply, all or nothing (C4); whatever fails,
 * sending again is safe, since the merge is a join.
 */

import { seeIn, wall } from "./clock.mjs";
import { batch, isReply, PROTOCOL } from "./protocol.mjs";
import { acknowledged, offered, parked, received, unknown, unoffered } from "./record.mjs";
import { csrfToken } from "./session.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./session.mjs").Page} Page */
/** @typedef {import("./merge.mjs").Version} Version */
/**
 * @typedef {object} Outcome  what a sync came to
 * @property {"synced" | "offline" | "signed-out" | "other-account" | "outdated" | "too-large" |
 *   "refused"} outcome
 * @property {number} [retryAfter]  seconds that the server asks to wait
 */

/** A field that is refused for one of these is sent again by itself (M9). */
const LATER = new Set(["clock_ahead", "incomplete"]);

const LONGEST_WAIT = 30_000; // ms, for one answer

/** The outcome for each code of the server's errors; others mean that it is in trouble. */
const OUTCOMES = /** @type {Record<string, Outcome["outcome"]>} */ ({
  signed_out: "signed-out",
  other_account: "other-account",
  protocol: "outdated",
  too_large: "too-large",
  csrf: "refused",
  malformed: "refused",
});

/**
 * Sync until both sides have all, in as many requests as it takes. Never rejects for what a
 * network or a server may do.
 * @param {Database} db @param {Page} page @returns {Promise<Outcome>}
 */
export async function syncTodos(db, page) {
  const limits = { ...page.limits };
  let resets = 0;
  for (;;) {
    const ask = await prepare(db, page.account, limits);
    const answer = await post(ask.body);
    if (answer.outcome === "too-large" && ask.todos.length > 1) {
      limits.todosPerRequest = Math.ceil(ask.todos.length / 2);
      continue;
    }
    if (!answer.reply) return { outcome: answer.outcome, retryAfter: answer.retryAfter };
    resets += answer.reply.reset ? 1 : 0;
    const again = await db.write((store) => apply(store, ask, answer));
    if (!again) return { outcome: "synced" };
    if (resets > 1) return { outcome: "offline" }; // a server that resets again and again: later
  }
}

/**
 * Write a request from what the store has now.
 * @param {Database} db @param {string} account @param {Record<string, number>} limits
 */
function prepare(db, account, limits) {
  return db.read(async (store) => {
    const cursor = (await store.getMeta("cursor")) ?? null;
    const device = await store.getMeta("device");
    const { todos, cut } = batch(await store.getUnsynced(), limits);
    const who = { protocol: PROTOCOL, account, device: device.id, secret: device.secret };
    return { cursor, todos, cut, body: JSON.stringify({ ...who, cursor, todos }) };
  });
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Ask */
/** @typedef {{outcome: Outcome["outcome"], retryAfter?: number, reply?: any, timing?: any}} Answer */

/**
 * Send a request. Everything that is no answer of our own server counts as being offline.
 * @param {string} body @param {boolean} [retry]  whether a stale token may be renewed
 * @returns {Promise<Answer>}
 */
async function post(body, retry = true) {
  const sent = wall();
  const sentTodos = JSON.parse(body).todos.length;
  try {
    const response = await fetch("/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body,
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
    const content = await response.json();
    if (response.ok && isReply(content, sentTodos)) {
      const timing = { serverTime: content.serverTime, sent, received: wall() };
      return { outcome: "synced", reply: content, timing };
    }
    if (content.error === "csrf" && retry) {
      await fetch("/", { cache: "no-store" }); // brings a fresh token
      return post(body, false);
    }
    const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
    return { outcome: OUTCOMES[content.error] ?? "offline", retryAfter };
  } catch {
    return { outcome: "offline" };
  }
}

/**
 * Apply a reply: verdicts, rows and cursor, in the caller's transaction. Returns whether there is
 * more to sync.
 * @param {Store} store @param {Ask} ask @param {Answer} answer
 */
async function apply(store, ask, { reply, timing }) {
  const cursor = (await store.getMeta("cursor")) ?? null;
  if (cursor !== ask.cursor) return true; // another tab was faster (C4)
  const records = await load(store, [...ask.todos, ...reply.todos]);
  const before = new Map(records);
  let again = reply.more || (ask.cut && reply.results.some(isProgress));
  for (const [index, result] of reply.results.entries()) {
    const sent = ask.todos[index];
    records.set(sent.id, judged(known(records, sent.id), sent, result));
    again ||= result.status === "incomplete";
  }
  for (const row of reply.todos) records.set(row.id, received(known(records, row.id), row));
  for (const [id, record] of records) if (before.get(id) !== record) store.putTodo(record);
  if (reply.reset) await offerAll(store);
  store.putMeta("cursor", reply.cursor);
  await seeIn(store, reply.todos.flatMap((/** @type {Version} */ row) => Object.values(row.clocks)), timing);
  return again || reply.reset;
}

/** @param {{status: string}} result */
const isProgress = (result) => result.status !== "rejected";

/** @param {Store} store @param {Version[]} versions */
async function load(store, versions) {
  const ids = [...new Set(versions.map(({ id }) => id))];
  const found = await Promise.all(ids.map((id) => store.getTodo(id)));
  return new Map(found.flatMap((record) => (record ? [[record.id, record]] : [])));
}

/** @param {Map<string, TodoRecord>} records @param {string} id */
const known = (records, id) => records.get(id) ?? unknown(id);

/**
 * Apply the verdict on one todo that was sent (M5, M9).
 * @param {TodoRecord} record @param {Version} sent @param {any} result
 */
function judged(record, sent, result) {
  if (result.status === "stored") return unoffered(acknowledged(record, sent.clocks));
  if (result.status === "incomplete") return offered(record);
  const refused = result.fields?.length ? result.fields : Object.keys(sent.clocks);
  const stored = Object.entries(sent.clocks).filter(([field]) => !refused.includes(field));
  const late = refused.filter((/** @type {string} */ field) => LATER.has(result.errors?.[field]));
  const final = refused.filter((/** @type {string} */ field) => !late.includes(field));
  const reason = { error: result.error, message: result.message };
  return parked(acknowledged(record, Object.fromEntries(stored)), sent.clocks, final, reason);
}

/** Mark all that this device has to be sent again: the join sorts it out (R6). @param {Store} store */
async function offerAll(store) {
  for (const record of await store.getAllTodos()) store.putTodo(offered(record));
}
