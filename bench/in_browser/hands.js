async (count) => {
  const line = document.querySelector("[data-testid=sync-status]");
  const rows = () => [...document.querySelectorAll("[data-testid=todo-item]")];
  const kept = async () => {
    while (line.textContent.includes("Saving…"))
      await new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve();
        });
        observer.observe(line, { childList: true, characterData: true, subtree: true });
      });
  };
  const settled = async (expected) => {
    await kept();
    document.body.getBoundingClientRect();
    if (rows().length !== expected) throw new Error(`${rows().length} rows`);
  };

  const before = rows().length;
  const field = document.querySelector(".new-todo");
  const start = performance.now();
  for (let number = 0; number < count; number += 1) {
    field.value = `todo ${number}`;
    field.form.requestSubmit();
  }
  await settled(before + count);
  for (const row of rows().slice(before)) row.querySelector(".toggle").click();
  await settled(before + count);
  for (const row of rows().slice(before)) row.querySelector(".destroy").click();
  await settled(before);
  return performance.now() - start;
};
