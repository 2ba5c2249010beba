"""What was deleted can be had back: by the toast, and by a key."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    delete,
    eventually,
    local_todo,
    push_edit,
    ready,
    row,
    sign_up_with,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)


@pytest.fixture
def page(page):
    """Alice's list of three, the second completed."""
    sign_up_with(page, ["one", "two", "three"])
    toggle(page, "two")
    synced(page)
    return page


def undo(page):
    return page.get_by_role("button", name="Undo")


def new_todo(page):
    return page.get_by_placeholder("What needs to be done?")


def test_a_deleted_todo_comes_back_to_its_place_with_its_tick(page, server):
    delete(page, "two")
    expect(titles(page)).to_have_text(["one", "three"])
    expect(page.locator(".toast .sentence")).to_have_text("Deleted two")
    synced(page)  # so that it is not the mere absence of a request that brings it back
    undo(page).click()
    expect(titles(page)).to_have_text(["one", "two", "three"])
    expect(row(page, "two")).to_have_class("completed")
    expect(undo(page)).to_be_hidden()
    expect(row(page, "two")).to_be_focused()
    synced(page)
    [uid] = [local_todo(page, "two")["id"]]
    rows = server.rows(
        "SELECT deleted, completed FROM todos_todo WHERE uid = ?", uid.replace("-", "")
    )
    assert rows == [(0, 1)]
    page.reload()
    expect(titles(page)).to_have_text(["one", "two", "three"])


def test_the_deletion_need_not_have_reached_the_server(page):
    held = Held(page, "**/sync")
    delete(page, "two")
    undo(page).click()
    expect(titles(page)).to_have_text(["one", "two", "three"])
    held.release()
    synced(page)
    expect(titles(page)).to_have_text(["one", "two", "three"])


def test_clear_completed_is_taken_back_as_one(page):
    toggle(page, "three")
    page.get_by_role("button", name="Clear completed").click()
    expect(titles(page)).to_have_text(["one"])
    expect(page.locator(".toast .sentence")).to_have_text("Deleted 2 todos")
    undo(page).click()
    expect(titles(page)).to_have_text(["one", "two", "three"])
    expect(page.locator("li.completed")).to_have_count(2)
    synced(page)


@pytest.mark.parametrize("key", ["Control+z", "Meta+z"])
def test_the_key_does_it_too_one_deletion_after_the_other(page, key):
    delete(page, "one")
    delete(page, "three")
    expect(titles(page)).to_have_text(["two"])
    page.keyboard.press(key)
    expect(titles(page)).to_have_text(["two", "three"])
    page.keyboard.press(key)
    expect(titles(page)).to_have_text(["one", "two", "three"])
    page.keyboard.press(key)
    synced(page)
    expect(titles(page)).to_have_text(["one", "two", "three"])


def test_the_key_in_a_field_with_text_is_the_browsers(page):
    delete(page, "two")
    new_todo(page).fill("typed")
    new_todo(page).press("ControlOrMeta+z")
    expect(titles(page)).to_have_text(["one", "three"])
    new_todo(page).fill("")
    new_todo(page).press("ControlOrMeta+z")
    expect(titles(page)).to_have_text(["one", "two", "three"])
    expect(new_todo(page)).to_be_focused()


def test_the_key_in_an_edited_row_is_the_browsers(page):
    delete(page, "two")
    row(page, "one").get_by_role("button", name="Edit").click()
    page.get_by_label("Edit", exact=True).fill("")
    page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("Escape")
    expect(titles(page)).to_have_text(["one", "three"])


def test_what_another_device_wrote_meanwhile_is_kept(page):
    record = local_todo(page, "two")
    delete(page, "two")
    synced(page)
    push_edit(page, record, text="two, by the phone")
    eventually(lambda: local_todo(page, "two, by the phone"), page)
    undo(page).click()
    expect(titles(page)).to_have_text(["one", "two, by the phone", "three"])
    synced(page)


def test_what_another_device_wrote_and_this_one_has_not_heard_of_is_kept(page):
    record = local_todo(page, "two")
    delete(page, "two")
    synced(page)
    held = Held(page, "**/sync")
    sync_now(page)
    held.one()
    push_edit(page, record, text="two, by the phone")
    undo(page).click()
    expect(titles(page)).to_have_text(["one", "two", "three"])
    held.release()
    expect(titles(page)).to_have_text(["one", "two, by the phone", "three"])
    synced(page)


def test_a_later_deletion_elsewhere_is_not_undone(page):
    delete(page, "two")
    synced(page)
    push_edit(page, local_todo(page, "two"), deleted=False)
    expect(titles(page)).to_have_text(["one", "two", "three"])
    push_edit(page, local_todo(page, "two"), deleted=True)
    expect(titles(page)).to_have_text(["one", "three"])
    new_todo(page).press("ControlOrMeta+z")
    delete(page, "one")
    expect(titles(page)).to_have_text(["three"])


def test_the_key_is_where_the_z_would_be_on_other_keyboards(page):
    delete(page, "two")
    page.evaluate("""() => document.body.dispatchEvent(new KeyboardEvent("keydown", {
        key: "я", code: "KeyZ", ctrlKey: true, bubbles: true,
    }))""")
    expect(titles(page)).to_have_text(["one", "two", "three"])


def test_the_escape_of_an_edited_row_leaves_the_toast(page):
    delete(page, "two")
    row(page, "one").get_by_role("button", name="Edit").click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Edit", exact=True)).to_have_count(0)
    expect(undo(page)).to_be_visible()


def test_the_focus_of_the_toast_goes_on_when_it_goes(page):
    delete(page, "two")
    undo(page).focus()
    page.keyboard.press("Escape")
    expect(new_todo(page)).to_be_focused()


def test_the_toast_goes_by_escape_and_the_key_still_works(page):
    delete(page, "two")
    expect(undo(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(undo(page)).to_be_hidden(timeout=5_000)  # ms; by itself it takes ten seconds
    page.keyboard.press("ControlOrMeta+z")
    expect(titles(page)).to_have_text(["one", "two", "three"])


def test_the_toast_goes_by_itself_but_not_from_under_a_hand(page):
    page.clock.install()
    page.reload()
    ready(page)
    delete(page, "two")
    page.mouse.move(0, 0)
    undo(page).hover()
    page.clock.fast_forward(11_000)
    expect(undo(page)).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.fast_forward(11_000)
    expect(undo(page)).to_be_hidden()


def test_what_could_not_be_kept_leaves_the_todo_where_it_is(page):
    page.evaluate("""() => {
        const full = new DOMException("full", "QuotaExceededError");
        IDBObjectStore.prototype.put = () => { throw full; };
    }""")
    delete(page, "two")
    expect(titles(page)).to_have_text(["one", "two", "three"])
    expect(status(page)).to_contain_text("This browser could not keep the last change")
    expect(undo(page)).to_be_hidden()
