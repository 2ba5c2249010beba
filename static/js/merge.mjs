// @ts-check
/**
 * The join of two versions of a todo. Pure; twin of todos/merge.py.
 *
 * A version is an object as on the wire: fields beside `clocks`, which has the stamp of each field
 * that the version speaks of. `merge` is idempotent, commutative and associative, hence messages
 * may be lost, repeated and reordered. After Shapiro, Preguiça, Baquero and Zawirski, "A
 * comprehensive study of convergent and commutative replicated data types" (2011).
 */

/** @typedef {{clocks: Record<string, string>, [field: string]: any}} Version */

/**
 * Return the join: for each field the value with the greater stamp (M1).
 * @param {Version} ours @param {Version} theirs @returns {Version}
 */
export function merge(ours, theirs) {
  /** @type {Version} */
  const merged = { ...ours, clocks: { ...ours.clocks } };
  for (const [field, stamp] of Object.entries(theirs.clocks)) {
    const known = merged.clocks[field] ?? "";
    if (stamp > known || (stamp === known && greater(theirs[field], merged[field]))) {
      merged[field] = theirs[field];
      merged.clocks[field] = stamp;
    }
  }
  return merged;
}

/**
 * Order two values that share a stamp: text by UTF-8 bytes, false before true (S3).
 * @param {unknown} a @param {unknown} b
 */
export function greater(a, b) {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b) > 0;
  return compareText(JSON.stringify(a), JSON.stringify(b)) > 0;
}

/**
 * Compare by code points, which is the order of UTF-8 bytes; `<` would compare UTF-16 units.
 * @param {string} a @param {string} b @returns {number} below, at or above 0
 */
function compareText(a, b) {
  const others = b[Symbol.iterator]();
  for (const point of a) {
    const other = others.next();
    if (other.done) return 1;
    const difference = Number(point.codePointAt(0)) - Number(other.value.codePointAt(0));
    if (difference) return difference;
  }
  return others.next().done ? 0 : -1;
}

/** Return all stamps of some versions. @param {Version[]} versions */
export const stampsOf = (versions) => versions.flatMap(({ clocks }) => Object.values(clocks));

/**
 * Return the milliseconds of the latest edit in a version, 0 without any (C2).
 * @param {Version} version
 */
export function updatedAt(version) {
  return Math.max(0, ...Object.values(version.clocks).map((stamp) => Number(stamp.slice(0, 15))));
}

/**
 * Return 32 bits that stand for an id and its stamps; sums of them compare whole stores.
 * @param {Version} version
 */
export function fingerprint(version) {
  const stamps = Object.entries(version.clocks).map(([field, stamp]) => `${field} ${stamp}`);
  return crc32([version.id, ...stamps.sort()].join("\n"));
}

/**
 * The CRC-32 of ITU-T V.42, as in zlib.
 * @param {string} ascii
 */
function crc32(ascii) {
  let crc = -1;
  for (let index = 0; index < ascii.length; index += 1) {
    crc ^= ascii.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
