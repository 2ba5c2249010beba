// Frame by frame: when the list was first seen, how long each frame took to come, and for each key
// and click the time from its event until the frame that shows what came of it.
(() => {
  const painted = () =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now());
        channel.port2.postMessage(null);
      }),
    );
  const measured = { seen: 0, ready: 0, filled: 0, inputs: [], gaps: [], painted, since };
  window.measured = measured;

  let last = performance.now();
  let lists;
  function look(now) {
    measured.gaps.push({ at: now, took: now - last });
    last = now;
    if (!measured.ready && document.documentElement?.hasAttribute("data-ready"))
      measured.ready = now;
    if (!measured.filled) lookAtRows(now);
    requestAnimationFrame(look);
  }

  function lookAtRows(now) {
    lists ??= document.getElementsByClassName("todo-list");
    const rows = lists[0]?.firstElementChild ? 1 : 0;
    if (rows && !measured.seen) measured.seen = now;
    // To count them costs more than all the rest, so that it is done seldom.
    const isTime = rows && measured.gaps.length % 8 === 0;
    const count = () => [...lists].reduce((sum, list) => sum + list.childElementCount, 0);
    if (isTime && count() >= window.expected_) {
      measured.filled = now;
      lists = undefined; // or the browser would keep it right, at each change
    }
  }
  requestAnimationFrame(look);

  // Return the longest pause between two frames since a time, and how many took more than 50 ms.
  function since(time) {
    const took = measured.gaps.filter(({ at }) => at > time).map((gap) => gap.took);
    return {
      longest: Math.max(0, ...took),
      slow: took.filter((each) => each > 50).length,
      frames: took.length,
    };
  }

  for (const type of ["keydown", "click"])
    addEventListener(
      type,
      async ({ timeStamp, isTrusted }) => {
        if (isTrusted) measured.inputs.push((await painted()) - timeStamp);
      },
      true,
    );
})();
