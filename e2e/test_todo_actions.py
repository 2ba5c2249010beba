"""Every action of the TodoMVC spec, at once on the screen, and kept before that is said."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    SCRIPTS,
    Held,
    add_todo,
    cut_off,
    double_click,
    eventually,
    local_todo,
    ready,
    reload_held,
    rename,
    row,
    sign_up_with,
    status,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

# What is on the screen when the handlers of a tap or a key have run: the very next frame.
SCREEN = """({
    titles: [...document.querySelectorAll("[data-testid=todo-title]")].map((it) => it.textContent),
    completed: document.querySelectorAll("li.completed").length,
    count: document.querySelector("[data-testid=todo-count]").textContent,
    state: document.querySelector("[data-testid=sync-status]").dataset.state,
    pending: document.querySelector("[data-testid=sync-status]").dataset.pending,
})"""


@pytest.fixture
def page(page):
    """Alice's list of three."""
    sign_up_with(page, ["one", "two", "three"])
    return page


def new_todo(page):
    return page.get_by_placeholder("What needs to be done?")


def field(page):
    return page.get_by_label("Edit", exact=True)


def count(page):
    return page.get_by_test_id("todo-count")


def start_editing(page, text):
    row(page, text).get_by_role("button", name="Edit").click()
    expect(field(page)).to_be_focused()


# Add


def test_the_new_todo_field_has_the_focus_at_load(page):
    page.reload()
    expect(new_todo(page)).to_be_focused()


def test_a_new_todo_is_trimmed_goes_to_the_end_and_leaves_the_field_empty(page):
    new_todo(page).fill("   four  ")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["one", "two", "three", "four"])
    assert titles(page).last.text_content() == "four"
    expect(new_todo(page)).to_have_value("")
    expect(new_todo(page)).to_be_focused()
    expect(count(page)).to_have_text("4 items left")
    synced(page)
    page.reload()
    expect(titles(page)).to_have_text(["one", "two", "three", "four"])


def test_nothing_but_spaces_adds_nothing(page):
    new_todo(page).fill("   ")
    page.keyboard.press("Enter")
    add_todo(page, "four")
    expect(titles(page)).to_have_text(["one", "two", "three", "four"])


# Tick


def test_a_tick_marks_a_todo_as_completed_and_back(page):
    toggle(page, "two")
    expect(row(page, "two")).to_have_class("completed")
    expect(count(page)).to_have_text("2 items left")
    toggle(page, "two")
    expect(row(page, "two")).not_to_have_class("completed")
    expect(count(page)).to_have_text("3 items left")


def test_mark_all_follows_the_todos_and_they_follow_it(page):
    every = page.get_by_label("Mark all as complete")
    every.check()
    expect(page.locator("li.completed")).to_have_count(3)
    expect(count(page)).to_have_text("0 items left")
    toggle(page, "two")
    expect(every).not_to_be_checked()
    expect(count(page)).to_have_text("1 item left")
    toggle(page, "two")
    expect(every).to_be_checked()
    every.uncheck()
    expect(page.locator("li.completed")).to_have_count(0)


def test_clear_completed_is_there_only_when_something_is(page):
    clear = page.get_by_role("button", name="Clear completed")
    expect(clear).to_be_hidden()
    toggle(page, "one")
    toggle(page, "three")
    clear.click()
    expect(titles(page)).to_have_text(["two"])
    expect(clear).to_be_hidden()


def test_an_empty_list_has_no_main_and_no_footer(page):
    page.get_by_label("Mark all as complete").check()
    page.get_by_role("button", name="Clear completed").click()
    expect(page.locator(".main")).to_be_hidden()
    expect(page.locator(".footer")).to_be_hidden()
    expect(status(page)).to_be_visible()


# Rename


