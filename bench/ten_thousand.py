"""A list of 10,000 todos beside one of 10: to open it, type, search, filter, toggle all, scroll.

Two profiles on the disk, of two people, take turns at each deed, in Chromium and in Firefox. Times
are in ms. `key` is from the event to the frame that shows what came of it, which a screen of 60 Hz
makes up to 17 ms; `pause` is the longest from one frame to the next while a deed goes on; `open` is
from the start of the navigation. A ratio is 10,000 over 10, the median of the turns'.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from e2e.actions import make_account, new_name, post
from e2e.profiles import Profile
from e2e.server import Server
from todos.uuid7 import uuid7

SIZES = (10, 10_000)
TURNS = 5
AT_ONCE = 1_000  # todos in a request
PATIENCE = 300  # seconds
GONE = 3_000  # ms after which a browser has thrown away a page
ENGINES = {"chromium": "E2E_BROWSER", "firefox": "E2E_FIREFOX"}
FRAMES = Path(__file__).parent / "in_browser" / "frames.js"
WORDS = ("buy", "call", "mend", "write", "read", "plan", "pay", "sow", "paint", "visit")
THINGS = ("milk", "Bob", "the roof", "a letter", "café", "the garden", "bills", "beans", "Zoë")

Times = dict[str, dict[int, list[float]]]  # by what was measured, then by size


def run() -> None:
    """Measure in each browser that is to be had, and print medians and ratios."""
    for engine, variable in ENGINES.items():
        if os.environ.get(variable) == "none":
            continue
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            server = Server(Path(folder)).prepare().start()
            try:
                report(engine, measure(playwright, engine, Path(folder), server.url))
            finally:
                server.kill()


def measure(playwright: Playwright, engine: str, folder: Path, url: str) -> Times:
    """Return the times of both lists."""
    profiles = {size: profile(playwright, engine, folder / str(size), url) for size in SIZES}
    pages = {size: page_with(each, size) for size, each in profiles.items()}
    times: Times = defaultdict(lambda: defaultdict(list))
    for turn in range(TURNS):
        for deed in DEEDS:
            for size in SIZES if turn % 2 else SIZES[::-1]:
                pages[size].bring_to_front()
                for name, value in deed(pages[size], size).items():
                    times[name][size].append(value)
    for each in profiles.values():
        each.close()
    return times


def profile(playwright: Playwright, engine: str, folder: Path, url: str) -> Profile:
    """Return a profile on the disk, where the local store is kept as people's are."""
    path = os.environ.get(ENGINES[engine]) or None
    options: dict[str, Any] = {"base_url": url, "service_workers": "block"}
    if path:
        options |= {"executable_path": path}
        options |= {"channel": "moz-firefox"} if engine == "firefox" else {}
    return Profile(getattr(playwright, engine), folder, options)


def page_with(profile: Profile, size: int) -> Page:
    """Return a tab with that many todos, all in sync."""
    page = profile.start()
    page.add_init_script(f"window.expected_ = {size};")
    page.add_init_script(path=FRAMES)
    make_account(page, new_name("alice"))
    stamp = f"{int(time.time() * 1_000):015d}-0000-0123456789abcdef"
    clocks = dict.fromkeys(("text", "completed", "position", "deleted"), stamp)
    todos = [
        {
            "id": str(uuid7()),
            "text": f"{WORDS[n % 10]} {THINGS[n % 9]} {n}",
            "completed": n % 3 == 0,
            "position": f"c{n:06}1",
            "deleted": False,
            "clocks": clocks,
        }
        for n in range(size)
    ]
    for first in range(0, size, AT_ONCE):
        post(page, todos[first : first + AT_ONCE])
    page.goto("/")
    settled(page, size)
    return page


def settled(page: Page, size: int) -> None:
    """Wait until all rows are there, and all is saved."""
    shown(page, size)
    until(page, "status === 'synced' && pending === '0'")


def shown(page: Page, size: int) -> None:
    """Wait until there are so many rows, without looking at each."""
    until(page, f"rows === {size}")


def until(page: Page, condition: str) -> None:
    """Wait until something is true of the page, asking seldom: it is the page's own time."""
    ask = f"""() => {{
        const lists = [...document.querySelectorAll(".todo-list")];
        const rows = lists.reduce((sum, list) => sum + list.childElementCount, 0);
        const {{ state: status, pending }} = document.querySelector(".sync-status").dataset;
        const says = document.querySelector(".sync-status").textContent;
        return {condition};
    }}"""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(ask):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(100)


# What is done


def opening(page: Page, size: int) -> dict[str, float]:
    """Open the list, as on any day: what was there before is gone, or that would be measured."""
    page.goto("about:blank")
    page.wait_for_timeout(GONE)
    page.goto("/")
    until(page, "measured.filled && measured.ready")
    found = page.evaluate(
        "({ seen: measured.seen, ready: measured.ready, filled: measured.filled,"
        " ...measured.since(measured.seen), heap: performance.memory?.usedJSHeapSize ?? 0 })"
    )
    settled(page, size)
    return {
        "open until rows are seen": found["seen"],
        "open until it can be used": found["ready"],
        "open until all rows are there": found["filled"],
        "open: pause": found["longest"],
        "heap, MB": found["heap"] / 1e6,
    }


