"""All, active, completed: real addresses, switched without a load."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import add_todo, push, ready, row, sign_up_with, synced, titles, toggle

pytestmark = pytest.mark.any_engine


@pytest.fixture
def page(page):
    """Alice's list of three, the second completed; a load of the page would be noticed."""
    sign_up_with(page, ["one", "two", "three"])
    toggle(page, "two")
    synced(page)
    page.evaluate("void (window.same = true)")
    return page


def choose(page, name):
    page.get_by_role("link", name=name, exact=True).click()


def assert_shown(page, name, shown):
    """Check the rows, the address, and that exactly this filter is marked."""
    expect(titles(page)).to_have_text(shown)
    expect(page).to_have_url(re.compile(r"/$" if name == "All" else f"/{name.lower()}$"))
    expect(page.locator(".filters .selected")).to_have_text([name])
    expect(page.locator(".filters [aria-current=page]")).to_have_text([name])


def test_each_shows_its_todos_at_its_address_without_a_load(page):
    for name, shown in {
        "Active": ["one", "three"],
        "Completed": ["two"],
        "All": ["one", "two", "three"],
    }.items():
        choose(page, name)
        assert_shown(page, name, shown)
    expect(page.get_by_test_id("todo-count")).to_have_text("2 items left")
    assert page.evaluate("same") is True


def test_a_switch_resolves_no_link_anew_which_takes_long_with_thousands(page):
    base = page.evaluate("document.baseURI")
    choose(page, "Active")
    assert_shown(page, "Active", ["one", "three"])
    assert page.evaluate("document.baseURI") == base


def test_back_and_forward_go_through_them(page):
    choose(page, "Active")
    choose(page, "Completed")
    page.evaluate("history.back()")
    assert_shown(page, "Active", ["one", "three"])
    page.evaluate("history.back()")
    assert_shown(page, "All", ["one", "two", "three"])
    page.evaluate("history.forward()")
    assert_shown(page, "Active", ["one", "three"])
    assert page.evaluate("same") is True


def test_a_reload_shows_the_same_from_the_server(page):
    choose(page, "Completed")
    page.reload()
    assert_shown(page, "Completed", ["two"])
    ready(page)
    assert_shown(page, "Completed", ["two"])
    choose(page, "All")
    assert_shown(page, "All", ["one", "two", "three"])


def test_a_row_leaves_the_filter_by_a_tick_and_hands_its_focus_on(page):
    choose(page, "Active")
    row(page, "one").get_by_role("checkbox").press("Space")
    expect(titles(page)).to_have_text(["three"])
    expect(row(page, "three").get_by_role("checkbox")).to_be_focused()
    choose(page, "Completed")
    expect(titles(page)).to_have_text(["one", "two"])


def test_a_todo_added_among_the_completed_is_among_the_others(page):
    choose(page, "Completed")
    field = page.get_by_placeholder("What needs to be done?")
    field.fill("four")
    field.press("Enter")
    expect(page.get_by_test_id("todo-count")).to_have_text("3 items left")
    assert_shown(page, "Completed", ["two"])
    choose(page, "Active")
    expect(titles(page)).to_have_text(["one", "three", "four"])


def test_back_to_the_page_of_a_form_shows_what_it_showed(page):
    page.evaluate("document.querySelector('.add-form').submit()")  # which the server refuses
    expect(page).to_have_url(re.compile("/todos/add/$"))
    ready(page)
    choose(page, "Completed")
    assert_shown(page, "Completed", ["two"])
    page.evaluate("history.back()")
    expect(titles(page)).to_have_text(["one", "two", "three"])
    expect(page.locator(".filters .selected")).to_have_text(["All"])


def test_a_link_opened_in_a_new_tab_is_the_browsers_business(page, context):
    with context.expect_page() as opened:
        page.get_by_role("link", name="Active").click(modifiers=["ControlOrMeta"])
    expect(titles(opened.value)).to_have_text(["one", "three"])
    assert_shown(page, "All", ["one", "two", "three"])


def test_what_comes_from_elsewhere_is_filtered_too(page):
    choose(page, "Active")
    push(page, ["from elsewhere"])
    expect(row(page, "from elsewhere")).to_be_visible()
    choose(page, "Completed")
    expect(titles(page)).to_have_text(["two"])
    add_todo_elsewhere = page.context.new_page()
    add_todo_elsewhere.goto("/")
    ready(add_todo_elsewhere)
    add_todo(add_todo_elsewhere, "also active")
    expect(page.get_by_test_id("todo-count")).to_have_text("4 items left")
    expect(titles(page)).to_have_text(["two"])
