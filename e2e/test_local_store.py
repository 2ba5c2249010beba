"""When the browser's own store fails, or there is none: nothing is said to be kept that is not."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    eventually,
    fill_in_log_in,
    local,
    local_todo,
    log_in,
    new_name,
    push,
    ready,
    reload_held,
    rename,
    rename_offline,
    row,
    sign_up,
    status,
    synced,
    titles,
    toggle,
)

DELETE_STORE = """
async () => {
    const [{ name }] = await indexedDB.databases();
    await new Promise((done) => (indexedDB.deleteDatabase(name).onsuccess = done));
}
"""
BREAK_PUTS = """(store) => {
    const put = IDBObjectStore.prototype.put;
    window.mend = () => (IDBObjectStore.prototype.put = put);
    IDBObjectStore.prototype.put = function (...values) {
        if (this.name === store) throw new DOMException("full", "QuotaExceededError");
        return put.apply(this, values);
    };
}"""

FULL = (
    "This browser could not keep the last change: its storage is full."
    " Please free some space, then try again."
)

pytestmark = pytest.mark.usefixtures("milk")


def test_an_edit_that_could_not_be_kept_is_told_and_taken_back(page):
    page.evaluate(BREAK_PUTS, "todos")
    field = page.get_by_placeholder("What needs to be done?")
    field.fill("precious")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(FULL)
    expect(field).to_have_value("precious")
    expect(titles(page)).to_have_text(["Buy milk"])
    row(page, "Buy milk").get_by_role("checkbox").click()
    expect(row(page, "Buy milk").get_by_role("checkbox")).not_to_be_checked()
    page.evaluate("void mend()")
    field.press("Enter")
    expect(titles(page)).to_have_text(["Buy milk", "precious"])
    synced(page)


def test_s2_an_edit_that_could_not_be_kept_has_not_moved_the_clock(page):
    clock = local(page, "meta")["clock"]
    page.evaluate(BREAK_PUTS, "todos")
    field = page.get_by_placeholder("What needs to be done?")
    field.fill("precious")
    page.keyboard.press("Enter")
    expect(field).to_have_value("precious")
    row(page, "Buy milk").get_by_role("checkbox").click()
    expect(row(page, "Buy milk").get_by_role("checkbox")).not_to_be_checked()
    assert local(page, "meta")["clock"]["last"] == clock["last"]


def test_a_new_text_that_could_not_be_kept_is_in_the_field_again(page):
    page.evaluate(BREAK_PUTS, "todos")
    rename(page, "Buy milk", "Buy oat milk")
    expect(status(page)).to_have_text(FULL)
    expect(page.get_by_label("Edit", exact=True)).to_have_value("Buy oat milk")
    page.evaluate("void mend()")
    push(page, ["from elsewhere"])
    expect(row(page, "from elsewhere")).to_be_visible()
    expect(status(page)).to_have_text(FULL)
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["Buy oat milk", "from elsewhere"])
    synced(page)


def test_a_store_that_can_only_be_read_is_read(page):
    rename_offline(page, "Buy milk", "Buy oat milk")
    page.add_init_script(f"({BREAK_PUTS})('meta')")
    page.reload()
    expect(titles(page)).to_have_text(["Buy oat milk"])
    expect(status(page)).to_have_attribute("data-pending", "1")
    expect(status(page)).to_have_attribute("data-state", "offline")


def test_a_sync_that_could_not_be_kept_is_tried_again(page):
    page.evaluate(BREAK_PUTS, "meta")
    push(page, ["from elsewhere"])
    expect(status(page)).to_have_text("This browser's storage is full, please free some space.")
    page.evaluate("void mend()")
    expect(titles(page)).to_have_text(["Buy milk", "from elsewhere"])
    synced(page)


def test_c4_a_reply_that_cannot_be_kept_as_a_whole_moves_nothing_on(page):
    cursor = local(page, "meta")["cursor"]
    page.evaluate(BREAK_PUTS, "todos")
    push(page, ["from elsewhere"])
    expect(status(page)).to_have_text("This browser's storage is full, please free some space.")
    assert local(page, "meta")["cursor"] == cursor
    page.evaluate("void mend()")
    expect(titles(page)).to_have_text(["Buy milk", "from elsewhere"])
    synced(page)


def test_a_store_deleted_under_a_live_page_is_not_taken_for_a_kept_edit(page):
    page.evaluate(DELETE_STORE)
    row(page, "Buy milk").get_by_role("checkbox").click()
    expect(status(page)).to_have_text("This browser could not keep the last change.")


def test_what_was_ticked_before_the_script_was_ready_is_an_edit(page):
    push(page, ["Call mum"])
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    script = Held(page, "**/main*.mjs")
    reload_held(page)
    row(page, "Buy milk").get_by_role("checkbox").click()
    script.release()
    ready(page)
    eventually(lambda: local_todo(page, "Buy milk")["completed"], page)
    expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()
    synced(page)


def test_mark_all_ticked_before_the_script_was_ready_is_an_edit(page):
    script = Held(page, "**/main*.mjs")
    reload_held(page)
    page.get_by_label("Mark all as complete").click()
    script.release()
    eventually(lambda: local_todo(page, "Buy milk")["completed"], page)
    expect(row(page, "Buy milk")).to_have_class("completed")


@pytest.mark.any_engine
def test_a_list_longer_than_a_page_is_counted_by_the_server_until_it_is_whole(
    page, new_browser, alice
):
    push(page, [f"todo {number}" for number in range(120)])
    laptop = new_browser().new_page()
    held = Held(laptop, "**/sync")
    log_in(laptop, alice)
    ready(laptop)
    expect(titles(laptop)).to_have_count(100)
    expect(laptop.get_by_test_id("todo-count")).to_have_text("121 items left")
    expect(laptop.get_by_label("Mark all as complete")).to_be_disabled()
    held.release()
    expect(titles(laptop)).to_have_count(121)
    expect(laptop.locator(".pager")).to_have_count(0)
    laptop.get_by_label("Mark all as complete").click()
    expect(laptop.get_by_test_id("todo-count")).to_have_text("0 items left")
    synced(laptop)
    expect(page.get_by_test_id("todo-count")).to_have_text("0 items left")


@pytest.mark.any_engine
def test_a_todo_added_before_the_list_is_whole_goes_to_its_end(page, new_browser, alice):
    push(page, [f"todo {number}" for number in range(120)])
    laptop = new_browser().new_page()
    held = Held(laptop, "**/sync")
    log_in(laptop, alice)
    ready(laptop)
    laptop.get_by_placeholder("What needs to be done?").fill("the newest")
    laptop.keyboard.press("Enter")
    eventually(lambda: local_todo(laptop, "the newest"), laptop)
    held.release()
    expect(titles(laptop)).to_have_count(122)
    expect(titles(laptop).last).to_have_text("the newest")


@pytest.mark.any_engine
def test_a_todo_added_to_an_empty_list_is_seen_under_its_filter_without_a_server(new_browser):
    bob = sign_up(new_browser().new_page(), new_name("bob"))
    page = new_browser().new_page()
    held = Held(page, "**/sync")
    page.goto("/accounts/login/?next=/active")
    fill_in_log_in(page, bob)
    ready(page)
    add_todo(page, "Buy milk")
    expect(page.get_by_test_id("todo-count")).to_have_text("1 item left")
    held.release()
    synced(page)


@pytest.mark.any_engine
def test_r2_a_todo_deleted_between_the_page_and_the_first_sync_goes(page, new_browser, alice):
    laptop = new_browser().new_page()
    held = Held(laptop, "**/sync")
    log_in(laptop, alice)
    ready(laptop)
    expect(titles(laptop)).to_have_text(["Buy milk"])
    row(page, "Buy milk").get_by_role("button", name="Delete").click()
    synced(page)
    with laptop.expect_response("**/sync") as answer:
        held.release()
    assert [todo["deleted"] for todo in answer.value.json()["todos"]] == [True]
    expect(titles(laptop)).to_have_count(0)


@pytest.mark.any_engine
def test_an_edit_field_says_what_is_wrong_and_escape_takes_it_back(page):
    row(page, "Buy milk").get_by_role("button", name="Edit").click()
    field = page.get_by_label("Edit", exact=True)
    field.fill("x" * 2_001)
    field.press("Enter")
    expect(row(page, "Buy milk").or_(page.locator("li.editing")).first).to_contain_text(
        "longer than"
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(row(page, "Buy milk")).not_to_contain_text("longer than")
    expect(row(page, "Buy milk").get_by_role("button", name="Edit")).to_be_focused()


@pytest.mark.any_engine
def test_a_text_that_is_too_long_is_refused_where_it_was_typed(page):
    field = page.get_by_placeholder("What needs to be done?")
    field.fill("x" * 2_001)
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("x" * 2_000)
    field.press("Enter")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(titles(page)).to_have_count(2)


def test_after_a_deletion_the_focus_is_on_the_next_row(page):
    add_todo(page, "Call mum")
    row(page, "Buy milk").get_by_role("button", name="Delete").click()
    expect(row(page, "Call mum").get_by_role("button", name="Delete")).to_be_focused()
    toggle(page, "Call mum")
    row(page, "Call mum").get_by_role("button", name="Delete").click()
    expect(page.get_by_placeholder("What needs to be done?")).to_be_focused()


LOSE_THE_HANDLE = """() => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function () {
        throw new DOMException("the handle was lost", "InvalidStateError");
    };
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function () {
        throw new DOMException("not now", "UnknownError");
    };
    window.giveBack = () => {
        IDBDatabase.prototype.transaction = transaction;
        IDBFactory.prototype.open = open;
    };
}"""


def test_a_lost_handle_is_opened_again_even_if_the_first_try_fails(page):
    page.evaluate(LOSE_THE_HANDLE)
    page.get_by_role("button", name="Sync now").click()
    expect(status(page)).to_contain_text("This browser could not keep")
    page.evaluate("giveBack()")
    add_todo(page, "Call mum")
    synced(page)
