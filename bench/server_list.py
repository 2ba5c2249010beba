"""How soon the server's list is seen while scripts are late, held back against not held back.

Two tabs of two people take turns at being reloaded, with all scripts kept away; the one knows
better than the server, so that its page holds the list back, the other does not. Times are in ms,
from the start of the navigation to the first frame with a visible row. At most a second may be
added.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from e2e.actions import new_name, push, ready, reload_held, row, sign_up, status, synced, toggle
from e2e.server import Server

TURNS = 15
SEEN = """() => new Promise((resolve) => {
    const look = () => {
        const row = document.querySelector(".todo-list li");
        if (row?.checkVisibility({ visibilityProperty: true })) resolve(performance.now());
        else requestAnimationFrame(look);
    };
    look();
})"""


def run() -> None:
    """Measure, and print medians and the longest."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).prepare().start()
        try:
            browser = playwright.chromium.launch(executable_path=os.environ.get("E2E_BROWSER"))
            print(f"Chromium {browser.version}, {TURNS} turns")
            report(measure(browser, server.url))
            browser.close()
        finally:
            server.kill()


def measure(browser: Browser, url: str) -> dict[str, list[float]]:
    """Return the times of both tabs."""
    pages = {name: page_of(browser, url, name == "held back") for name in ("plain", "held back")}
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(TURNS):
        for name, page in pages.items():
            reload_held(page)
            times[name].append(page.evaluate(SEEN))
    return times


def page_of(browser: Browser, url: str, ahead: bool) -> Page:
    """Return a tab with three todos, whose scripts are kept away from now on."""
    page = browser.new_context(base_url=url).new_page()
    sign_up(page, new_name("alice"))
    ready(page)
    push(page, ["one", "two", "three"])
    expect(row(page, "three")).to_be_visible()
    synced(page)
    if ahead:
        page.route("**/sync", lambda route: route.abort())
        toggle(page, "one")
        expect(status(page)).to_have_attribute("data-state", "offline")
    page.route("**/*.mjs", lambda route: route.abort())
    return page


def report(times: dict[str, list[float]]) -> None:
    """Print the medians, the longest, and what holding back adds."""
    for name, each in times.items():
        print(f"{name:10}median {statistics.median(each):6.0f} ms   longest {max(each):6.0f} ms")
    added = [held - plain for plain, held in zip(*times.values(), strict=True)]
    print(f"added      median {statistics.median(added):6.0f} ms   longest {max(added):6.0f} ms")
