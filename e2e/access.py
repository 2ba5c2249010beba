"""What every page keeps to in every state: WCAG 2.2, as far as a machine can tell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from e2e.actions import SCRIPTS, eventually

EVERY_RULE = """axe.run({
    resultTypes: ["violations", "incomplete"],
    rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
})"""
# Those that have to do with colours, which is what the schemes differ in.
RULES_OF_COLOUR = """axe.run({
    resultTypes: ["violations", "incomplete"],
    runOnly: axe.getRules(["cat.color"]).map(({ ruleId }) => ruleId),
})"""

# A browser's zoom of 200 % leaves half the pixels; text alone is made larger without that.
SIZES = {"phone": (320, 640, 100), "zoomed": (320, 320, 100), "large text": (640, 640, 200)}
FONT_SIZE = "(size) => (document.documentElement.style.fontSize = size)"

# Whatever can be used: what is new on a page is found by itself.
CONTROLS = ", ".join(
    (
        "a[href]",
        "button",
        "summary",
        "input:not([type=hidden])",
        "select",
        "textarea",
        "[tabindex='0']",
        "[draggable=true]",
        "[role=button]",
        "[contenteditable]",
    )
)


def accessible(page: Page, state: str) -> None:
    """Look at a page as it is; what is wrong is told with the state that the page is in."""
    axe_finds_nothing(page, state)
    all_of_it_fits(page, state)
    nothing_moves(page, state)
    none(f"{state}, purpose", look(page, "purposeless"))


def axe_finds_nothing(page: Page, state: str) -> None:
    """Run all rules of axe, also those that are only good practice, light and dark."""
    page.wait_for_load_state()
    # Firefox, driven from outside, cannot be told what the system asks for; its pages can.
    scheme = "(scheme) => (document.documentElement.style.colorScheme = scheme)"
    for name, rules in (("light", EVERY_RULE), ("dark", RULES_OF_COLOUR)):
        page.evaluate(scheme, name)
        none(f"{state}, {name}", axe_finds(page, rules))
    page.evaluate(scheme, "")


def axe_finds(page: Page, run: str) -> list[str]:
    """Return what a run of axe finds, and what it leaves open though it is wrong."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(run)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html']}"
        for kind in ("violations", "incomplete")
        for rule in found[kind]
        for node in rule["nodes"]
        if kind == "violations" or is_unseen(node)
    ]


def is_unseen(node: dict[str, Any]) -> bool:
    """Tell whether a text has the colour of what it stands on: axe takes that for intended."""
    told = [check["data"] for check in node["any"]]
    return any(isinstance(data, dict) and data.get("messageKey") == "equalRatio" for data in told)


def all_of_it_fits(page: Page, state: str) -> None:
    """Look for what is cut, lies on something else, or is smaller than a fingertip needs at least
    (2.5.8), at each size; the first two also with wide letters."""
    page.wait_for_load_state()

    def looked_at(kind: str, *flaws: str) -> None:
        for flaw in flaws:
            none(f"{state}, {kind}, {flaw}", look(page, flaw))

    at_each_size(page, lambda kind: looked_at(kind, "cut", "overlapping", "small"))
    look(page, "spaceOut")
    looked_at("spaced out", "cut", "overlapping")
    look(page, "spaceOut")


def nothing_moves(page: Page, state: str) -> None:
    """Look for what moves though that is not wanted; only Chromium can be told that it is not."""
    browser = page.context.browser
    if browser and browser.browser_type.name == "chromium":
        page.emulate_media(reduced_motion="reduce")
        none(f"{state}, moving", look(page, "moving"))
        page.emulate_media(reduced_motion="null")


def none(state: str, found: list[str]) -> None:
    """Check that nothing was found."""
    assert not found, "\n".join([f"{state}:", *found])


def leave_few(rows: Locator) -> None:
    """Hide all rows but the first ten: it takes long to look at many that look the same.

    They stay where they are, since the page may be about to put others beside them.
    """
    rows.evaluate_all("(rows) => rows.slice(10).forEach((row) => { row.style.display = 'none'; })")


# The keyboard


def all_by_tab(page: Page) -> None:
    """Go through all controls by Tab at each size: in their order, each seen to have the focus."""
    at_each_size(page, lambda kind: all_of_one_size_by_tab(page))


def all_of_one_size_by_tab(page: Page) -> None:
    """Do so at the size that the page has."""
    page.evaluate("scrollTo(0, 0)")
    count = look(page, "begin")
    page.keyboard.press("Tab")
    # Firefox, asked to turn round while it still scrolls, stops half-way: nobody is that quick.
    look(page, "focused")
    page.keyboard.press("Shift+Tab")

    def is_seen(at: int) -> bool:
        good = {"outlined": True, "distinct": True, "uncovered": True}
        return bool(look(page, "focused") == {"at": at, **good})

    for at in range(count):
        if at:
            page.keyboard.press("Tab")
        # Firefox scrolls to what has the focus over several frames.
        eventually(partial(is_seen, at), page)


# How it is looked at


def at_each_size(page: Page, looked_at: Callable[[str], None]) -> None:
    """Give the page each size in turn, let it be looked at, and give it its own again."""
    own = page.viewport_size
    assert own
    for kind, (width, height, percent) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(FONT_SIZE, f"{percent}%")
        looked_at(kind)
    page.evaluate(FONT_SIZE, "")
    page.set_viewport_size(own)


def look(page: Page, name: str) -> Any:
    """Look at the page by e2e/scripts/look-at-page.js; return what was found."""
    script = (SCRIPTS / "look-at-page.js").read_text(encoding="utf-8")
    return page.evaluate(script, [name, CONTROLS])
