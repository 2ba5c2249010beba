// @ts-check
/** Handing a file over to the person. */

/** @param {Blob} content @param {string} name */
export function saveFile(content, name) {
  // It goes with the page: taken back before that, it may be gone before a browser has saved it.
  const href = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href, download: name }).click();
}
