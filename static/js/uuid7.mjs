// @ts-check
/** Ids in the order in which they were made: UUID version 7 of RFC 9562; twin of todos/uuid7.py. */

/**
 * Return a new id: 48 bits of Unix time in milliseconds, then 74 random ones.
 * @param {number} ms
 */
export function uuid7(ms) {
  const time = ms.toString(16).padStart(12, "0");
  const random = crypto.randomUUID(); // its variant bits are the same; only the version differs
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
