"""Search as you type, over all that is on the device."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    eventually,
    local_todo,
    make_account,
    new_name,
    push,
    push_edit,
    ready,
    rename,
    row,
    sign_up_with,
    status,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

TEXTS = ["Buy milk", "Café with Zoë", "Buy oat milk", "Call Bob"]


@pytest.fixture
def page(page):
    """Alice's list of four; a load of the page would be noticed."""
    sign_up_with(page, TEXTS)
    page.evaluate("void (window.same = true)")
    return page


def search(page):
    return page.get_by_role("searchbox", name="Search")


def seek(page, query):
    """Type what is sought, key by key, as people do."""
    search(page).fill("")
    search(page).press_sequentially(query)


def found(page):
    return page.locator(".found")


def test_what_is_typed_is_sought_at_once_and_the_number_is_said(page):
    seek(page, "MILK buy")
    expect(titles(page)).to_have_text(["Buy milk", "Buy oat milk"])
    expect(found(page)).to_have_text("2 todos found")
    expect(found(page)).to_have_role("status")
    seek(page, "zoe cafe")
    expect(titles(page)).to_have_text(["Café with Zoë"])
    expect(found(page)).to_have_text("1 todo found")
    seek(page, "milk bob")
    expect(titles(page)).to_have_count(0)
    expect(found(page)).to_have_text("Nothing found")
    expect(page.get_by_test_id("todo-count")).to_have_text("4 items left")
    search(page).press("Escape")
    expect(search(page)).to_have_value("")
    expect(titles(page)).to_have_text(TEXTS)
    expect(found(page)).to_be_hidden()
    assert page.evaluate("same") is True


def test_a_key_leads_to_it_but_not_out_of_a_field_or_a_dialog(page):
    page.get_by_placeholder("What needs to be done?").press("/")
    expect(page.get_by_placeholder("What needs to be done?")).to_have_value("/")
    row(page, "Call Bob").get_by_role("checkbox").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_contain_text("search")
    page.keyboard.press("/")
    expect(search(page)).not_to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(search(page)).to_be_focused()
    expect(search(page)).to_have_value("")
    search(page).press("?")
    expect(search(page)).to_have_value("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_hidden()


def test_it_goes_together_with_the_filters_and_stands_in_the_address(page):
    toggle(page, "Buy milk")
    seek(page, "milk")
    expect(page).to_have_url(re.compile(r"/\?q=milk$"))
    page.get_by_role("link", name="Active", exact=True).click()
    expect(titles(page)).to_have_text(["Buy oat milk"])
    expect(found(page)).to_have_text("1 todo found")
    expect(page).to_have_url(re.compile(r"/active\?q=milk$"))
    seek(page, "buy")
    expect(page).to_have_url(re.compile(r"/active\?q=buy$"))
    page.evaluate("history.back()")
    expect(titles(page)).to_have_text(["Buy milk", "Buy oat milk"])
    expect(search(page)).to_have_value("milk")
    page.get_by_role("link", name="Completed", exact=True).click()
    assert page.evaluate("same") is True
    synced(page)
    page.reload()
    expect(titles(page)).to_have_text(["Buy milk"])
    ready(page)
    expect(search(page)).to_have_value("milk")
    expect(found(page)).to_have_text("1 todo found")
    expect(titles(page)).to_have_text(["Buy milk"])
    seek(page, "")
    page.get_by_role("link", name="All", exact=True).click()
    expect(titles(page)).to_have_text(TEXTS)
    expect(page).to_have_url(re.compile(r"/$"))


def test_what_was_typed_before_there_was_a_script_is_sought(page):
    scripts = Held(page, "**/main*.mjs")
    page.evaluate("location.reload()")
    expect(page.locator("html:not([data-ready]) .search")).to_be_visible()
    search(page).fill("bob")
    scripts.release()
    expect(titles(page)).to_have_text(["Call Bob"])


def test_a_todo_that_is_added_or_changed_meanwhile_stays_until_something_else_is_sought(page):
    seek(page, "milk")
    add_todo(page, "Bread")
    expect(titles(page)).to_have_text(["Buy milk", "Buy oat milk", "Bread"])
    rename(page, "Buy milk", "Buy tea")
    expect(titles(page)).to_have_text(["Buy tea", "Buy oat milk", "Bread"])
    expect(row(page, "Buy tea").get_by_role("button", name="Edit")).to_be_focused()
    synced(page)
    expect(titles(page)).to_have_text(["Buy tea", "Buy oat milk", "Bread"])
    seek(page, "oat milk")
    expect(titles(page)).to_have_text(["Buy oat milk"])


def test_what_comes_from_elsewhere_is_sought_too_but_no_row_goes_from_under_a_hand(page):
    seek(page, "milk")
    push(page, ["Milk the cow", "Sow beans"])
    expect(titles(page)).to_have_text(["Buy milk", "Milk the cow", "Buy oat milk"])
    expect(found(page)).to_have_text("3 todos found")
    row(page, "Buy milk").get_by_role("checkbox").focus()
    push_edit(page, local_todo(page, "Buy milk"), text="Buy tea")
    push_edit(page, local_todo(page, "Milk the cow"), text="Feed the cow")
    expect(titles(page)).to_have_text(["Buy tea", "Buy oat milk"])
    expect(row(page, "Buy tea").get_by_role("checkbox")).to_be_focused()
    row(page, "Buy oat milk").get_by_role("button", name="Edit").click()
    field = page.get_by_label("Edit", exact=True)
    field.fill("Buy oats")
    push_edit(page, local_todo(page, "Buy oat milk"), text="Buy rye")
    eventually(lambda: local_todo(page, "Buy rye"), page)
    expect(field).to_have_value("Buy oats")
    field.press("Enter")
    expect(titles(page)).to_have_text(["Buy tea", "Buy oats"])


def test_what_is_done_to_all_is_done_to_those_found_and_the_words_say_so(page):
    expect(page.get_by_text("Mark all as complete", exact=True)).to_be_visible()
    seek(page, "milk")
    page.get_by_label("Mark all found as complete").check()
    expect(page.get_by_test_id("todo-count")).to_have_text("2 items left")
    page.get_by_label("Mark all found as complete").uncheck()
    expect(page.get_by_test_id("todo-count")).to_have_text("4 items left")
    toggle(page, "Buy milk")
    search(page).press("Escape")
    toggle(page, "Call Bob")
    seek(page, "milk")
    page.get_by_role("button", name="Clear completed of those found").click()
    expect(titles(page)).to_have_text(["Buy oat milk"])
    expect(page.get_by_role("button", name="Clear completed")).to_be_hidden()
    seek(page, "nothing like it")
    expect(page.locator(".toggle-all")).to_be_hidden()
    search(page).press("Escape")
    expect(titles(page)).to_have_text(["Café with Zoë", "Buy oat milk", "Call Bob"])
    expect(page.get_by_role("button", name="Clear completed", exact=True)).to_be_visible()


def test_a_device_that_has_not_everything_yet_says_so_and_asks_the_server(new_browser):
    other = new_browser().new_page()
    make_account(other, new_name("bob"))
    push(other, [*(f"todo {number:03}" for number in range(100)), "far away"])
    other.route("**/sync", lambda route: route.abort())
    other.goto("/")
    expect(status(other)).to_have_attribute("data-state", "offline")
    seek(other, "far away")
    expect(found(other)).to_have_text("Nothing found so far")
    search(other).press("Enter")
    expect(titles(other)).to_have_text(["far away"])
