"""The Trash in a browser: what was written on a todo that was deleted elsewhere is found there,
restored, alone or with all the rest, and emptied for good."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    cut_off,
    delete,
    eventually,
    local,
    log_in,
    new_name,
    push,
    ready,
    rename,
    rename_offline,
    row,
    sign_up,
    status,
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
    rename_offline(laptop, "Buy milk", "Buy oat milk")
    delete(page, "Buy milk")
    synced(page)
    laptop.unroute("**/sync")
    sync_now(laptop)
    expect(titles(laptop)).to_have_count(0)
    synced(laptop)
    laptop.get_by_role("link", name="Trash").click()
    expect(in_trash(laptop)).to_have_text("Buy oat milk")
    laptop.get_by_role("button", name="Restore Buy oat milk").click()
    expect(laptop.get_by_text("The Trash is empty.")).to_be_visible()
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


def open_trash(page):
    page.goto("/trash/")
    expect(page.get_by_role("heading", name="Trash")).to_be_visible()


def texts(page):
    """Return all texts in the Trash."""
    return page.get_by_test_id("deleted-todo").locator("p[dir=auto]")


def second_device(new_browser, alice):
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    ready(laptop)
    synced(laptop)
    return laptop


def test_what_a_device_deleted_offline_is_restored_on_another_once_it_is_back(
    page, new_browser, alice, milk
):
    laptop = second_device(new_browser, alice)
    cut_off(page)
    delete(page, "Buy milk")
    expect(status(page)).to_have_attribute("data-state", "offline")
    open_trash(laptop)
    expect(texts(laptop)).to_have_count(0)
    page.unroute("**/sync")
    sync_now(page)
    synced(page)
    open_trash(laptop)
    laptop.get_by_role("button", name="Restore Buy milk").click()
    expect(texts(laptop)).to_have_count(0)
    expect(titles(page)).to_have_text(["Buy milk"])
    synced(page)


def test_f1_restore_all_restores_what_was_seen_on_every_device(page, new_browser, alice):
    push(page, ["Buy milk", "Call mum", "Water the plants"])
    laptop = second_device(new_browser, alice)
    for text in ("Buy milk", "Call mum"):
        delete(laptop, text)
        synced(laptop)
    open_trash(laptop)
    expect(texts(laptop)).to_have_text(["Call mum", "Buy milk"])
    expect(titles(page)).to_have_text(["Water the plants"])
    delete(page, "Water the plants")
    synced(page)
    laptop.get_by_role("button", name="Restore all").click()
    expect(laptop.get_by_role("status")).to_have_text("Restored 2 todos.")
    expect(texts(laptop)).to_have_text(["Water the plants"])
    laptop.get_by_role("link", name="Back to the list").click()
    for browser in (page, laptop):
        expect(titles(browser)).to_have_text(["Buy milk", "Call mum"])
        synced(browser)


def test_f50_what_was_emptied_for_good_comes_back_to_no_device(page, new_browser, alice, milk):
    """Not even from one that was away and has it still; what that one wrote is in the Trash."""
    laptop = second_device(new_browser, alice)
    rename_offline(laptop, "Buy milk", "Buy oat milk")
    delete(page, "Buy milk")
    synced(page)
    empty_trash(page)
    page.get_by_role("link", name="Back to the list").click()
    synced(page)
    eventually(lambda: emptied(page), page)
    laptop.unroute("**/sync")
    sync_now(laptop)
    synced(laptop)
    expect(titles(laptop)).to_have_count(0)
    assert emptied(laptop)
    open_trash(laptop)
    expect(texts(laptop)).to_have_text(["Buy oat milk"])
    empty_trash(laptop)
    for browser in (page, laptop):
        browser.goto("/")
        synced(browser)
        expect(titles(browser)).to_have_count(0)
        assert emptied(browser)


def test_m3_what_is_emptied_on_one_device_leaves_no_history_on_another(
    page, new_browser, alice, milk
):
    laptop = second_device(new_browser, alice)
    add_todo(page, "Call mum")
    synced(page)
    for text in ("Buy milk", "Call mum"):
        row(page, text).get_by_role("link", name=f"History of {text}").click()
        eventually(lambda text=text: text in texts_kept(page), page)
        page.keyboard.press("Escape")
    delete(laptop, "Buy milk")
    synced(laptop)
    expect(titles(page)).to_have_text(["Call mum"])
    assert texts_kept(page) == ["Call mum", "Buy milk"]
    empty_trash(laptop)
    eventually(lambda: any(each["text"] == "" for each in local(page)), page)
    assert texts_kept(page) == ["Call mum"]


def test_m3_a_history_that_comes_after_the_emptying_is_not_kept(page, new_browser, alice, milk):
    laptop = second_device(new_browser, alice)
    answer = Held(page, "**/history.json")
    row(page, "Buy milk").get_by_role("link", name="History of Buy milk").click()
    answer.one()
    delete(laptop, "Buy milk")
    synced(laptop)
    empty_trash(laptop)
    eventually(lambda: emptied(page), page)
    answer.release()
    dialog = page.get_by_role("dialog", name="History")
    expect(dialog.get_by_test_id("step").first).to_contain_text("Emptied.")
    expect(dialog.get_by_role("status")).to_be_empty()
    assert texts_kept(page) == []


def texts_kept(page):
    """Return the texts in the histories that the device keeps, that opened last first."""
    histories = local(page, "meta").get("histories", [])
    values = [value for told in histories for value in told["values"]]
    return [value["value"] for value in values if value["field"] == "text"]


def emptied(page):
    """Tell whether nothing of any todo is left on the device but that it was deleted."""
    return all((each["text"], each["deleted"]) == ("", True) for each in local(page))


def empty_trash(page):
    """Empty the Trash for good: it asks, and can be left alone."""
    open_trash(page)
    before = texts(page).all_inner_texts()
    page.get_by_role("link", name="Empty the Trash").click()
    expect(page.get_by_role("main")).to_contain_text("1 todo will be gone for good")
    page.get_by_role("link", name="Cancel").click()
    expect(texts(page)).to_have_text(before)
    page.get_by_role("link", name="Empty the Trash").click()
    page.get_by_role("button", name="Empty for good").click()
    expect(page.get_by_role("status")).to_have_text("Emptied: 1 todo gone for good.")
    expect(page.get_by_text("The Trash is empty.")).to_be_visible()


def test_without_javascript_all_of_it_works(new_browser):
    page = new_browser(java_script_enabled=False).new_page()
    sign_up(page, new_name("alice"))
    push(page, ["Buy milk", "Call mum", "Water the plants"])
    page.goto("/")
    for _ in range(3):
        page.get_by_role("button", name="Delete").first.click()
    page.get_by_role("link", name="Trash").click()
    expect(texts(page)).to_have_text(["Water the plants", "Call mum", "Buy milk"])
    page.get_by_role("button", name="Restore Buy milk").click()
    page.get_by_role("button", name="Restore all").click()
    expect(page.get_by_role("status")).to_have_text("Restored 2 todos.")
    page.get_by_role("link", name="Back to the list").click()
    expect(titles(page)).to_have_text(["Buy milk", "Call mum", "Water the plants"])
    page.get_by_role("button", name="Delete").first.click()
    empty_trash(page)
    page.get_by_role("link", name="Back to the list").click()
    expect(titles(page)).to_have_text(["Call mum", "Water the plants"])
