// @ts-check
/**
 * The server's events: where the head of the list is, whenever it moves (todos/events.py). One tab
 * listens for all tabs of a browser, since a browser has few connections to a server to give.
 *
 * What is heard is a hint, and whoever hears nothing polls. A stream is judged by what it brings:
 * an open connection may be dead, or end in a proxy that keeps everything to itself.
 */

import { pauseAfter } from "./backoff.mjs";
import { otherTabs } from "./tabs.mjs";

const SILENCE = 40_000; // ms: the server says something every 15 s
const LEAST_PAUSE = 2_000; // ms between two streams

/**
 * @param {string} account
 * @param {(cursor: string) => void} onHead  this tab is told where the head is
 * @param {() => void} onSilence  nothing more is heard
 */
export function liveEvents(account, onHead, onSilence) {
  const tabs = otherTabs(`simplesync-live-${account}`, hear);
  let isStopped = false;
  let isLive = false; // this tab, or another one of this browser, hears the server
  let silence = 0; // a timer
  /** @type {(() => void) | null} */
  let giveUpTurn = null; // this tab has its turn, or waits for it
  let hasTurn = false;
  /** @type {EventSource | null} */
  let stream = null;
  let failures = 0; // streams in a row that brought no more than their beginning
  let wanted = false; // the server is there, as far as is known
  let pausing = false; // it is not time yet for the next stream

  /** The server was heard, here or in another tab. */
  function hear() {
    isLive = true;
    watch();
  }

  function watch() {
    clearTimeout(silence);
    silence = setTimeout(goDeaf, SILENCE);
  }

  function goDeaf() {
    wanted = false;
    end();
    const wasLive = isLive;
    isLive = false;
    if (wasLive && !isStopped) onSilence();
  }

  function open() {
    if (!hasTurn || isStopped || stream || pausing) return;
    stream = new EventSource(`/sync/events?account=${account}`);
    let heard = 0;
    stream.onmessage = ({ data }) => {
      heard += 1;
      if (heard > 1) failures = 0;
      hear();
      tabs.tell(data);
      onHead(data);
    };
    // The browser would open the next one by itself: with no jitter, and for ever.
    stream.onerror = () => {
      wanted = heard > 0;
      if (wanted) end();
      else goDeaf();
    };
    watch();
  }

  /** Close the stream, and open the next one, if it is wanted by then, after a fair pause. */
  function end() {
    if (!stream) return;
    stream.close();
    stream = null;
    failures += 1;
    pausing = true;
    setTimeout(
      () => {
        pausing = false;
        if (wanted) open();
      },
      pauseAfter(failures, LEAST_PAUSE),
    );
  }

  /** Wait until no other tab listens, then do, until this page goes. */
  function takeTurn() {
    const over = new AbortController();
    const turn = new Promise((resolve) => {
      giveUpTurn = () => {
        resolve(undefined);
        over.abort();
      };
    });
    const listen = () => {
      hasTurn = true;
      open();
      return turn;
    };
    navigator.locks.request(`live ${account}`, { signal: over.signal }, listen).catch(() => {}); // given up while it waited
  }

  function leave() {
    giveUpTurn?.();
    giveUpTurn = null;
    hasTurn = false;
    stream?.close();
    stream = null;
  }

  addEventListener("pagehide", leave); // whoever is in the back button's cache holds nothing back

  return {
    /** The server can be reached: listen to it, unless another tab does. */
    start() {
      wanted = true;
      if (isStopped || !navigator.locks) return;
      if (giveUpTurn) open();
      else takeTurn();
    },

    /** Tell whether this browser hears of changes as they are made. */
    isLive: () => isLive,

    /** Listen no more. */
    stop() {
      isStopped = true;
      clearTimeout(silence);
      leave();
    },
  };
}
