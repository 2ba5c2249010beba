// Tells the test what the page says, after each change of it, once the script has taken over.
{
  const find = (selector) => document.querySelector(selector);
  const rows = () =>
    [...document.querySelectorAll(".todo-list > li")].map((row) => ({
      title: row.querySelector("[data-testid=todo-title]").textContent,
      ticked: row.querySelector(".toggle").checked,
      marked: row.hasAttribute("data-unsynced"),
    }));
  const tell = () => {
    if (!find("html[data-ready]")) return;
    const { textContent: says, dataset } = find("[data-testid=sync-status]");
    window.screenShows(JSON.stringify({ says, state: dataset.state, rows: rows() }));
  };
  addEventListener("DOMContentLoaded", () =>
    new MutationObserver(tell).observe(document.documentElement, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    }),
  );
}
