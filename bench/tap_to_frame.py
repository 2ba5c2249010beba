"""From a tap to the frame that shows it, with 500 todos against 10.

Two tabs of two people take turns; each turn ticks the first todo once in each, the order of the two
changing. Two times are taken, in ms: `script` is what the tap keeps the page busy, with the style
and layout that it asks for; `frame` is from just after one frame until the next has been painted,
which a screen of 60 Hz makes 17 ms at least.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from e2e.actions import new_name, push, ready, sign_up, synced, titles
from e2e.server import Server

SIZES = (10, 500)
TURNS = 100
TAP = """async () => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(null);
    }));
    await painted();
    const start = performance.now();
    document.querySelector(".toggle").click();
    document.body.getBoundingClientRect();
    const script = performance.now() - start;
    await painted();
    return { script, frame: performance.now() - start };
}"""


def run() -> None:
    """Measure, and print medians, ratios and their spread."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).prepare().start()
        try:
            with sync_playwright() as playwright:
                path = os.environ.get("E2E_BROWSER") or None
                browser = playwright.chromium.launch(executable_path=path)
                print(f"Chromium {browser.version}, {TURNS} turns")
                report(measure(browser, server.url))
                browser.close()
        finally:
            server.kill()


def measure(browser: Browser, url: str) -> list[dict[int, dict[str, float]]]:
    """Return for each turn the times of each size."""
    pages = {size: page_with(browser, url, size) for size in SIZES}
    turns = []
    for turn in range(TURNS):
        order = SIZES if turn % 2 else SIZES[::-1]
        turns.append({size: pages[size].evaluate(TAP) for size in order})
    return turns


def page_with(browser: Browser, url: str, size: int) -> Page:
    """Return a tab with that many todos, all in sync."""
    page = browser.new_context(base_url=url).new_page()
    sign_up(page, new_name("alice"))
    ready(page)
    push(page, [f"todo {number}" for number in range(size)])
    expect(titles(page)).to_have_count(size)
    synced(page)
    return page


def report(turns: list[dict[int, dict[str, float]]]) -> None:
    """Print the medians, and the median of the ratios with its quartiles."""
    few, many = SIZES
    for name in ("script", "frame"):
        medians = {size: statistics.median(turn[size][name] for turn in turns) for size in SIZES}
        ratios = [turn[many][name] / turn[few][name] for turn in turns]
        low, middle, high = statistics.quantiles(ratios, n=4)
        times = "   ".join(f"{size} todos {medians[size]:6.2f} ms" for size in SIZES)
        print(f"{name:7}{times}   ratio {middle:.2f} (quartiles {low:.2f} to {high:.2f})")
