// @ts-check
/** All, active, completed: real addresses, which are switched without a load. */

/** @typedef {import("./session.mjs").Page["show"]} Filter */

/**
 * @param {HTMLElement} app
 * @param {Filter} served  what the server's page showed, maybe at the address of a form
 * @param {() => boolean} canSwitch  whether the device has the whole list; if not, the links load
 * @param {(filter: Filter) => void} choose
 */
export function takeFilters(app, served, canSwitch, choose) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...app.querySelectorAll(".filters a")]);

  function follow() {
    const current =
      links.find(({ pathname }) => pathname === location.pathname) ??
      links.find(({ dataset }) => dataset.filter === served);
    if (!current) return;
    for (const link of links) {
      link.classList.toggle("selected", link === current);
      if (link === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    choose(/** @type {Filter} */ (current.dataset.filter));
  }

  addEventListener("popstate", follow);
  app.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const link = links.find((each) => each.contains(target));
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || !canSwitch()) return;
    event.preventDefault();
    if (link.href !== location.href) history.pushState(null, "", link.href);
    follow();
  });
}
