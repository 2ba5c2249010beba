"""The whole list without a line of JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import PASSWORD, log_in, log_out, new_name, row, sign_up, titles

pytestmark = pytest.mark.any_engine


@pytest.fixture
def page(new_browser):
    """A tab of a browser with scripts turned off, with somebody signed up."""
    page = new_browser(java_script_enabled=False).new_page()
    sign_up(page, new_name("alice"))
    return page


def add(page, text):
    page.get_by_placeholder("What needs to be done?").fill(text)
    page.get_by_role("button", name="Add").click()


def tick(page, text):
    row(page, text).get_by_role("checkbox").click()
    row(page, text).get_by_role("button", name="Save").click()


def count(page):
    return page.get_by_test_id("todo-count")


def test_sign_up_leads_to_an_empty_list_and_log_in_back_to_it(new_browser):
    page = new_browser(java_script_enabled=False).new_page()
    bob = new_name("bob")
    page.goto("/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Username").fill(bob)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text(bob)).to_be_visible()
    expect(titles(page)).to_have_count(0)
    add(page, "Buy milk")
    log_out(page)
    log_in(page, bob)
    expect(titles(page)).to_have_text(["Buy milk"])


def test_add_shows_the_todo_at_the_end(page):
    for text in ("Buy milk", "  Call mum  "):
        add(page, text)
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    expect(count(page)).to_have_text("2 items left")
    expect(page.get_by_placeholder("What needs to be done?")).to_have_value("")


def test_add_by_the_enter_key(page):
    page.get_by_placeholder("What needs to be done?").fill("Buy milk")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["Buy milk"])


def test_nothing_typed_is_refused_in_place(page):
    add(page, "   ")
    expect(page.get_by_role("alert")).to_have_text(re.compile("Write what needs to be done"))
    expect(titles(page)).to_have_count(0)


def test_a_text_that_is_too_long_is_refused_in_place_and_kept(page):
    text = "x" * 2_001
    add(page, text)
    expect(page.get_by_role("alert")).to_have_text(re.compile("longer than 2000"))
    expect(page.get_by_placeholder("What needs to be done?")).to_have_value(text)


def test_toggle_and_back(page):
    add(page, "Buy milk")
    tick(page, "Buy milk")
    expect(row(page, "Buy milk")).to_have_class("completed")
    expect(count(page)).to_have_text("0 items left")
    tick(page, "Buy milk")
    expect(row(page, "Buy milk")).not_to_have_class("completed")
    expect(count(page)).to_have_text("1 item left")


def test_rename_on_a_page_of_its_own_and_back_to_where_one_was(page):
    add(page, "Buy milk")
    page.get_by_role("link", name="Active").click()
    row(page, "Buy milk").get_by_role("link", name="Edit").click()
    page.get_by_label("What needs to be done?").fill("Buy oat milk")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/active$"))
    expect(titles(page)).to_have_text(["Buy oat milk"])


def test_rename_to_nothing_deletes(page):
    add(page, "Buy milk")
    row(page, "Buy milk").get_by_role("link", name="Edit").click()
    page.get_by_label("What needs to be done?").fill("")
    page.get_by_role("button", name="Save").click()
    expect(titles(page)).to_have_count(0)


def test_rename_to_something_too_long_is_refused_in_place_and_kept(page):
    add(page, "Buy milk")
    row(page, "Buy milk").get_by_role("link", name="Edit").click()
    field = page.get_by_label("What needs to be done?")
    field.fill("x" * 2_001)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("longer than 2000"))
    expect(field).to_have_value("x" * 2_001)


def test_delete(page):
    add(page, "Buy milk")
    row(page, "Buy milk").get_by_role("button", name="Delete").click()
    expect(titles(page)).to_have_count(0)
    expect(page.locator(".main")).to_be_hidden()
    expect(page.locator(".footer")).to_be_hidden()


def test_mark_all_and_clear_completed(page):
    for text in ("Buy milk", "Call mum"):
        add(page, text)
    page.get_by_label("Mark all as complete").check()
    page.locator(".toggle-all-form").get_by_role("button", name="Save").click()
    expect(count(page)).to_have_text("0 items left")
    add(page, "Water the plants")
    page.get_by_role("button", name="Clear completed").click()
    expect(titles(page)).to_have_text(["Water the plants"])
    expect(page.get_by_role("button", name="Clear completed")).to_be_hidden()


def test_the_filters_are_pages(page):
    for text in ("Buy milk", "Call mum"):
        add(page, text)
    tick(page, "Buy milk")
    page.get_by_role("link", name="Active").click()
    expect(titles(page)).to_have_text(["Call mum"])
    page.get_by_role("link", name="Completed").click()
    expect(titles(page)).to_have_text(["Buy milk"])
    expect(page.get_by_role("link", name="Completed")).to_have_class("selected")
    tick(page, "Buy milk")
    expect(page).to_have_url(re.compile("/completed$"))
    expect(titles(page)).to_have_count(0)


def test_a_form_sent_again_after_going_back_overwrites_nothing(page, new_browser):
    add(page, "Buy milk")
    other = page.context.new_page()
    other.goto("/")
    row(other, "Buy milk").get_by_role("link", name="Edit").click()
    tick(page, "Buy milk")
    other.get_by_label("What needs to be done?").fill("Buy oat milk")
    other.get_by_role("button", name="Save").click()
    expect(row(other, "Buy oat milk")).to_have_class("completed")
