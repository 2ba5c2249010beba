// @ts-check
/**
 * The sync: push what the server has not acknowledged, pull what it has that is new here. The
 * client half of todos/sync.py, and the only place that fetches.
 *
 * A sync changes the local store in one transaction per reply, all or nothing (C4); whatever fails,
 * sending again is safe, since the merge is a join.
 */

import { seeIn, setBackIn, wall } from "./clock.mjs";
import { newNode } from "./device.mjs";
import { stampsOf } from "./merge.mjs";
import { forgetEmptied } from "./past.mjs";
import { batch, isReply, PROTOCOL, wireTodos } from "./protocol.mjs";
import {
  acknowledged,
  offered,
  parked,
  received,
  restamped,
  unknown,
  unoffered,
} from "./record.mjs";
import { checkedIn, digestIn } from "./self-check.mjs";
import { confirmedIn, unconfirmedIn } from "./served.mjs";
import { csrfToken } from "./session.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./browserDB.mjs").Store} Store */
/** @typedef {import("./device.mjs").Device} Device */
/** @typedef {import("./merge.mjs").Version} Version */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/** @typedef {import("./session.mjs").Page} Page */
/**
 * @typedef {object} Outcome  what a sync came to
 * @property {"synced" | "offline" | "busy" | "signed-out" | "other-account" | "outdated" |
 *   "too-large" | "clock-ahead" | "refused" | "full" | "not-kept"} outcome
 * @property {number | undefined} [retryAfter]  seconds that the server asks to wait
 * @property {string | undefined} [wipe]  the server says that this device is to keep nothing: why, a sentence
 */
/** @typedef {{sent: number, received: number, serverTime: number}} Timing  all in ms */

const LONGEST_WAIT = 30_000; // ms, for one answer
const MOST_KEPT_ALIVE = 60_000; // bytes of a request that outlives its page: browsers take 64 KiB
const MOST_SETBACKS = 2; // of a kind in one sync; after that it is tried later

/** The outcome for each code of the server's errors; others mean that it is in trouble. */
const OUTCOMES = /** @type {Record<string, Outcome["outcome"]>} */ ({
  busy: "busy",
  csrf: "refused",
  malformed: "refused",
  other_account: "other-account",
  protocol: "outdated",
  signed_out: "signed-out",
  too_large: "too-large",
  too_many_requests: "busy",
});

/** A field that is refused for one of these is sent again by itself (M9, S5). */
const LATER = new Set(["clock_ahead", "clock_wrong", "incomplete"]);

/**
 * Sync until both sides have all, in as many requests as it takes. Never rejects for what a
 * network or a server may do; rejects when the local store fails.
 * @param {Database} db @param {Page} page @param {Device} device @returns {Promise<Outcome>}
 */
export async function syncTodos(db, page, device) {
  const limits = { ...page.limits };
  const skipped = /** @type {Set<string>} */ (new Set()); // too large even for a request of their own
  let setbacks = 0;
  let inVain = 0; // of those, since the server last took anything
  for (;;) {
    const ask = await prepare(db, page.account, device, limits, skipped);
    const answer = await post(ask);
    const ids = new Set(ask.todos.map(({ id }) => id));
    if (answer.outcome === "too-large" && ids.size && inVain <= MOST_SETBACKS) {
      limits.todosPerRequest = ids.size > 1 ? Math.ceil(ids.size / 2) : page.limits.todosPerRequest;
      if (ids.size === 1) {
        for (const id of ids) skipped.add(id);
        inVain += 1;
      }
      continue;
    }
    if (!("reply" in answer)) return answer;
    inVain = 0;
    const { again, setback, ahead } = await db.write((store) => apply(store, ask, answer, device));
    setbacks += setback ? 1 : 0;
    if (setbacks > MOST_SETBACKS) return { outcome: "refused" };
    if (again) continue;
    if (skipped.size) return { outcome: "too-large" };
    return { outcome: ahead ? "clock-ahead" : "synced" };
  }
}