def typing(page: Page, size: int) -> dict[str, float]:
    """Type in the field for a new todo."""
    focus(page, ".new-todo")
    return {"new todo: key": keys(page, ["b", "u", "y", "Backspace", "Backspace", "Backspace"])}


def adding(page: Page, size: int) -> dict[str, float]:
    """Add a todo, and delete it."""
    focus(page, ".new-todo")
    page.keyboard.insert_text("another one")
    found = {"add: key": keys(page, ["Enter"])}
    focus(page, ".todo-list:last-child li:last-child .destroy")
    found["delete: key"] = keys(page, ["Enter"])
    settled(page, size)
    return found


def ticking(page: Page, size: int) -> dict[str, float]:
    """Tick the first todo, and untick it."""
    focus(page, ".toggle")
    found = {"tick: key": keys(page, ["Space", "Space"])}
    settled(page, size)
    return found


def searching(page: Page, size: int) -> dict[str, float]:
    """Search for milk, and for nothing again."""
    if not page.evaluate("document.querySelector('.search') !== null"):
        return {}
    focus(page, ".search")
    started = page.evaluate("performance.now()")
    found = {
        "search: first key": keys(page, ["m"]),
        "search: next keys": keys(page, ["i", "l", "k"]),
        "search: clear": keys(page, ["Escape"]),
    }
    shown(page, size)
    found["search: pause"] = page.evaluate("(from) => measured.since(from).longest", started)
    return found


def filtering(page: Page, size: int) -> dict[str, float]:
    """Go through the filters."""
    found = {}
    started = page.evaluate("performance.now()")
    for name in ("Active", "Completed", "All"):
        focus(page, f".filters a[data-filter={name.lower()}]")
        found[f"{name}: key"] = keys(page, ["Enter"])
    shown(page, size)
    found["filters: pause"] = page.evaluate("(from) => measured.since(from).longest", started)
    return found


def toggling_all(page: Page, size: int) -> dict[str, float]:
    """Mark all as complete, and take that back."""
    settled(page, size)
    focus(page, ".toggle-all")
    started = page.evaluate("performance.now()")
    found = {"toggle all: key": keys(page, ["Space"])}
    until(page, "!says.includes('Saving')")
    found["toggle all: kept"] = page.evaluate("performance.now()") - started
    settled(page, size)
    found["toggle all: synced"] = page.evaluate("performance.now()") - started
    found["toggle all: pause"] = page.evaluate("(from) => measured.since(from).longest", started)
    started = page.evaluate("performance.now()")
    focus(page, ".undo-last")
    found["undo it: key"] = keys(page, ["ControlOrMeta+z"])
    until(page, "document.querySelector('.todo-list li:not(.completed)')")
    settled(page, size)
    found["undo it: pause"] = page.evaluate("(from) => measured.since(from).longest", started)
    return found


def scrolling(page: Page, size: int) -> dict[str, float]:
    """Scroll through the list, a window's height in each frame, and back."""
    found = page.evaluate("""async () => {
        const start = performance.now();
        for (const way of [1, -1])
            for (let frame = 0; frame < 60; frame++) {
                scrollBy({ top: way * innerHeight, behavior: "instant" });
                await measured.painted();
            }
        scrollTo({ top: 0, behavior: "instant" });
        return measured.since(start);
    }""")
    return {"scroll: pause": found["longest"], "scroll: frames over 50 ms": found["slow"]}


def focus(page: Page, selector: str) -> None:
    """Focus something by script, and wait until it is seen, wherever in the list that is.

    Not by a locator: for those Playwright lets Chromium watch the document as its developer tools
    do, and then to add or remove a row of thousands takes milliseconds.
    """
    page.evaluate(
        """async (selector) => {
            document.querySelector(selector).focus();
            for (const frame of [1, 2]) await measured.painted();
        }""",
        selector,
    )


def keys(page: Page, names: list[str]) -> float:
    """Press keys, and return the median of the times until the frame that shows it."""
    page.evaluate("void (measured.inputs.length = 0)")
    for number, name in enumerate(names, start=1):
        page.keyboard.press(name)
        until(page, f"measured.inputs.length >= {number}")
    return float(statistics.median(page.evaluate("measured.inputs")))


DEEDS: list[Callable[[Page, int], dict[str, float]]] = [
    opening,
    typing,
    adding,
    ticking,
    searching,
    filtering,
    scrolling,
    toggling_all,
]


def report(engine: str, times: Times) -> None:
    """Print the medians, and the median of the ratios with its quartiles."""
    few, many = SIZES
    print(f"{engine}, {TURNS} turns")
    for name, by_size in times.items():
        medians = [statistics.median(by_size[size]) for size in SIZES]
        ratios = [b / a for a, b in zip(by_size[few], by_size[many], strict=True) if a]
        line = f"  {name:30}10 {medians[0]:8.1f}   10,000 {medians[1]:8.1f}"
        if len(ratios) > 1:
            low, middle, high = statistics.quantiles(ratios, n=4)
            line += f"   ratio {middle:.2f} (quartiles {low:.2f} to {high:.2f})"
        print(line, flush=True)
