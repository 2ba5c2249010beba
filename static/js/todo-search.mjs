// @ts-check
/** The search field: what is typed is sought at once, and stands in the address a little later. */

import { find } from "./todo-row.mjs";

const PAUSE = 300; // ms without a key; browsers count how often an address changes

/**
 * From now on the search is the script's; what was typed, or stands in the address, is sought.
 * @param {HTMLElement} app
 * @param {() => boolean} hasAll  whether the device has the whole list; if not, Enter asks the server
 * @param {(query: string) => void} seek
 */
export function takeSearch(app, hasAll, seek) {
  const field = /** @type {HTMLInputElement} */ (find(app, ".search"));
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (app.querySelectorAll(".filters a"));
  let timer = 0;

  const inAddress = () => new URLSearchParams(location.search).get("q") ?? "";

  function follow() {
    const query = field.value.trim();
    for (const link of links) link.search = query && `?${new URLSearchParams({ q: query })}`;
    seek(query);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (query !== inAddress())
        history.replaceState(null, "", location.pathname + (links[0]?.search ?? ""));
    }, PAUSE);
  }

  field.addEventListener("input", follow);
  addEventListener("popstate", () => {
    field.value = inAddress();
    follow();
  });
  find(app, ".search-form").addEventListener(
    "submit",
    (event) => hasAll() && event.preventDefault(),
  );
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !field.value || event.isComposing) return;
    event.preventDefault();
    field.value = "";
    follow();
  });

  if (field.value === field.defaultValue) field.value = inAddress();
  if (field.value.trim() !== field.defaultValue) follow();
}