/**
 * Return when all was last exchanged with the server, in this device's time: Unix time in ms.
 * @param {Store} store @returns {Promise<number | undefined>}
 */
export const syncedAt = (store) => store.getMeta("syncedAt");

/** Tell whether the store has all that there is at a head. @param {Store} store @param {string} head */
export const isAt = async (store, head) => (await store.getMeta("cursor")) === head;

/** Tell whether all pages have been pulled once. @param {Store} store @returns {Promise<boolean>} */
export const isWhole = async (store) => Boolean(await store.getMeta("whole"));

/**
 * Write a request from what the store has now.
 * @param {Database} db @param {string} account @param {Device} device
 * @param {Page["limits"]} limits @param {Set<string>} skipped  todos to be left out
 */
function prepare(db, account, device, limits, skipped) {
  return db.read(async (store) => {
    const { todos, cut } = await unsentIn(store, limits, skipped);
    const standing = (lastStanding = await standingIn(store));
    const told = await store.getMeta("persisted");
    const persisted = device.persisted === told ? undefined : device.persisted; // only what is new
    const says = { ...standing, persisted, digest: await digestIn(store), todos };
    return { standing, todos, cut, persisted, body: bodyOf(account, device, says) };
  });
}

/**
 * Return what one request takes of what is unsent, reading little more than that of the store.
 * @param {Store} store @param {import("./protocol.mjs").Limits} limits @param {Set<string>} skipped
 */
async function unsentIn(store, limits, skipped) {
  const ids = (await store.getUnsyncedIds()).filter((id) => !skipped.has(id));
  /** @type {TodoRecord[]} */
  let sent = [];
  const most = limits.todosPerRequest;
  for (let at = 0; at < ids.length; at += most) {
    const records = await store.getTodos(ids.slice(at, at + most));
    sent = sent.concat(records.filter((record) => wireTodos(record).length)); // not what is parked
    const isFull = sent.length >= most && at + most < ids.length;
    if (isFull) return { todos: batch(sent, limits).todos, cut: true };
  }
  return batch(sent, limits);
}

/** @param {string} account @param {Device} device @param {Record<string, any>} says */
function bodyOf(account, { id, secret, replaces }, says) {
  const who = { protocol: PROTOCOL, account, device: id, secret, replaces };
  return JSON.stringify({ ...who, ...says });
}

/** Where the store stood when it was last looked at, for who has no time to look. */
let lastStanding = /** @type {Awaited<ReturnType<typeof standingIn>>} */ ({
  cursor: null,
  pages: [],
});

/**
 * The page goes: send what is unsent in a request that outlives it. Its answer reaches nobody, and
 * whoever opens the store next sends it again.
 * @param {Page} page @param {Device} device @param {TodoRecord[]} unsynced
 */
export function farewell(page, device, unsynced) {
  const limits = { ...page.limits, bytesPerRequest: MOST_KEPT_ALIVE };
  const { todos } = batch(unsynced, limits);
  const body = bodyOf(page.account, device, { ...lastStanding, todos });
  const options = { retry: false, keepalive: true };
  const ask = { standing: lastStanding, todos, cut: false, persisted: undefined, body };
  if (todos.length) post(ask, options);
}

