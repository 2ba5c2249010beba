"""Every action can be undone and redone, in several steps, a bulk one as one."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    delete,
    local_todo,
    rename,
    row,
    sign_up_with,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

ALL = ["one", "two", "three"]
DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def page(page):
    """Alice's list of three, the second completed."""
    sign_up_with(page, ALL)
    page.get_by_role("checkbox", name="Toggle Todo: two").check()
    synced(page)
    page.reload()
    synced(page)
    return page


def offer(page, name="Undo"):
    """Return what the toast offers."""
    return page.locator(".toast").get_by_role("button", name=name)


def says(page):
    return page.locator(".toast .sentence")


def undo(page):
    page.keyboard.press("ControlOrMeta+z")


def redo(page):
    page.keyboard.press("ControlOrMeta+Shift+z")


def completed(page):
    """Return the titles of what is completed."""
    return page.locator("li.completed").get_by_test_id("todo-title")


def stored(page, server, text):
    """Return what the server has of a todo: whether it is deleted, and completed."""
    uid = local_todo(page, text)["id"].replace("-", "")
    return server.rows("SELECT deleted, completed FROM todos_todo WHERE uid = ?", uid)


# Each action


def test_an_added_todo_is_deleted_again_and_comes_back(page, server):
    add_todo(page, "four")
    expect(says(page)).to_have_text("")  # ordinary actions offer nothing by themselves
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    expect(says(page)).to_have_text("Undone: new todo four")
    synced(page)
    assert stored(page, server, "four") == [(1, 0)]
    redo(page)
    expect(titles(page)).to_have_text([*ALL, "four"])
    expect(says(page)).to_have_text("Redone: new todo four")
    synced(page)
    assert stored(page, server, "four") == [(0, 0)]


def test_a_renamed_todo_has_its_former_text_again(page, server):
    rename(page, "two", "zwei")
    expect(titles(page)).to_have_text(["one", "zwei", "three"])
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    expect(says(page)).to_have_text("Undone: rename to zwei")
    synced(page)
    assert stored(page, server, "two") == [(0, 1)]
    redo(page)
    expect(titles(page)).to_have_text(["one", "zwei", "three"])
    synced(page)
    page.reload()
    expect(titles(page)).to_have_text(["one", "zwei", "three"])


@pytest.mark.parametrize(("text", "name"), [("one", "tick"), ("two", "untick")])
def test_a_tick_is_taken_back_and_set_again(page, server, text, name):
    ticked = row(page, text).get_by_role("checkbox")
    before = ticked.is_checked()
    toggle(page, text)
    undo(page)
    expect(ticked).to_be_checked(checked=before)
    expect(says(page)).to_have_text(f"Undone: {name} {text}")
    synced(page)
    assert stored(page, server, text) == [(0, before)]
    redo(page)
    expect(ticked).to_be_checked(checked=not before)
    synced(page)
    assert stored(page, server, text) == [(0, not before)]


def test_mark_all_is_taken_back_as_one_and_leaves_what_was_completed_before(page):
    page.get_by_label("Mark all as complete").check()
    expect(says(page)).to_have_text("Marked 2 todos as complete")
    offer(page).click()
    expect(completed(page)).to_have_text(["two"])
    expect(says(page)).to_have_text("Undone: mark 2 todos as complete")
    synced(page)
    offer(page, "Redo").click()
    expect(completed(page)).to_have_text(ALL)
    synced(page)
    page.get_by_label("Mark all as complete").uncheck()
    expect(says(page)).to_have_text("Marked 3 todos as active")
    undo(page)
    expect(completed(page)).to_have_text(ALL)


def test_clear_completed_is_taken_back_as_one(page):
    toggle(page, "three")
    page.get_by_role("button", name="Clear completed").click()
    expect(titles(page)).to_have_text(["one"])
    expect(says(page)).to_have_text("Deleted 2 todos")
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)
    expect(completed(page)).to_have_text(["two", "three"])
    synced(page)
    redo(page)
    expect(titles(page)).to_have_text(["one"])
    synced(page)


