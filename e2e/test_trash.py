"""The Trash in a browser: what was written on a todo that was deleted elsewhere is found there."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    cut_off,
    delete,
    eventually,
    local_todo,
    log_in,
    ready,
    rename,
    sync_now,
    synced,
    titles,
)

pytestmark = pytest.mark.any_engine


def in_trash(page):
    """Return the text of the only todo in the Trash."""
    return page.get_by_test_id("deleted-todo").locator("p[dir=auto]")


def test_f50_what_was_written_offline_on_a_deleted_todo_is_found_in_the_trash_and_restored(
    page, new_browser, alice, milk
):
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    ready(laptop)
    synced(laptop)
    cut_off(laptop)
    rename(laptop, "Buy milk", "Buy oat milk")
    eventually(lambda: local_todo(laptop, "Buy oat milk"), laptop)
    delete(page, "Buy milk")
    synced(page)
    laptop.unroute("**/sync")
    sync_now(laptop)
    expect(titles(laptop)).to_have_count(0)
    synced(laptop)
    laptop.get_by_role("link", name="Trash").click()
    expect(in_trash(laptop)).to_have_text("Buy oat milk")
    laptop.get_by_role("button", name="Restore Buy oat milk").click()
    expect(laptop.get_by_text("Nothing was deleted.")).to_be_visible()
    laptop.get_by_role("link", name="Back to the list").click()
    for browser in (laptop, page):
        expect(titles(browser)).to_have_text(["Buy oat milk"])


def test_what_is_restored_there_can_be_edited_and_deleted_again(page, alice):
    add_todo(page, "Buy milk")
    delete(page, "Buy milk")
    synced(page)
    page.get_by_role("link", name="Trash").click()
    page.get_by_role("button", name="Restore Buy milk").click()
    page.get_by_role("link", name="Back to the list").click()
    ready(page)
    rename(page, "Buy milk", "Buy soy milk")
    delete(page, "Buy soy milk")
    synced(page)
    page.get_by_role("link", name="Trash").click()
    expect(in_trash(page)).to_have_text("Buy soy milk")
