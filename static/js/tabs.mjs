// @ts-check
/** The other tabs of this browser: each write is told to them, and they read it from the store. */

/** @typedef {import("./record.mjs").TodoRecord} TodoRecord */

/**
 * @param {string} account
 * @param {(ids: string[]) => void} onChange  another tab has written these todos
 */
export function otherTabs(account, onChange) {
  const channel = new BroadcastChannel(`simplesync-${account}`);
  channel.onmessage = ({ data }) => onChange(data);
  return {
    /** @param {TodoRecord[]} changed */
    tell: (changed) => channel.postMessage(changed.map(({ id }) => id)),
  };
}
