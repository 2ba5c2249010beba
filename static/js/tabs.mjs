// @ts-check
/** The other tabs of this browser: what one tells, all others hear. */

/**
 * Open a channel to the other tabs that have opened the same one.
 * @template T @param {string} name @param {(message: T) => void} onMessage  another tab says this
 */
export function otherTabs(name, onMessage) {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => onMessage(data);
  return {
    /** @param {T} message */
    tell: (message) => channel.postMessage(message),
  };
}
