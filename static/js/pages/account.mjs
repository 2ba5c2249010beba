// @ts-check
/** The account page: what this browser says of the todos that it keeps. */

import { askToPersist, isPersisted } from "../persistence.mjs";

const ANSWERS = new Map([
  [true, "This browser keeps your todos until you say otherwise."],
  [
    false,
    "This browser may throw away what it keeps when it needs the space. " +
      "Nothing that was sent to the server is lost by that.",
  ],
]);
const SILENCE = "This browser does not say whether it may throw away what it keeps.";

const section = /** @type {HTMLElement} */ (document.querySelector(".this-browser"));
const sentence = /** @type {HTMLElement} */ (section.querySelector(".persisted"));
const button = /** @type {HTMLButtonElement} */ (section.querySelector("button"));

async function show() {
  const persisted = await isPersisted();
  sentence.textContent = ANSWERS.get(/** @type {boolean} */ (persisted)) ?? SILENCE;
  button.hidden = persisted !== false;
}

button.addEventListener("click", async () => {
  const persisted = await askToPersist().catch(() => false);
  await show();
  if (button.hidden) sentence.focus(); // the button has gone
  if (!persisted)
    sentence.textContent +=
      " It said no: browsers say yes to sites that are used often or installed.";
});
await show();
section.hidden = false;
