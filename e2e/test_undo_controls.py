"""Undo by hand: the keys, the buttons, the toast, and where the focus is then."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    delete,
    eventually,
    local_todo,
    push_edit,
    ready,
    rename,
    row,
    sign_up_with,
    synced,
    titles,
    toggle,
)
from e2e.test_undo import ALL, completed, offer, redo, says, undo

pytestmark = pytest.mark.any_engine


@pytest.fixture
def page(page):
    """Alice's list of three."""
    sign_up_with(page, ALL)
    return page


def new_todo(page):
    return page.get_by_placeholder("What needs to be done?")


def last(page, name="Undo"):
    """Return the button that is always there."""
    return page.locator(f".{name.lower()}-last")


# The keys


@pytest.mark.parametrize("key", ["Control+z", "Meta+z"])
def test_the_key_does_it_too_one_deletion_after_the_other(page, key):
    delete(page, "one")
    delete(page, "three")
    expect(titles(page)).to_have_text(["two"])
    page.keyboard.press(key)
    expect(titles(page)).to_have_text(["two", "three"])
    page.keyboard.press(key)
    expect(titles(page)).to_have_text(ALL)
    page.keyboard.press(key)
    synced(page)
    expect(titles(page)).to_have_text(ALL)


@pytest.mark.parametrize("key", ["Control+Shift+z", "Meta+Shift+z", "Control+y"])
def test_the_keys_redo(page, key):
    toggle(page, "one")
    undo(page)
    expect(completed(page)).to_have_text([])
    page.keyboard.press(key)
    expect(completed(page)).to_have_text(["one"])


def test_the_key_in_a_field_with_text_is_the_browsers(page):
    delete(page, "two")
    new_todo(page).fill("typed")
    new_todo(page).press("ControlOrMeta+z")
    expect(titles(page)).to_have_text(["one", "three"])
    new_todo(page).fill("")
    new_todo(page).press("ControlOrMeta+z")
    expect(titles(page)).to_have_text(ALL)
    expect(new_todo(page)).to_be_focused()


def test_the_key_in_an_edited_row_is_the_browsers(page):
    delete(page, "two")
    row(page, "one").get_by_role("button", name="Edit").click()
    page.get_by_label("Edit", exact=True).fill("")
    page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("Escape")
    expect(titles(page)).to_have_text(["one", "three"])


def test_the_key_is_where_the_z_would_be_on_other_keyboards(page):
    delete(page, "two")
    page.evaluate("""() => document.body.dispatchEvent(new KeyboardEvent("keydown", {
        key: "я", code: "KeyZ", ctrlKey: true, bubbles: true,
    }))""")
    expect(titles(page)).to_have_text(ALL)


def test_with_nothing_to_undo_the_keys_are_the_browsers(page):
    kept = """([key, shiftKey]) => document.body.dispatchEvent(new KeyboardEvent("keydown", {
        key, shiftKey, ctrlKey: true, bubbles: true, cancelable: true,
    }))"""
    keys = [["z", False], ["z", True], ["y", False]]
    assert [page.evaluate(kept, key) for key in keys] == [True, True, True]
    toggle(page, "one")
    assert [page.evaluate(kept, key) for key in keys] == [False, False, True]


# The buttons


def test_the_buttons_are_always_there_and_say_what_they_would_do(page):
    expect(last(page)).to_be_disabled()
    expect(last(page)).to_have_accessible_name("Undo")
    expect(last(page, "Redo")).to_be_disabled()
    add_todo(page, "four")
    expect(last(page)).to_have_accessible_name("Undo: new todo “four”")
    rename(page, "four", "vier")
    expect(last(page)).to_have_accessible_name("Undo: rename to “vier”")
    expect(last(page)).to_have_attribute("title", "Undo: rename to “vier”")
    last(page).click()
    expect(titles(page)).to_have_text([*ALL, "four"])
    page.keyboard.press("Escape")  # the toast goes
    expect(last(page, "Redo")).to_have_accessible_name("Redo: rename to “vier”")
    last(page, "Redo").click()
    expect(titles(page)).to_have_text([*ALL, "vier"])
    expect(last(page, "Redo")).to_be_disabled()
    delete(page, "vier")
    page.keyboard.press("Escape")
    expect(last(page)).to_have_accessible_name("Undo: delete “vier”")


