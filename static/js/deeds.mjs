// @ts-check
/** What actions are called when it is said what can be undone. */

/**
 * @typedef {object} Deed
 * @property {string} name  as after "Undo:"
 * @property {string} text  the todo's, if it was one
 * @property {string} [did]  what was done; if it is said, undoing it is offered with that
 */

/** @param {number} count */
const todos = (count) => (count === 1 ? "1 todo" : `${count} todos`);

/** Not "add": one button is called that. @param {string} text @returns {Deed} */
export const adding = (text) => ({ name: "new todo", text });

/** @param {string} text  the new one @returns {Deed} */
export const renaming = (text) => ({ name: "rename to", text });

/** @param {string} text @returns {Deed} */
export const detailing = (text) => ({ name: "change the details of", text });

/** @param {string} text  an earlier one @returns {Deed} */
export const restoring = (text) => ({ name: "restore", text, did: "Restored" });

/** @param {string} text @param {boolean} completed @returns {Deed} */
export const ticking = (text, completed) => ({ name: completed ? "tick" : "untick", text });

/** @param {number} count @param {boolean} completed @returns {Deed} */
export function marking(count, completed) {
  const rest = `${todos(count)} as ${completed ? "complete" : "active"}`;
  return { name: `mark ${rest}`, text: "", did: `Marked ${rest}` };
}

/** @param {string} text @param {{place: number, of: number}} to  among those shown @returns {Deed} */
export const moving = (text, { place, of }) => ({
  name: "move",
  text,
  did: place ? `Moved to place ${place} of ${of}:` : "Moved:",
});

/** @param {string} text @returns {Deed} */
export const deleting = (text) => ({ name: "delete", text, did: "Deleted" });

/** @param {number} count @returns {Deed} */
export const clearing = (count) => ({
  name: `delete ${todos(count)}`,
  text: "",
  did: `Deleted ${todos(count)}`,
});

/** @param {string} text  the one that was refused @returns {Deed} */
export const discarding = (text) => ({
  name: "discard the change:",
  text,
  did: "Discarded the change:",
});
