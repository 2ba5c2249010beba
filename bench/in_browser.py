"""What the app does in the browser, over the least that the browser could do.

`edit` is a verb of local-todos.mjs (a tick) on the page's own store, until it is durable, over a
put of such a record into a plain store in the same page. `rehydration` is `syncTodos` with 10,000
todos, whose replies come from memory in pages of 1,000, as the server's are, into an empty store
until the last transaction is done; over putting the records that this left into a store without an
index, in one transaction, and besides over the same with the store's indexes. `hands` is 100 todos
added, 100 ticked and 100 deleted by the controls of the page, each hundred at once, until the page
says that all is kept, over the same in a page without IndexedDB; syncs get no answer in either. All
transactions are strict, the profiles are on the disk, turns are interleaved.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserType, Page, sync_playwright

from e2e.actions import new_name, push, ready, sign_up
from e2e.profiles import Profile
from e2e.server import Server

SCRIPTS = Path(__file__).parent / "in_browser"
SIZES = {
    "edit": {"turns": 50, "edits": 10},  # in a turn ten of each: a page's clock is a coarse one
    "rehydration": {"turns": 9, "todos": 10_000, "page": 1_000},
    "hands": {"turns": 9, "todos": 100},
}
FIRST = 5  # todos on the list before anything is measured
WITHOUT_STORE = "Object.defineProperty(window, 'indexedDB', { value: undefined });"

Turns = list[dict[str, float]]  # the times of each turn: ours, and the least


def run() -> None:
    """Measure, and print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browsers = Browsers(playwright.chromium, Path(folder))
        server = Server(Path(folder)).prepare().start()
        try:
            for name, size in SIZES.items():
                measure = hands if name == "hands" else in_one_page
                report(name, measure(name, browsers, server.url, size))
        finally:
            server.kill()


class Browsers:
    """Browsers with a profile on the disk: without one, a browser keeps its stores in memory."""

    def __init__(self, browser_type: BrowserType, folder: Path) -> None:
        self.browser_type = browser_type
        self.folder = folder
        self.path = os.environ.get("E2E_BROWSER") or None

    @contextmanager
    def page(self, url: str, before: str = "") -> Iterator[Page]:
        """Open the list of a new person, whose syncs get no answer, in a browser of its own."""
        profile = Profile(
            self.browser_type,
            Path(tempfile.mkdtemp(dir=self.folder)),
            {"executable_path": self.path, "base_url": url, "service_workers": "block"},
        )
        page = profile.start()
        page.add_init_script(before)
        sign_up(page, new_name("alice"))
        push(page, [f"todo {number}" for number in range(FIRST)])
        page.reload()
        ready(page)
        page.route("**/sync*", lambda route: route.abort())
        yield page
        page.unroute_all(behavior="ignoreErrors")
        profile.close()


def in_one_page(name: str, browsers: Browsers, url: str, size: dict[str, int]) -> Turns:
    """Return what a script measures, which lets both take turns in one page."""
    with browsers.page(url) as page:
        turns: Turns = page.evaluate(script(name), size)
    return turns


def hands(name: str, browsers: Browsers, url: str, size: dict[str, int]) -> Turns:
    """Return what hands take on pages with a store and on pages without one, in turns."""
    turns = []
    for number in range(size["turns"]):
        turn = {}
        for which in ("ours", "least") if number % 2 else ("least", "ours"):
            with browsers.page(url, WITHOUT_STORE if which == "least" else "") as page:
                turn[which] = page.evaluate(script(name), size["todos"])
        turns.append(turn)
    return turns


def script(name: str) -> str:
    """Return a script of the folder."""
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


def report(name: str, turns: Turns) -> None:
    """Print the medians, and the medians of the ratios with their quartiles."""
    medians = {which: statistics.median(turn[which] for turn in turns) for which in turns[0]}
    ours = medians.pop("ours")
    print(f"{name}, {len(turns)} turns: {ours:.2f} ms")
    for which, median in medians.items():
        low, middle, high = statistics.quantiles(
            (turn["ours"] / turn[which] for turn in turns), n=4
        )
        print(
            f"  over {which:18}{median:8.2f} ms   "
            f"ratio {middle:.2f} (quartiles {low:.2f} to {high:.2f})"
        )
