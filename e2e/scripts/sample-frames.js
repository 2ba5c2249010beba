// What could be seen of the list, frame by frame; and what was done to it once it had been parsed.
const titleOf = (row) => row.querySelector("[data-testid=todo-title]"); // null while it is parsed
const isSeen = (row) => titleOf(row)?.checkVisibility({ visibilityProperty: true });

window.frames_ = [];
window.mutations_ = [];
window.shifts_ = [];

function sample() {
  const rows = [...document.querySelectorAll("[data-testid=todo-item]")].filter(isSeen);
  window.frames_.push({
    ready: document.documentElement.hasAttribute("data-ready"),
    held: document.getAnimations().some(({ animationName }) => animationName === "held"),
    titles: rows.map((row) => titleOf(row).textContent),
    ticks: rows.map((row) => row.querySelector(".toggle").checked),
    tops: rows.map((row) => Math.round(row.getBoundingClientRect().top + scrollY)),
  });
  requestAnimationFrame(sample);
}
requestAnimationFrame(sample);

// Modules run between these two, so that the parser's own work is not counted.
document.addEventListener("readystatechange", () => {
  const list = document.querySelector(".todo-lists");
  if (document.readyState !== "interactive" || !list) return;
  const what = { subtree: true, childList: true, attributes: true, characterData: true };
  const note = (records) => window.mutations_.push(...records.map(({ type }) => type));
  new MutationObserver(note).observe(list, what);
});

if (PerformanceObserver.supportedEntryTypes.includes("layout-shift"))
  new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries())
      if (!entry.hadRecentInput)
        window.shifts_.push(
          ...entry.sources.map(({ node, previousRect: from, currentRect: to }) => [
            (node?.outerHTML ?? node?.data ?? "gone").slice(0, 100),
            from,
            to,
          ]),
        );
  }).observe({ type: "layout-shift", buffered: true });
