// @ts-check
/**
 * The account page's export and import, with a bar that shows how far it has come. Without this
 * script the links and the form do the same by themselves.
 */

import { saveFile } from "../save-file.mjs";

/** @typedef {{kind: string, number: number, text: string, reason: string}} Refusal */
/** @typedef {{member: string, first: number, entries: any[]}} Part */

const WHOLE = 900_000; // bytes: what is smaller is quickly sent by the form itself
const ENTRIES = 500; // in a part
const CHARACTERS = 300_000; // in a part: less than a million bytes whatever they are
const ATTEMPTS = 5;
const NAMED = 100; // bad entries, as on the server

const section = /** @type {HTMLElement} */ (document.querySelector(".files"));
const form = /** @type {HTMLFormElement} */ (find(".import-form"));
const error = find(".error");
const underWay = find(".under-way");
const bar = /** @type {HTMLProgressElement} */ (find("progress"));
const result = find(".imported");

for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
  section.querySelectorAll(".download")
))
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    work("Exporting…", () => download(link.href));
  });

form.addEventListener("submit", (event) => {
  const file = /** @type {HTMLInputElement} */ (find("input[type=file]")).files?.[0];
  if (!file || file.size <= WHOLE) return;
  event.preventDefault();
  work("Importing…", () => importInParts(file));
});

/** Show that something is under way, and what it came to. @param {string} says @param {() => Promise<void>} task */
async function work(says, task) {
  if (!underWay.hidden) return; // one at a time
  find(".under-way label").textContent = says;
  bar.removeAttribute("value");
  underWay.hidden = false;
  error.hidden = true;
  result.hidden = true;
  try {
    await task();
  } catch (failure) {
    error.textContent =
      failure instanceof Stopped ? failure.message : "That did not work. Try again.";
    error.hidden = false;
  } finally {
    underWay.hidden = true;
  }
}

/** What stops a task; the message is for the person. */
class Stopped extends Error {}

/** @param {string} address */
async function download(address) {
  const response = await fetch(address, { cache: "no-store", redirect: "error" });
  if (!response.ok || !response.body) throw new Stopped("The server could not export. Try again.");
  const total = Number(response.headers.get("Content-Length"));
  const pieces = [];
  let received = 0;
  const reader = response.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
    received += next.value.length;
    if (total) bar.value = received / total;
  }
  const [, name] =
    /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "") ?? [];
  saveFile(new Blob(pieces), name ?? "simplesync.json");
}

/** Send a file part by part, each one a small file of the same format. @param {File} file */
async function importInParts(file) {
  const content = await file
    .text()
    .then(JSON.parse)
    .catch(() => null);
  const { format, version, historyBegins, todos, history = [] } = content ?? {};
  if (!Array.isArray(todos) || !Array.isArray(history)) {
    form.submit(); // the server says what is wrong with it
    return;
  }
  const counts = /** @type {Record<string, number>} */ ({});
  const refusals = /** @type {Refusal[]} */ ([]);
  let done = 0;
  for (const { member, first, entries } of [
    ...parts("todos", todos),
    ...parts("history", history),
  ]) {
    const report = await send({ format, version, historyBegins, [member]: entries });
    for (const [name, value] of Object.entries(report))
      if (typeof value === "number") counts[name] = (counts[name] ?? 0) + value;
    for (const refusal of report.refusals)
      refusals.push({ ...refusal, number: refusal.number + first });
    counts.unnamed = (counts.unnamed ?? 0) + refusals.splice(NAMED).length;
    done += entries.length;
    bar.value = done / (todos.length + history.length);
  }
  show(counts, refusals);
}

/**
 * Divide the entries of a member.
 * @param {string} member @param {any[]} all @returns {Generator<Part>}
 */
function* parts(member, all) {
  let first = 0;
  let size = 0;
  for (const [index, entry] of all.entries()) {
    const length = JSON.stringify(entry).length;
    if (index > first && (size + length > CHARACTERS || index - first === ENTRIES)) {
      yield { member, first, entries: all.slice(first, index) };
      [first, size] = [index, 0];
    }
    size += length;
  }
  if (first < all.length) yield { member, first, entries: all.slice(first) };
}

/** Send one part, again if it did not come through: that changes nothing twice. @param {object} part */
async function send(part) {
  const body = new FormData(form);
  body.set("file", new Blob([JSON.stringify(part)], { type: "application/json" }), "part.json");
  const headers = { Accept: "application/json" };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const options = /** @type {RequestInit} */ ({
      method: "POST",
      body,
      headers,
      redirect: "error",
    });
    const response = await fetch(form.action, options).catch(() => null);
    if (response?.ok) return (await response.json()).report;
    if (response?.status === 400) throw new Stopped((await response.json()).error);
    const pause = Number(response?.headers.get("Retry-After")) || 2 ** attempt / 4; // s
    await new Promise((resolve) => setTimeout(resolve, pause * 1_000));
  }
  throw new Stopped(
    "The server does not answer, or you are logged out. " +
      "What was imported stays; import the same file again to go on.",
  );
}

/** @param {Record<string, number>} counts @param {Refusal[]} refusals */
function show(counts, refusals) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    result.querySelectorAll("[data-count]")
  ))
    element.textContent = String(counts[String(element.dataset.count)] ?? 0);
  find(".refusals").replaceChildren(...refusals.map(line));
  find(".unnamed").hidden = !counts.unnamed;
  result.hidden = false;
}

/** Return the line on one refusal, as in accounts/_imported.html. @param {Refusal} refusal */
function line({ kind, number, text, reason }) {
  const item = document.createElement("li");
  const title = document.createElement("bdi");
  title.textContent = text;
  const what = `${kind === "value" ? "Former value" : "Todo"} ${number}`;
  item.append(what, ...(text ? [" “", title, "”"] : []), `: ${reason}`);
  return item;
}

/** @param {string} selector @returns {HTMLElement} */
function find(selector) {
  return /** @type {HTMLElement} */ (section.querySelector(selector));
}