def test_a_deleted_todo_comes_back_to_its_place_with_its_tick(page, server):
    delete(page, "two")
    expect(titles(page)).to_have_text(["one", "three"])
    expect(says(page)).to_have_text("Deleted two")
    synced(page)  # so that it is not the mere absence of a request that brings it back
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)
    expect(row(page, "two")).to_have_class("completed")
    expect(offer(page)).to_be_hidden()
    expect(row(page, "two")).to_be_focused()
    synced(page)
    assert stored(page, server, "two") == [(0, 1)]
    page.reload()
    expect(titles(page)).to_have_text(ALL)


def test_the_deletion_need_not_have_reached_the_server(page):
    held = Held(page, "**/sync")
    delete(page, "two")
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)
    held.release()
    synced(page)
    expect(titles(page)).to_have_text(ALL)


def test_a_deletion_is_redone(page, server):
    delete(page, "two")
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    offer(page, "Redo").click()
    expect(titles(page)).to_have_text(["one", "three"])
    expect(says(page)).to_have_text("Redone: delete two")
    synced(page)
    assert stored(page, server, "two") == [(1, 1)]
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)


# Several steps


def test_steps_are_taken_back_one_after_the_other_and_again_forwards(page):
    """Each undo leaves values under new stamps, and the steps before it know them by these."""
    add_todo(page, "four")
    rename(page, "four", "vier")
    rename(page, "vier", "quattro")
    toggle(page, "quattro")
    delete(page, "quattro")
    expect(titles(page)).to_have_text(ALL)
    ways = [
        ([*ALL, "quattro"], ["two", "quattro"]),
        ([*ALL, "quattro"], ["two"]),
        ([*ALL, "vier"], ["two"]),
        ([*ALL, "four"], ["two"]),
        (ALL, ["two"]),
    ]
    for _ in range(2):
        for shown, ticked in ways:
            undo(page)
            expect(titles(page)).to_have_text(shown)
            expect(completed(page)).to_have_text(ticked)
        synced(page)
        for shown, ticked in [*reversed(ways[:-1]), (ALL, ["two"])]:
            redo(page)
            expect(titles(page)).to_have_text(shown)
            expect(completed(page)).to_have_text(ticked)
        synced(page)


def test_quick_presses_are_all_done_in_their_order(page):
    for text in ("four", "five", "six"):
        add_todo(page, text)
        rename(page, text, f"{text}!")
    expect(titles(page)).to_have_text([*ALL, "four!", "five!", "six!"])
    press = """(times) => {
        for (const shiftKey of times)
            document.body.dispatchEvent(new KeyboardEvent("keydown", {
                key: "z", ctrlKey: true, shiftKey, bubbles: true, cancelable: true,
            }));
    }"""
    page.evaluate(press, [False, False, False, False, True, False, False])
    expect(titles(page)).to_have_text([*ALL, "four"])
    page.evaluate(press, [True] * 9)
    expect(titles(page)).to_have_text([*ALL, "four!", "five!", "six!"])
    synced(page)


def test_a_new_action_clears_what_could_be_redone(page):
    toggle(page, "one")
    undo(page)
    expect(offer(page, "Redo")).to_be_visible()
    toggle(page, "three")
    expect(offer(page, "Redo")).to_be_hidden()
    redo(page)
    expect(completed(page)).to_have_text(["two", "three"])
    undo(page)
    expect(completed(page)).to_have_text(["two"])


def test_at_most_a_hundred_steps_are_kept(page):
    page.evaluate("""() => {
        const toggle = document.querySelector(".toggle");
        for (let tap = 0; tap < 101; tap += 1) toggle.click();
    }""")
    synced(page)
    last = page.get_by_role("button", name="Undo")
    for _ in range(100):
        expect(last).to_be_enabled()
        undo(page)
    expect(last).to_be_disabled()
    synced(page)
    expect(row(page, "one").get_by_role("checkbox")).to_be_checked()  # the first tap stays


def test_the_toast_takes_back_what_it_speaks_of_whatever_was_done_since(page):
    delete(page, "one")
    toggle(page, "three")
    expect(says(page)).to_have_text("Deleted one")
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)
    expect(completed(page)).to_have_text(["two", "three"])
    undo(page)
    expect(completed(page)).to_have_text(["two"])
