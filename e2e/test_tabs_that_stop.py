"""A tab that is frozen, crashed, kept by the back button or duplicated, beside one that lives."""

import os
import signal
from contextlib import contextmanager

import pytest
from playwright.sync_api import Error, expect

from e2e.actions import (
    SCRIPTS,
    Held,
    add_todo,
    eventually,
    local,
    ready,
    rename,
    row,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.usefixtures("milk")

BUSY = """() => {
    const end = performance.now() + 300;
    while (performance.now() < end);
}"""


@pytest.fixture
def other(context, page, milk):
    """Another tab of the same browser."""
    other = context.new_page()
    other.goto("/")
    synced(other)
    return other


@contextmanager
def frozen(page):
    """Stop the process of a tab, as a browser or a phone that saves power does."""
    process = process_of(page)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def process_of(page):
    """Return the process of a tab: the one that has worked when the tab has."""
    browser = page.context.browser.new_browser_cdp_session()
    before = times(browser)
    page.evaluate(BUSY)
    worked = {process: time - before.get(process, 0) for process, time in times(browser).items()}
    browser.detach()
    return max(worked, key=worked.get)


def times(browser):
    """Return how long each process for tabs has worked, in seconds."""
    processes = browser.send("SystemInfo.getProcessInfo")["processInfo"]
    return {each["id"]: each["cpuTime"] for each in processes if each["type"] == "renderer"}


@pytest.mark.only_browser("chromium")  # the other one names no processes
def test_f16_beside_a_tab_that_is_frozen_in_a_sync_another_goes_on_and_tells_it_all(page, other):
    sync = Held(page, "**/sync")
    sync_now(page)
    sync.one()
    with frozen(page):
        add_todo(other, "Call mum")
        toggle(other, "Buy milk")
        synced(other)
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()
    assert sync.holding
    add_todo(page, "Water the plants")
    expect(titles(other)).to_have_text(["Buy milk", "Call mum", "Water the plants"])
    sync.release()
    synced(page)


@pytest.mark.only_browser("chromium")  # the other one does not crash on demand
def test_a_tab_that_crashes_in_a_write_and_in_a_sync_blocks_no_other(page, other):
    sync = Held(page, "**/sync")
    sync_now(page)
    sync.one()
    page.evaluate((SCRIPTS / "hold-store.js").read_text(encoding="utf-8"))
    other.get_by_placeholder("What needs to be done?").fill("Call mum")
    other.keyboard.press("Enter")
    expect(status(other)).to_have_text("Saving…")
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    synced(other)
    expect(titles(other)).to_have_text(["Buy milk", "Call mum"])
    assert len(local(other)) == 2
    page.close()


SAY_NOTHING = "BroadcastChannel.prototype.postMessage = () => {}"
COME_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


@pytest.mark.any_engine
def test_f20_a_tab_that_the_back_button_brings_shows_what_others_wrote_meanwhile(page, other):
    # The event is made here: these engines keep no page that says `no-store`; Safari does.
    other.evaluate(SAY_NOTHING)  # who is in that cache hears nothing
    sync = Held(page, "**/sync")
    sync_now(page)
    sync.one()
    add_todo(other, "Call mum")
    rename(other, "Buy milk", "Buy oat milk")
    synced(other)
    expect(titles(page)).to_have_text(["Buy milk"])
    page.evaluate(COME_BACK)
    expect(titles(page)).to_have_text(["Buy oat milk", "Call mum"])
    sync.release()
    synced(page)


@pytest.mark.any_engine
def test_f19_a_duplicated_tab_makes_stamps_of_its_own(page, context):
    with context.expect_page() as opened:
        page.evaluate("void open(location.href)")  # it gets a copy of the session's storage
    copy = opened.value
    ready(copy)
    assert [tab.evaluate("sessionStorage.length") for tab in (page, copy)] == [0, 0]
    held = [Held(tab, "**/sync") for tab in (page, copy)]
    add_todo(page, "from the one")
    add_todo(copy, "from its copy")
    eventually(lambda: len(local(page)) == 3, page)
    [_, one, two] = sorted(local(page), key=lambda record: record["position"])
    nodes = {record["clocks"]["text"][21:] for record in (one, two)}
    assert len(nodes) == 2
    for each in held:
        each.release()
    synced(page)
    synced(copy)
    for tab in (page, copy):
        expect(titles(tab)).to_have_text(["Buy milk", "from the one", "from its copy"])
