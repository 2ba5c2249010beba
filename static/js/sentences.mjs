// @ts-check
/**
 * What the values that a todo had say, as sentences. Pure; twin of todos/sentences.py.
 */

import { FIELDS, WRITTEN } from "./fields.mjs";

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
 * @property {Record<string, string>} written  what somebody wrote then, by field
 */

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
  for (const [field, { tell, named = String }] of Object.entries(FIELDS)) {
    const ofField = inOrder.filter((each) => each.field === field);
    const changes = ofField.filter((each, index) => each.value !== ofField[index - 1]?.value);
    for (const [index, { value, stamp, conflict }] of changes.entries()) {
      const after = changes[index + 1];
      const sentence = tell?.(value, changes[index - 1]?.value, stamp === born);
      if (!sentence) continue;
      const step = steps.get(stamp) ?? { stamp, says: [], written: {} };
      steps.set(stamp, step);
      const lost =
        conflict && after ? ` Lost to ${named(after.value)}: neither had seen the other.` : "";
      step.says.push(`${sentence}${lost}`);
      if (WRITTEN.includes(field) && value) step.written[field] = value;
    }
  }
  return [...steps.values()].sort((a, b) => (a.stamp < b.stamp ? 1 : -1));
}
