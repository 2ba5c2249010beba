"""The status line tells the truth, in one sentence, and what helps stands beside it."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    cut_off,
    eventually,
    fill_in_log_in,
    local,
    log_in,
    make_account,
    new_name,
    ready,
    row,
    status,
    synced,
    toggle,
)

pytestmark = pytest.mark.any_engine


@pytest.fixture
def page(page, alice):
    return page


def sync_button(page):
    return page.get_by_role("button", name="Sync now")


def last_synced(page):
    return page.locator(".last-synced")


def mark(page, text):
    return row(page, text).get_by_text("Not on the server yet")


def test_it_counts_what_the_server_has_not_got(page):
    synced(page)
    expect(status(page)).to_have_text("All todos are saved on the server.")
    held = Held(page, "**/sync")
    add_todo(page, "one")
    expect(status(page)).to_have_text("1 todo is saved only on this device.")
    add_todo(page, "two")
    expect(status(page)).to_have_text("2 todos are saved only on this device.")
    expect(status(page)).to_have_attribute("data-pending", "2")
    held.release()
    synced(page)
    expect(status(page)).to_have_text("All todos are saved on the server.")


def test_after_a_reload_it_still_knows(page):
    cut_off(page)
    add_todo(page, "one")
    expect(status(page)).to_have_attribute("data-state", "offline")
    page.reload()
    ready(page)
    expect(status(page)).to_have_attribute("data-pending", "1")
    expect(status(page)).to_have_text(
        "The server cannot be reached: 1 todo is saved only on this device."
    )


def test_f41_what_has_waited_for_long_is_told_with_its_time(page):
    page.clock.install()
    page.reload()
    ready(page)
    cut_off(page)
    add_todo(page, "one")
    expect(status(page)).to_have_text(
        "The server cannot be reached: 1 todo is saved only on this device."
    )
    page.clock.fast_forward(90_000)
    expect(status(page)).to_have_text(
        re.compile(r": 1 todo is saved only on this device, since \d{1,2}:\d\d")
    )
    add_todo(page, "two")
    expect(status(page)).to_have_text(
        re.compile(r": 2 todos are saved only on this device, the oldest since \d{1,2}:\d\d")
    )


def test_a_row_that_is_not_saved_is_marked_in_words_until_it_is(page):
    held = Held(page, "**/sync")
    add_todo(page, "one")
    expect(mark(page, "one")).to_be_visible()
    held.release()
    synced(page)
    expect(mark(page, "one")).to_be_hidden()


def test_it_says_when_the_last_sync_was_also_after_a_reload_without_a_server(page):
    synced(page)
    expect(last_synced(page)).to_have_text(re.compile(r"Last synced \d{1,2}:\d\d"))
    cut_off(page)
    page.reload()
    expect(status(page)).to_have_attribute("data-state", "offline")
    told = last_synced(page).locator("time").get_attribute("datetime")
    page.clock.install()
    page.reload()
    ready(page)
    page.clock.fast_forward(60_000)
    expect(last_synced(page).locator("time")).to_have_attribute("datetime", told)
    assert page.evaluate("(told) => Date.parse(told)", told) == local(page, "meta")["syncedAt"]


def test_sync_now_does_not_wait_for_its_turn(page):
    tries = []
    page.route("**/sync", lambda route: (tries.append(route), route.abort()))
    eventually(lambda: tries, page)
    for _ in range(7):  # by then the pauses between two tries are half a minute and more
        expect(status(page)).to_have_attribute("data-state", "offline")
        count = len(tries)
        sync_button(page).click()
        eventually(lambda count=count: len(tries) > count, page)
    page.unroute("**/sync")
    sync_button(page).click()
    synced(page)


def test_logged_out_it_leads_to_the_log_in_and_back(page, alice, context):
    synced(page)
    cut_off(page)
    add_todo(page, "one")
    context.clear_cookies(name="sessionid")
    page.unroute("**/sync")
    expect(status(page)).to_have_attribute("data-state", "signed-out")
    expect(status(page)).to_have_text("You are logged out: 1 todo is saved only on this device.")
    page.get_by_role("link", name="Active").click()
    page.get_by_role("link", name="Log in").click()
    fill_in_log_in(page, alice)
    expect(page).to_have_url(re.compile("/active$"))
    synced(page)
    expect(row(page, "one")).to_be_visible()


def test_with_somebody_else_logged_in_it_offers_to_reload(page, context):
    synced(page)
    context.clear_cookies(name="sessionid")
    bob = make_account(page, new_name("bob"))
    expect(status(page)).to_have_text("Somebody else is logged in.")
    page.get_by_role("link", name="Reload").click()
    expect(page.get_by_text(bob)).to_be_visible()
    synced(page)
    expect(page.get_by_role("link", name="Reload")).to_be_hidden()


def test_it_is_called_out_when_something_is_wrong_and_not_at_each_edit(page):
    synced(page)
    expect(status(page)).to_have_attribute("aria-live", "off")
    add_todo(page, "one")
    expect(status(page)).to_have_attribute("aria-live", "off")
    synced(page)
    expect(status(page)).to_have_attribute("aria-live", "off")
    cut_off(page)
    toggle(page, "one")
    expect(status(page)).to_have_attribute("data-state", "offline")
    expect(status(page)).to_have_attribute("aria-live", "polite")
    page.unroute("**/sync")
    expect(status(page)).to_have_attribute("data-state", "synced")
    expect(status(page)).to_have_attribute("aria-live", "polite")


def test_a_second_browser_that_is_new_says_so_too(page, alice, new_browser):
    add_todo(page, "one")
    synced(page)
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    synced(laptop)
    eventually(lambda: len(local(laptop)) == 1, laptop)
    expect(last_synced(laptop)).to_be_visible()