/** Return what a request says of where the store stands. @param {Store} store */
async function standingIn(store) {
  const cursor = (await store.getMeta("cursor")) ?? null;
  return { cursor, pages: (await unconfirmedIn(store)).cursors };
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Ask */
/** @typedef {{outcome: "synced", reply: any, timing: Timing}} Answered */

/**
 * Send a request. Everything that is no answer of our own server counts as being offline.
 * @param {Ask} ask
 * @param {object} [options]
 * @param {boolean} [options.retry]  whether a stale token may be renewed
 * @param {boolean} [options.keepalive]  whether the request outlives its page
 * @returns {Promise<Answered | Outcome>}
 */
async function post(ask, { retry = true, keepalive = false } = {}) {
  const sent = wall();
  try {
    const token = csrfToken();
    const csrf = token instanceof Promise ? await token : token; // a page that goes cannot wait
    const response = await request("/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: ask.body,
      keepalive,
    });
    if (response.status === 413) return { outcome: "too-large" }; // whoever on the way said so
    const content = await response.json();
    if (response.ok && isReply(content, ask.todos.length)) {
      const timing = { serverTime: content.serverTime, sent, received: wall() };
      return { outcome: "synced", reply: content, timing };
    }
    if (content.error === "csrf" && retry) {
      await request("/", {}); // brings a fresh token
      return post(ask, { retry: false, keepalive });
    }
    const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
    const wipe = content.wipe === true ? String(content.message) : undefined;
    return { outcome: OUTCOMES[content.error] ?? "offline", retryAfter, wipe };
  } catch {
    return { outcome: "offline" };
  }
}

/**
 * Ask for a todo's history; undefined when the server does not answer, or does not know the todo.
 * @param {string} id @returns {Promise<import("./past.mjs").Told | undefined>}
 */
