// @ts-check
/** The history of a todo, opened from its row: sentences, and what can be restored. */

import { FIELDS, only, WRITTEN } from "./fields.mjs";
import { keepFocus } from "./focus.mjs";
import { msOf, nodeOf } from "./hlc.mjs";
import { keepTold, pastOf } from "./past.mjs";
import { told } from "./sentences.mjs";
import { find, rowOf, setText } from "./todo-row.mjs";

/** @typedef {import("./browserDB.mjs").Database} Database */
/** @typedef {import("./past.mjs").Past} Past */
/** @typedef {import("./sentences.mjs").Step} Step */

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const SITES_OWN = "00000000"; // begins the nodes of what the server does itself

/**
 * From now on a row's history opens without a load.
 * @param {HTMLElement} app @param {Database} db
 * @param {import("./device.mjs").Device} device
 * @param {(id: string) => Promise<import("./past.mjs").Told | undefined>} ask  the server
 * @param {object} does
 * @param {(id: string, values: Record<string, string>) => void} does.restore  what was written
 * @param {(id: string) => void} does.look  takes the mark of a conflict away (M12)
 */
export function takeHistory(app, db, device, ask, { restore, look }) {
  const dialog = /** @type {HTMLDialogElement} */ (find(document, ".history"));
  const template = /** @type {HTMLTemplateElement} */ (find(dialog, "template"));
  let shown = "";

  /** @param {string} id @param {string} address  of the page that has the rest */
  async function open(id, address) {
    shown = id;
    find(dialog, ".older").setAttribute("href", address);
    draw(await pastOf(db, id), "Asking the server…");
    if (!dialog.open) dialog.showModal();
    const answer = await ask(id);
    if (answer) await keepTold(db, answer);
    const past = await pastOf(db, id);
    if (past.record?.conflict && past.values.some(({ conflict }) => conflict)) look(id);
    if (shown === id) draw(past, answer ? "" : sentenceWithout(past));
  }

  /** @param {Past} past @param {string} hint */
  function draw(past, hint) {
    const begins = past.told?.begins
      ? `What was replaced before ${TIME.format(past.told.begins)} is no longer kept.`
      : "";
    setText(find(dialog, ".now"), past.record?.text ?? "");
    setText(find(dialog, ".hint"), [hint, begins].filter(Boolean).join(" "));
    find(dialog, ".steps").replaceChildren(
      ...told(past.values, past.whole).map((step) => itemOf(step, past)),
    );
    find(dialog, ".older").toggleAttribute("hidden", !past.told?.older);
  }

  /** @param {Step} step @param {Past} past */
  function itemOf({ stamp, says, written }, past) {
    const item = /** @type {HTMLElement} */ (find(template.content, "li").cloneNode(true));
    item.prepend(...says.map(paragraph));
    const time = /** @type {HTMLTimeElement} */ (find(item, "time"));
    time.dateTime = new Date(msOf(stamp)).toISOString();
    setText(time, TIME.format(msOf(stamp)));
    setText(find(item, ".who"), who(nodeOf(stamp), past));
    find(item, ".waits").toggleAttribute("hidden", !past.unsent.has(stamp));
    const button = find(item, "button");
    const { record } = past;
    const stands = /** @type {Record<string, unknown>} */ ({ ...record });
    const names = WRITTEN.filter((name) => name in written && written[name] !== stands[name]);
    button.toggleAttribute("hidden", !names.length);
    const named = names.map((name) => FIELDS[name]?.named?.(written[name]));
    button.setAttribute("aria-label", `Restore ${named.join(", ")}`);
    button.addEventListener("click", () => {
      dialog.close();
      if (record) restore(record.id, only(written, names));
    });
    return item;
  }

  /** @param {string} node @param {Past} past */
  function who(node, { told }) {
    if (node.startsWith(device.id.slice(0, 8))) return "this device";
    if (told?.names[node]) return told.names[node];
    return node.startsWith(SITES_OWN) ? "this site" : "another device";
  }

  app.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest(".history-link");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
    event.preventDefault();
    open(String(rowOf(link).dataset.id), String(link.getAttribute("href"))).catch((error) => {
      console.warn("The history cannot be read here:", error);
      location.assign(String(link.getAttribute("href")));
    });
  });
  find(dialog, ".close").addEventListener("click", () => dialog.close());
  // What opened it may have gone: the mark of a conflict, or the whole row.
  keepFocus(dialog, () => find(app, `[data-id="${shown}"]`) ?? find(document, ".new-todo"));
}

/** Say what is shown while the server does not answer. @param {Past} past */
function sentenceWithout({ told }) {
  return told
    ? `The server cannot be reached. This is as it was ${TIME.format(told.at)}, and what is saved only here.`
    : "The server cannot be reached. This is what this device knows.";
}

/** @param {string} sentence */
function paragraph(sentence) {
  const element = document.createElement("p");
  element.dir = "auto";
  element.textContent = sentence;
  return element;
}
