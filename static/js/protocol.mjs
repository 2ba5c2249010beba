// @ts-check
/**
 * The wire of `POST /sync`, as the client writes and reads it. Twin of todos/protocol.py, from
 * which the page brings the limits.
 */

import { FIELDS, NEEDED } from "./fields.mjs";
import { ZERO } from "./hlc.mjs";
import { merge } from "./merge.mjs";

/** @typedef {import("./merge.mjs").Version} Version */
/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */
/**
 * @typedef {object} Limits  of the server's that a client has to keep
 * @property {number} text  code points
 * @property {number} todosPerRequest
 * @property {number} pagesPerRequest
 * @property {number} bytesPerRequest
 */

export const PROTOCOL = 1;

/**
 * Return what a record has to send: the copies that it offers (R6), then the fields that the server
 * has not acknowledged. A whole version goes first, since the server may not know the todo (M4): a
 * copy, or if none is whole the join of everything.
 * @param {TodoRecord} record @returns {Version[]}
 */
export function wireTodos(record) {
  const unsent = unsentVersion(record);
  const copies = [...(record.offered ?? [])].sort((a, b) => sizeOfClocks(b) - sizeOfClocks(a));
  const largest = copies[0]?.clocks;
  const isPart = largest && !NEEDED.every((field) => field in largest);
  const join = isPart ? [copies.reduce(merge, unsent)] : [];
  return [...join, ...copies, unsent]
    .filter((version) => Object.keys(version.clocks).length)
    .map((version) => ({ ...version, id: record.id }));
}

/** @param {Version} version */
const sizeOfClocks = ({ clocks }) => Object.keys(clocks).length;

/**
 * Return the unsent fields that are not parked. A todo that the server has never stored is not
 * sent without its parked fields, unless it is deleted: the server could not store the rest.
 * @param {TodoRecord} record @returns {Version}
 */
function unsentVersion({ server, unsent, deleted }) {
  const entries = Object.entries(unsent);
  const free = entries.filter(([, edit]) => !edit.refused);
  const unknown = !Object.keys(server.clocks).length;
  if (unknown && free.length < entries.length && !deleted) return { clocks: {} };
  /** @type {Version} */
  const version = { clocks: {} };
  // Of a field that the todo can do without, it may have been seen that nobody had set it.
  const isTold = (/** @type {string} */ field, /** @type {string} */ seen) =>
    FIELDS[field]?.contested && (seen !== ZERO || (!unknown && !NEEDED.includes(field)));
  const told = free.filter(([field, { seen }]) => isTold(field, seen));
  if (told.length)
    version.seen = Object.fromEntries(told.map(([field, { seen }]) => [field, seen]));
  for (const [field, { value, stamp }] of free) {
    version[field] = value;
    version.clocks[field] = stamp;
  }
  return version;
}

/**
 * Take as many todos as one request may have, by number and by bytes.
 * @param {TodoRecord[]} records @param {Limits} limits
 */
export function batch(records, limits) {
  const todos = [];
  let bytes = 1_000; // the rest of the request
  for (const record of records) {
    const versions = wireTodos(record);
    bytes += versions.reduce((sum, version) => sum + sizeOf(version), 0);
    const full = todos.length + versions.length > limits.todosPerRequest;
    if (todos.length && (full || bytes > limits.bytesPerRequest)) return { todos, cut: true };
    todos.push(...versions);
  }
  return { todos, cut: false };
}

/** @param {Version} version */
const sizeOf = (version) => new TextEncoder().encode(JSON.stringify(version)).length + 1;

/**
 * Tell whether an answer is one of this protocol: a captive portal's, say, is not.
 * @param {any} content @param {number} sent  how many todos the request had
 */
export function isReply(content, sent) {
  return (
    content?.ok === true &&
    content.protocol === PROTOCOL &&
    Number.isFinite(content.serverTime) &&
    (content.cursor === null || typeof content.cursor === "string") &&
    Array.isArray(content.todos) &&
    Array.isArray(content.results) &&
    content.results.length === sent
  );
}
