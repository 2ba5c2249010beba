"""What the person who runs the server does in the admin reaches the browsers."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    fill_in_log_in,
    new_name,
    ready,
    row,
    sign_up,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine


@pytest.fixture
def admin(new_browser):
    """The admin, with olga logged in."""
    page = new_browser().new_page()
    page.goto("/admin/")
    fill_in_log_in(page, "olga")
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    return page


def open_todo(admin, name, text):
    admin.goto(f"/admin/todos/todo/?q={name}")
    admin.get_by_role("link", name=text, exact=True).click()
    expect(admin.get_by_label("Text:")).to_have_value(text)


def test_a_rename_and_a_toggle_reach_the_browser_by_the_next_sync(page, admin):
    alice = sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, "Buy milk")
    synced(page)
    open_todo(admin, alice, "Buy milk")
    admin.get_by_label("Text:").fill("Buy oat milk")
    admin.get_by_label("Completed").check()
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("was changed successfully")).to_be_visible()
    expect(titles(page)).to_have_text(["Buy oat milk"])
    expect(row(page, "Buy oat milk").get_by_role("checkbox")).to_be_checked()


def test_saving_a_page_that_has_become_stale_undoes_nothing(page, admin):
    alice = sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, "Buy milk")
    synced(page)
    open_todo(admin, alice, "Buy milk")
    toggle(page, "Buy milk")
    synced(page)
    admin.get_by_label("Text:").fill("Buy oat milk")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(titles(page)).to_have_text(["Buy oat milk"])
    expect(row(page, "Buy oat milk").get_by_role("checkbox")).to_be_checked()


def test_a_deletion_and_a_restoration_reach_the_browser(page, admin):
    alice = sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, "Buy milk")
    synced(page)
    admin.goto(f"/admin/todos/todo/?q={alice}")
    for action, expected in (("Delete the selected", []), ("Restore the selected", ["Buy milk"])):
        admin.get_by_role("checkbox", name="Select this object").check()
        choice = admin.get_by_role("combobox", name="Action")
        option = choice.locator("option").filter(has_text=action)
        choice.select_option(option.get_attribute("value"))
        admin.get_by_role("button", name="Go", exact=True).click()
        expect(admin.get_by_text("1.").first).to_be_visible()
        expect(titles(page)).to_have_text(expected)
