// @ts-check
/**
 * What a todo is made of, field by field: whatever has to know the fields asks here. Pure; twin of
 * todos/fields.py.
 *
 * docs/how-to/add-a-field.md says what a new one takes beside its entry in this list.
 */

import { checkDue, namedDue } from "./due.mjs";

/**
 * @typedef {object} Field
 * @property {any} unset  its value before anybody has set it, and again once it is emptied
 * @property {true} [needed]  a todo that lives has it (M4)
 * @property {true} [contested]  people want to know that two edits of it met (M12)
 * @property {true} [searched]  a search looks at it (decision 31)
 * @property {(value: any, before: any, isNew: boolean) => string} [tell]  see sentences.mjs
 * @property {(value: any) => string} [named]  a value, as a sentence names it
 * @property {(value: any, limits: Record<string, number>) => string} [check]  the sentence on what is
 *   wrong with a value that somebody typed, or ""
 */
/**
 * @typedef {object} Values  of a todo's fields
 * @property {string} text
 * @property {boolean} completed
 * @property {string} position
 * @property {boolean} deleted
 * @property {boolean} [conflict]
 * @property {string} [notes]
 * @property {string} [due]
 */

const UNSTORABLE = /[\0\ud800-\udfff]/u; // NUL and halves of pairs (M6)
const UNSTORABLE_IN_LINES = /[\0\r\ud800-\udfff]/u; // a line ends by a line feed alone

/** Name what somebody wrote. @param {string} value */
const quoted = (value) => (value ? `“${value}”` : "nothing");

/**
 * Return a field for what people write (M6).
 * @param {string} name @param {string} has  begins the sentence on strange characters
 * @param {string} are  begins that on too many @param {RegExp} [strange]
 * @returns {Field}
 */
const textField = (name, has, are, strange = UNSTORABLE) => ({
  unset: "",
  contested: true,
  searched: true,
  named: quoted,
  check(value, limits) {
    if (strange.test(value)) return `${has} characters that cannot be stored.`;
    return [...value].length > Number(limits[name])
      ? `${are} longer than ${limits[name]} characters.`
      : "";
  },
});

/** @param {boolean} completed */
const done = (completed) => (completed ? "done" : "not done");

/** @type {Record<string, Field>} */
export const FIELDS = {
  text: {
    ...textField("text", "The text has", "The text is"),
    needed: true,
    tell(text, before, isNew) {
      if (isNew) return `Added ${quoted(text)}.`;
      if (!text) return "Emptied.";
      const from = before ? `from ${quoted(before)} ` : "";
      return `Changed the text ${from}to ${quoted(text)}.`;
    },
  },
  completed: {
    unset: false,
    needed: true,
    contested: true,
    named: done,
    tell: (completed, before) =>
      before === undefined && !completed ? "" : `Marked as ${done(completed)}.`,
  },
  position: {
    unset: "",
    needed: true,
    tell: (position, before) => (before && position ? "Moved." : ""),
  },
  deleted: {
    unset: false,
    needed: true,
    tell(deleted, before) {
      if (before === undefined && !deleted) return "";
      return deleted ? "Deleted." : "Restored.";
    },
  },
  conflict: { unset: false }, // two edits of it met, and nobody has looked yet (M12)
  notes: {
    ...textField("notes", "The notes have", "The notes are", UNSTORABLE_IN_LINES),
    tell: (notes, before) =>
      notes ? `Notes set to ${quoted(notes)}.` : before ? "Notes removed." : "",
  },
  due: {
    unset: "",
    contested: true,
    check: checkDue,
    named: namedDue,
    tell: (due, before) =>
      due ? `Due date set to ${namedDue(due)}.` : before ? "Due date removed." : "",
  },
};

const ALL = Object.entries(FIELDS);

/** Return the names of some fields. @param {(field: Field) => unknown} test */
const namesOf = (test) => ALL.filter(([, field]) => test(field)).map(([name]) => name);

export const NEEDED = namesOf(({ needed }) => needed);

export const SEARCHED = namesOf(({ searched }) => searched);

/** What people write, and can have again from the history. */
export const WRITTEN = namesOf(({ check }) => check);

/** What of it a todo can do without. */
export const DETAILS = namesOf(({ check, needed }) => check && !needed);

/** Each field as it is before anybody has set it. @type {Record<string, any>} */
export const UNSET = Object.fromEntries(ALL.map(([name, { unset }]) => [name, unset]));

/**
 * Return the sentence on what is wrong with a value that somebody typed, or "".
 * @param {string} name @param {string} value @param {Record<string, number>} limits
 */
export const wrongIn = (name, value, limits) => FIELDS[name]?.check?.(value, limits) ?? "";

/** Return some members of an object. @param {Record<string, any>} object @param {string[]} names */
export const only = (object, names) =>
  Object.fromEntries(names.map((name) => [name, object[name]]));