def test_what_the_toast_offers_is_offered_once_and_nothing_moves(page):
    toggle(page, "one")
    box = last(page, "Redo").bounding_box()
    delete(page, "two")
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    expect(last(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(last(page)).to_be_visible()
    below = page.locator(".sync").bounding_box()
    undo(page)
    expect(offer(page, "Redo")).to_be_visible()
    expect(page.get_by_role("button", name="Redo")).to_have_count(1)
    page.keyboard.press("Escape")
    redone = last(page, "Redo").bounding_box()
    assert (redone["x"], redone["width"]) == (box["x"], box["width"])
    assert page.locator(".sync").bounding_box()["height"] == pytest.approx(below["height"], abs=0.1)


def test_without_a_script_there_are_none(page):
    page.route("**/*.mjs", lambda route: route.abort())
    page.reload()
    for name in ("Undo", "Redo"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


# The toast


def test_the_escape_of_an_edited_row_leaves_the_toast(page):
    delete(page, "two")
    row(page, "one").get_by_role("button", name="Edit").click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Edit", exact=True)).to_have_count(0)
    expect(offer(page)).to_be_visible()


def test_the_focus_of_the_toast_goes_on_when_it_goes(page):
    delete(page, "two")
    offer(page).focus()
    page.keyboard.press("Escape")
    expect(new_todo(page)).to_be_focused()


def test_the_toast_goes_by_escape_and_the_key_still_works(page):
    delete(page, "two")
    expect(offer(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(offer(page)).to_be_hidden(timeout=5_000)  # ms; by itself it takes ten seconds
    page.keyboard.press("ControlOrMeta+z")
    expect(titles(page)).to_have_text(ALL)


def test_the_toast_goes_by_itself_but_not_from_under_a_hand(page):
    page.clock.install()
    page.reload()
    ready(page)
    delete(page, "two")
    page.mouse.move(0, 0)
    offer(page).hover()
    page.clock.fast_forward(11_000)
    expect(offer(page)).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.fast_forward(11_000)
    expect(offer(page)).to_be_hidden()


# The focus


def test_the_focus_of_the_toast_goes_to_the_row_that_changed(page):
    page.get_by_label("Mark all as complete").check()
    offer(page).focus()
    page.keyboard.press("Enter")
    expect(completed(page)).to_have_text([])
    expect(row(page, "one")).to_be_focused()
    offer(page, "Redo").focus()
    page.keyboard.press("Enter")
    expect(completed(page)).to_have_text(ALL)
    expect(row(page, "one")).to_be_focused()


def test_a_button_keeps_the_focus_while_it_can_be_pressed_again(page):
    add_todo(page, "four")
    toggle(page, "one")
    last(page).focus()
    page.keyboard.press("Enter")
    expect(completed(page)).to_have_text([])
    expect(offer(page, "Redo")).to_be_visible()
    expect(last(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(ALL)
    expect(last(page)).to_be_disabled()
    expect(new_todo(page)).to_be_focused()  # the row has gone


def test_a_button_that_the_toast_stands_in_for_gives_it_the_focus(page):
    toggle(page, "one")
    delete(page, "two")
    undo(page)
    expect(says(page)).to_have_text("Undone: delete two")
    last(page).focus()
    redo(page)
    expect(offer(page)).to_be_focused()


def test_the_focus_stays_where_it_is_when_the_key_undoes_something_else(page):
    delete(page, "two")
    checkbox = row(page, "three").get_by_role("checkbox")
    checkbox.focus()
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    expect(checkbox).to_be_focused()


def test_where_nothing_is_left_to_undo_the_focus_is_not_lost(page):
    toggle(page, "one")
    synced(page)
    push_edit(page, local_todo(page, "one"), completed=False)
    eventually(lambda: not local_todo(page, "one")["completed"], page)
    last(page).focus()
    page.keyboard.press("Enter")
    expect(says(page)).to_have_text("Changed elsewhere meanwhile: nothing to undo")
    expect(new_todo(page)).to_be_focused()