export async function askHistory(id) {
  try {
    const response = await request(`/todos/${id}/history.json`, {});
    const content = await response.json();
    return response.ok && content.id === id ? { ...content, at: wall() } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} address @param {RequestInit} options */
function request(address, options) {
  const signal = AbortSignal.timeout(LONGEST_WAIT);
  return fetch(address, { cache: "no-store", redirect: "error", signal, ...options });
}

/**
 * Apply a reply: verdicts, rows, cursor and clock, in the caller's transaction. Returns whether
 * there is more to sync, whether this was a setback, and whether the clock is ahead.
 * @param {Store} store @param {Ask} ask @param {Answered} answer @param {Device} device
 */
async function apply(store, ask, { reply, timing }, device) {
  const isOvertaken = JSON.stringify(await standingIn(store)) !== JSON.stringify(ask.standing);
  if (isOvertaken) return { again: true, setback: false, ahead: false }; // C4
  const records = await load(store, [...ask.todos, ...reply.todos]);
  const before = new Map(records);
  for (const [index, sent] of ask.todos.entries())
    records.set(sent.id, judged(known(records, sent.id), sent, reply.results[index]));
  for (const row of reply.todos) records.set(row.id, received(known(records, row.id), row));
  const clock = await seeIn(store, [...stampsOf(reply.todos), ...stampsStored(ask, reply)], timing);
  const by = { node: newNode(device), correction: clock.correction, latest: reply.serverTime };
  const wrong = stampAnew(records, ask, reply, by);
  await putChanged(store, records, before);
  await forgetEmptied(store, records.values());
  if (wrong) await setBackIn(store, stampsUnsent(await store.getUnsynced()));
  if (reply.reset) await offerAll(store, before);
  else if (!reply.more) {
    store.putMeta("whole", true);
    store.putMeta("syncedAt", timing.received);
  }
  if (reply.checked || reply.reset) checkedIn(store);
  if (ask.persisted !== undefined) store.putMeta("persisted", ask.persisted);
  store.putMeta("cursor", reply.cursor);
  confirmedIn(store);
  return whatIsLeft(ask, reply);
}

/** @param {Ask} ask @param {any} reply */
function whatIsLeft(ask, { results, reset, more }) {
  /** @param {(result: any) => boolean} test @returns {boolean} */
  const some = (test) => results.some(test);
  const setback =
    reset ||
    some(({ status }) => status === "incomplete") ||
    some((result) => fieldsWith(result, "clock_wrong").length > 0);
  const rest = ask.cut && some(({ status }) => status === "stored");
  const ahead = some((result) => fieldsWith(result, "clock_ahead").length > 0);
  return { again: more || setback || rest, setback, ahead };
}

/**
 * Apply the verdict on one todo that was sent (M5, M9).
 * @param {TodoRecord} record @param {Version} sent @param {any} result
 */
function judged(record, sent, result) {
  if (result.status === "incomplete") return offered(record);
  const stored = storedIn(sent, result);
  const final = refusedIn(sent, result).filter((field) => !LATER.has(result.errors[field]));
  const reason = { error: result.error, message: result.message };
  const settled = parked(acknowledged(record, stored), sent.clocks, final, reason);
  return unoffered(settled, stored.clocks);
}

/** Return the fields that are not stored. @param {Version} sent @param {any} result @returns {string[]} */
function refusedIn(sent, { status, fields }) {
  if (status === "stored") return [];
  return fields?.length ? fields : Object.keys(sent.clocks);
}

/** Return what is stored of a todo that was sent. @param {Version} sent @param {any} result */
function storedIn(sent, result) {
  const refused = refusedIn(sent, result);
  const stored = /** @type {Version} */ ({ clocks: {} });
  for (const [field, stamp] of Object.entries(sent.clocks)) {
    if (refused.includes(field)) continue;
    stored[field] = sent[field];
    stored.clocks[field] = stamp;
  }
  return stored;
}

/**
 * Stamp anew what was stamped by a wrong clock; tell whether anything was (S5).
 * @param {Map<string, TodoRecord>} records @param {Ask} ask @param {any} reply
 * @param {Parameters<typeof restamped>[3]} by
 */
function stampAnew(records, ask, { results }, by) {
  let any = false;
  for (const [index, { id, clocks }] of ask.todos.entries()) {
    const fields = fieldsWith(results[index], "clock_wrong");
    if (fields.length) records.set(id, restamped(known(records, id), clocks, fields, by));
    any ||= fields.length > 0;
  }
  return any;
}

/** Return the fields that a verdict refuses for this. @param {any} result @param {string} code */
function fieldsWith({ errors = {} }, code) {
  return Object.keys(errors).filter((field) => errors[field] === code);
}

/**
 * Let all that this device has be sent again: the join sorts it out (R6). What the server has just
 * acknowledged, too: it may be a tombstone there, and a first pull leaves those out (R2).
 * @param {Store} store
 * @param {Map<string, TodoRecord>} before  what the reply found: it has replaced copies of these
 */
async function offerAll(store, before) {
  const records = new Map((await store.getAllTodos()).map((record) => [record.id, record]));
  const { replaced } = await unconfirmedIn(store);
  for (const { id, server } of before.values()) replaced.push({ ...server, id });
  for (const copy of replaced) records.set(copy.id, offered(known(records, copy.id), [copy]));
  await store.putTodos([...records.values()].map((record) => offered(record)));
}

/** @param {Store} store @param {Version[]} versions */
async function load(store, versions) {
  const found = await store.getTodos([...new Set(versions.map(({ id }) => id))]);
  return new Map(found.map((record) => [record.id, record]));
}

/** @param {Map<string, TodoRecord>} records @param {string} id */
const known = (records, id) => records.get(id) ?? unknown(id);

/**
 * Write only what is not as it was.
 * @param {Store} store @param {Map<string, TodoRecord>} records
 * @param {Map<string, TodoRecord>} before
 */
function putChanged(store, records, before) {
  return store.putTodos([...records.values()].filter((each) => before.get(each.id) !== each));
}

/** Return the stamps that are still to be sent. @param {TodoRecord[]} records */
const stampsUnsent = (records) =>
  records
    .flatMap(({ unsent }) => Object.values(unsent))
    .filter(({ refused }) => !refused)
    .map(({ stamp }) => stamp);

/** Return the stamps that a reply acknowledges. @param {Ask} ask @param {any} reply */
const stampsStored = (ask, { results }) =>
  stampsOf(ask.todos.map((sent, index) => storedIn(sent, results[index])));