@pytest.mark.parametrize("way", ["double click", "button", "Enter on the row", "F2 on its tick"])
def test_a_todo_is_renamed_in_its_row(page, way):
    if way == "double click":
        double_click(row(page, "two").get_by_test_id("todo-title"))
    elif way == "button":
        row(page, "two").get_by_role("button", name="Edit").click()
    elif way == "Enter on the row":
        row(page, "two").get_by_test_id("todo-title").click()
        page.keyboard.press("Enter")
    else:
        row(page, "two").get_by_role("checkbox").press("F2")
    expect(row(page, "two")).to_have_class("editing")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("two")
    field(page).fill("  zwei ")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_count(0)
    expect(titles(page)).to_have_text(["one", "zwei", "three"])
    assert titles(page).nth(1).text_content() == "zwei"
    synced(page)
    page.reload()
    expect(titles(page)).to_have_text(["one", "zwei", "three"])


def test_leaving_the_field_saves(page):
    start_editing(page, "two")
    field(page).fill("zwei")
    new_todo(page).click()
    expect(titles(page)).to_have_text(["one", "zwei", "three"])


def test_escape_takes_back_what_was_typed(page):
    start_editing(page, "two")
    field(page).fill("zwei")
    page.keyboard.press("Escape")
    expect(field(page)).to_have_count(0)
    expect(titles(page)).to_have_text(["one", "two", "three"])
    expect(row(page, "two").get_by_role("button", name="Edit")).to_be_focused()
    assert local_todo(page, "two")["synced"] is True


def test_an_empty_text_deletes(page):
    start_editing(page, "two")
    field(page).fill("  ")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["one", "three"])
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_the_title_itself_does_not_tick(page):
    row(page, "two").get_by_test_id("todo-title").click()
    rename(page, "two", "zwei")
    expect(row(page, "zwei").get_by_role("checkbox")).not_to_be_checked()


def test_the_key_f2_outside_the_rows_edits_nothing(page):
    page.get_by_role("link", name="Active").press("F2")
    rename(page, "two", "zwei")
    expect(titles(page)).to_have_text(["one", "zwei", "three"])


def test_a_key_that_is_held_down_does_one_thing(page):
    row(page, "two").get_by_role("button", name="Delete").focus()
    for _ in range(3):
        page.keyboard.down("Enter")  # from the second time on as a key that is held repeats
    page.keyboard.up("Enter")
    expect(titles(page)).to_have_text(["one", "three"])
    add_todo(page, "four")
    expect(titles(page)).to_have_text(["one", "three", "four"])


def test_after_clear_completed_the_focus_is_not_lost(page):
    toggle(page, "one")
    page.get_by_role("button", name="Clear completed").click()
    expect(page.locator(".filters .selected")).to_be_focused()
    page.get_by_label("Mark all as complete").check()
    page.get_by_role("button", name="Clear completed").click()
    expect(new_todo(page)).to_be_focused()


# At once, and truly kept


def after(page, deed):
    """Do something to elements of row two by a script, and return the screen in the same task."""
    return page.evaluate(f"""() => {{
        const row = document.querySelectorAll(".todo-list li")[1];
        {deed}
        return {SCREEN};
    }}""")


@pytest.mark.parametrize(
    ("deed", "screen"),
    [
        (
            "row.querySelector('.toggle').click();",
            {"titles": ["one", "two", "three"], "completed": 1, "count": "2 items left"},
        ),
        (
            "document.querySelector('.toggle-all').click();",
            {"titles": ["one", "two", "three"], "completed": 3, "count": "0 items left"},
        ),
        (
            "row.querySelector('.destroy').click();",
            {"titles": ["one", "three"], "completed": 0, "count": "2 items left"},
        ),
        (
            "document.querySelector('.new-todo').value = 'four'; "
            "document.querySelector('.add').click();",
            {"titles": ["one", "two", "three", "four"], "completed": 0, "count": "4 items left"},
        ),
        (
            "row.querySelector('.edit-button').click(); row.querySelector('.edit').value = 'zwei'; "
            "document.querySelector('.new-todo').focus();",
            {"titles": ["one", "zwei", "three"], "completed": 0, "count": "3 items left"},
        ),
    ],
    ids=["tick", "mark all", "delete", "add", "rename"],
)
def test_an_action_is_on_the_screen_within_the_same_task_and_not_yet_called_kept(
    page, deed, screen
):
    pending = "3" if "toggle-all" in deed else "1"
    seen = {
        name: re.sub(r"\s+", " ", value) if name == "count" else value
        for name, value in after(page, deed).items()
    }
    assert seen == screen | {"state": "pending", "pending": pending}


