// @ts-check
/**
 * What the values that a todo had say, as sentences. Pure; twin of todos/sentences.py.
 */

/**
 * @typedef {object} Value  a value that a field of a todo has, or had
 * @property {string} field
 * @property {any} value
 * @property {string} stamp
 * @property {boolean} [conflict]  it lost to one whose maker had not seen it, or the reverse (M12)
 */
/**
 * @typedef {object} Step  what was done to a todo under one stamp
 * @property {string} stamp
 * @property {string[]} says
 * @property {string | null} text  the text that it set, if any
 */

/** @param {any} value */
const quoted = (value) => (typeof value === "boolean" ? (value ? "done" : "not done") : `“${value}”`);

/** @type {Record<string, (value: any, before: any, isNew: boolean) => string>} */
const TELLERS = {
  text(text, before, isNew) {
    if (isNew) return `Added ${quoted(text)}.`;
    if (!text) return "Emptied.";
    const from = before ? `from ${quoted(before)} ` : "";
    return `Changed the text ${from}to ${quoted(text)}.`;
  },
  completed: (completed, before) =>
    before === undefined && !completed ? "" : `Marked as ${quoted(completed)}.`,
  position: (position, before) => (before && position ? "Moved." : ""),
  deleted(deleted, before) {
    if (before === undefined && !deleted) return "";
    return deleted ? "Deleted." : "Restored.";
  },
};

/**
 * Return what was done, newest first.
 * @param {Value[]} values
 * @param {boolean} whole  these are all values that there ever were: the oldest is of when the todo
 *   was added
 * @returns {Step[]}
 */
export function told(values, whole) {
  const inOrder = [...values].sort((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0));
  const born = whole ? inOrder[0]?.stamp : undefined;
  /** @type {Map<string, Step>} */
  const steps = new Map();
  for (const [field, tell] of Object.entries(TELLERS)) {
    const ofField = inOrder.filter((each) => each.field === field);
    const changes = ofField.filter((each, index) => each.value !== ofField[index - 1]?.value);
    for (const [index, { value, stamp, conflict }] of changes.entries()) {
      const after = changes[index + 1];
      const sentence = tell(value, changes[index - 1]?.value, stamp === born);
      if (!sentence) continue;
      const step = steps.get(stamp) ?? { stamp, says: [], text: null };
      steps.set(stamp, step);
      step.says.push(conflict && after ? `${sentence} ${lostTo(after)}` : sentence);
      if (field === "text" && value) step.text = value;
    }
  }
  return [...steps.values()].sort((a, b) => (a.stamp < b.stamp ? 1 : -1));
}

/** @param {Value} winner */
const lostTo = ({ value }) => `Lost to ${quoted(value)}: neither had seen the other.`;
