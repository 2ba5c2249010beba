"""Several tabs of one browser: one syncs at a time, none holds another back, and the last edit of
one that is closed is sent."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    body_of,
    cut_off,
    eventually,
    local_todo,
    new_name,
    ready,
    status,
    sync_now,
    synced,
    titles,
)

pytestmark = pytest.mark.any_engine

HOUR = 60 * 60
STEP = 10  # seconds


@pytest.fixture
def tab(page, alice):
    """A tab of Alice's."""
    synced(page)
    return page


@pytest.fixture
def other(tab):
    """Another tab beside it."""
    other = tab.context.new_page()
    other.goto("/")
    synced(other)
    return other


def asks(page):
    """Return a list that grows with each request to sync."""
    asked = []
    page.route("**/sync", lambda route: (asked.append(route), route.continue_()))
    return asked


def test_one_tab_syncs_at_a_time(tab, other):
    held = Held(tab, "**/sync")
    add_todo(tab, "one")
    eventually(lambda: held.routes, tab)
    asked = asks(other)
    add_todo(other, "two")
    expect(status(other)).to_have_attribute("data-state", "syncing")
    assert asked == []
    held.release()
    synced(other)
    synced(tab)
    assert [todo["text"] for todo in body_of(asked[0])["todos"]] == ["two"]
    for page in (tab, other):
        expect(titles(page)).to_have_text(["one", "two"])


def test_a_tab_that_never_comes_to_an_end_holds_no_other_back(tab, other):
    held = Held(tab, "**/sync")
    add_todo(tab, "one")
    eventually(lambda: held.routes, tab)
    add_todo(other, "two")
    synced(other)
    expect(titles(other)).to_have_text(["one", "two"])


def test_what_one_tab_has_synced_the_others_know(tab, other):
    for page in (tab, other):
        cut_off(page)
    add_todo(tab, "one")
    for page in (tab, other):
        expect(status(page)).to_have_attribute("data-state", "offline")
    tab.unroute("**/sync")
    sync_now(tab)
    synced(tab)
    expect(status(other)).to_have_attribute("data-state", "synced")


def test_with_the_server_down_for_an_hour_three_tabs_ask_at_most_60_times(tab, other):
    third = tab.context.new_page()
    third.goto("/")
    tabs = [tab, other, third]
    tab.context.clock.install()
    asked = []
    for page in tabs:
        page.reload()
        ready(page)
        page.route("**/sync", lambda route: (asked.append(route), route.abort()))
    add_todo(tab, "waits")
    asked.clear()
    for _ in range(HOUR // STEP):
        tab.context.clock.run_for(STEP * 1_000)
    assert 10 <= len(asked) <= 60
    expect(status(tab)).to_have_attribute("data-pending", "1")


def test_the_last_edit_before_a_tab_is_left_is_sent(tab, server):
    text = new_name("the last one")
    add_todo(tab, text)
    eventually(lambda: local_todo(tab, text), tab)
    tab.goto("/trash/")
    eventually(lambda: server.rows("SELECT 1 FROM todos_todo WHERE text = ?", text), tab)