def test_it_is_called_kept_only_once_the_local_store_has_it(page):
    sync = Held(page, "**/sync")
    page.evaluate((SCRIPTS / "hold-store.js").read_text(encoding="utf-8"))
    new_todo(page).fill("four")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["one", "two", "three", "four"])
    expect(status(page)).to_have_text("Saving…")
    expect(status(page)).to_have_attribute("data-state", "pending")
    expect(status(page)).to_have_attribute("data-pending", "1")
    expect(row(page, "four")).not_to_have_attribute("data-unsynced", "")
    page.evaluate("void letGo()")
    expect(status(page)).to_have_text("1 todo is saved only on this device.")
    expect(row(page, "four")).to_have_attribute("data-unsynced", "")
    assert local_todo(page, "four")
    sync.release()
    synced(page)


def test_so_is_an_edit_of_what_waits_for_the_server_already(page):
    cut_off(page)
    toggle(page, "one")
    waits = "The server cannot be reached: 1 todo is saved only on this device."
    expect(status(page)).to_have_text(waits)
    expect(row(page, "one")).to_have_attribute("data-unsynced", "")
    page.evaluate((SCRIPTS / "hold-store.js").read_text(encoding="utf-8"))
    rename(page, "one", "uno")
    expect(status(page)).to_have_text(f"{waits} Saving…")
    expect(row(page, "uno")).not_to_have_attribute("data-unsynced", "")
    page.evaluate("void letGo()")
    expect(status(page)).to_have_text(waits)
    expect(row(page, "uno")).to_have_attribute("data-unsynced", "")


def test_quick_taps_are_all_kept_in_their_order(page):
    page.evaluate("""() => {
        const toggle = document.querySelector(".toggle");
        for (let tap = 0; tap < 7; tap += 1) toggle.click();
        for (const text of ["a", "b", "c", "d"]) {
            document.querySelector(".new-todo").value = text;
            document.querySelector(".add").click();
        }
    }""")
    everything = ["one", "two", "three", "a", "b", "c", "d"]
    expect(titles(page)).to_have_text(everything)
    synced(page)
    expect(titles(page)).to_have_text(everything)
    expect(row(page, "one").get_by_role("checkbox")).to_be_checked()
    assert local_todo(page, "one")["completed"] is True
    page.reload()
    expect(titles(page)).to_have_text(everything)


# Before the script is ready


def test_what_is_deleted_while_it_is_still_being_added_goes(page):
    page.evaluate("""() => {
        const field = document.querySelector(".new-todo");
        field.value = "four";
        field.form.requestSubmit();
        [...document.querySelectorAll(".todo-list li")].at(-1).querySelector(".destroy").click();
    }""")
    expect(titles(page)).to_have_text(["one", "two", "three"])
    eventually(lambda: local_todo(page, "four")["deleted"], page)
    synced(page)
    expect(titles(page)).to_have_text(["one", "two", "three"])


def test_what_was_typed_before_the_script_was_ready_stays_in_the_field(page):
    script = Held(page, "**/main*.mjs")
    reload_held(page)
    new_todo(page).fill("half a tho")
    script.release()
    ready(page)
    expect(new_todo(page)).to_be_focused()
    page.keyboard.type("ught")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["one", "two", "three", "half a thought"])


def test_what_was_added_before_the_script_was_ready_is_there(page):
    script = Held(page, "**/main*.mjs")
    reload_held(page)
    new_todo(page).fill("by the form")
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["one", "two", "three", "by the form"])
    script.release()
    ready(page)
    expect(titles(page)).to_have_text(["one", "two", "three", "by the form"])
    eventually(lambda: local_todo(page, "by the form"), page)
