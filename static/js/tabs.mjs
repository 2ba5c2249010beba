// @ts-check
/** The other tabs of this browser: what one tells, all others hear; and one at a time. */

const LONGEST_TURN = 3_000; // ms

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

/**
 * Do what only one tab needs to do at a time. A tab that takes too long, frozen in the middle say,
 * holds nobody back: then two do it.
 * @template T @param {string} name @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function inTurn(name, work) {
  const patience = AbortSignal.timeout(LONGEST_TURN);
  let begun = false;
  const begin = () => {
    begun = true;
    return work();
  };
  try {
    return await navigator.locks.request(name, { signal: patience }, begin);
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}
