"""What a screen reader says: names, roles, and what comes from other devices in one sentence."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    cut_off,
    delete,
    eventually,
    local,
    local_todo,
    make_account,
    new_name,
    push,
    push_edit,
    push_edits,
    ready,
    rename,
    row,
    sign_up_with,
    sync_now,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

# Remembers each sentence that the page has said of other devices.
LISTEN = """addEventListener("DOMContentLoaded", () => {
    window.heard_ = [];
    const line = document.querySelector(".news");
    const note = () => line?.textContent && window.heard_.push(line.textContent);
    if (line) new MutationObserver(note).observe(line, { childList: true, characterData: true });
})"""


@pytest.fixture
def page(page):
    """A tab to which somebody listens."""
    page.add_init_script(LISTEN)
    return page


def heard(page):
    """Return all that was said of other devices so far."""
    return page.evaluate("heard_")


def news(page):
    return page.locator(".news")


# What is there


def test_a_row_says_what_can_be_done_with_which_todo(page):
    sign_up_with(page, ["Buy milk"])
    toggle(page, "Buy milk")
    expect(row(page, "Buy milk")).to_match_aria_snapshot("""
      - listitem:
        - 'checkbox "Toggle Todo: Buy milk" [checked]'
        - text: Buy milk
        - button "Edit Buy milk"
        - link "History of Buy milk"
        - button "Delete Buy milk"
    """)
    row(page, "Buy milk").get_by_role("button", name="Edit").click()
    expect(page.locator(".editing")).to_match_aria_snapshot("""
      - listitem:
        - textbox "Edit": Buy milk
    """)


def test_the_list_has_landmarks_headings_and_names(page):
    sign_up_with(page, ["Buy milk", "Call mum"])
    toggle(page, "Call mum")
    synced(page)
    expect(page.locator("body")).to_match_aria_snapshot("""
      - navigation "Account":
        - button "Shortcuts"
        - link /alice-/
        - link "Trash"
        - button "Log out"
      - main:
        - heading "todos" [level=1]
        - textbox "What needs to be done?"
        - button "Add"
        - checkbox "Mark all as complete"
        - search:
          - searchbox "Search"
        - list:
          - listitem:
            - 'checkbox "Toggle Todo: Buy milk"'
          - listitem:
            - 'checkbox "Toggle Todo: Call mum" [checked]'
        - strong: "1"
        - text: item left
        - list:
          - listitem:
            - link "All"
          - listitem:
            - link "Active"
          - listitem:
            - link "Completed"
        - button "Clear completed"
      - region "Sync":
        - status: All todos are saved on the server.
        - paragraph:
          - button "Sync now"
          - text: Last synced
          - time
          - 'button "Undo: tick “Call mum”"'
          - button "Redo" [disabled]
          - button "Export"
    """)
    expect(page.get_by_role("link", name="All", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_the_dialogs_have_names_and_begin_where_they_are_left(page):
    sign_up_with(page, ["Buy milk"])
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    page.get_by_role("link", name="History of").click()
    expect(page.get_by_test_id("step").filter(visible=True)).to_have_count(2)
    expect(page.locator("dialog.history")).to_match_aria_snapshot("""
      - dialog "History":
        - heading "History" [level=2]
        - paragraph: Buy oat milk
        - status
        - list:
          - listitem:
            - paragraph: Changed the text from “Buy milk” to “Buy oat milk”.
            - paragraph:
              - time
              - text: /this device/
          - listitem:
            - paragraph: Added “Buy milk”.
            - button "Restore “Buy milk”": Restore
        - button "Close"
    """)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Details of").click()
    expect(page.locator("dialog.details")).to_match_aria_snapshot("""
      - dialog "Details":
        - heading "Details" [level=2]
        - paragraph: Buy oat milk
        - text: Notes
        - textbox "Notes"
        - text: Due date
        - textbox "Due date"
        - textbox "Due time"
        - button "Save"
        - button "Cancel"
    """)
    expect(page.get_by_label("Notes")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Shortcuts").click()
    expect(page.locator("dialog.shortcuts")).to_match_aria_snapshot("""
      - dialog "Shortcuts":
        - heading "Shortcuts" [level=2]
        - term: Enter or F2
        - definition: edit the todo that has the focus
        - checkbox "Let ? open this list, and / the search" [checked]
        - button "Close"
    """)
    page.keyboard.press("Escape")
    cut_off(page)
    add_todo(page, "Call mum")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("dialog.signing-out")).to_match_aria_snapshot("""
      - dialog "Log out?":
        - heading "Log out?" [level=2]
        - paragraph: 1 todo is saved only on this device, and logging out leaves nothing here.
        - button "Stay"
        - button "Save a file"
        - button "Discard and log out"
    """)
    expect(page.get_by_role("button", name="Stay")).to_be_focused()


def test_what_is_wrong_with_a_text_belongs_to_its_field_and_is_called_out(page):
    sign_up_with(page, ["Buy milk"])
    row(page, "Buy milk").get_by_role("button", name="Edit").click()
    field = page.get_by_label("Edit", exact=True)
    field.fill("x" * 2_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("The text is longer than 2000 characters.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_placeholder("What needs to be done?").fill("x" * 2_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")


# What comes from elsewhere


def test_what_other_devices_did_is_said_in_one_sentence_and_once(page):
    sign_up_with(page, ["one", "two", "three"])
    push_edits(page, [local_todo(page, text) for text in ("one", "two", "three")], completed=True)
    expect(news(page)).to_have_text("3 todos were changed elsewhere.")
    push_edit(page, local_todo(page, "one"), completed=False)
    expect(news(page)).to_have_text("“one” was changed elsewhere.")
    push_edit(page, local_todo(page, "one"), text="uno")
    expect(news(page)).to_have_text("“uno” was changed elsewhere.")
    push_edit(page, local_todo(page, "uno"), deleted=True)
    expect(news(page)).to_have_text("“uno” was deleted elsewhere.")
    push(page, ["four", "x" * 100])
    expect(news(page)).to_have_text("2 todos were added elsewhere.")
    push_edit(page, local_todo(page, "x" * 100), completed=True)
    expect(news(page)).to_have_text(f"“{'x' * 60}…” was changed elsewhere.")
    assert len(heard(page)) == 6
    expect(
        page.locator(".todo-list").locator("[aria-live], [role=alert], [role=status]")
    ).to_have_count(0)


def test_the_same_again_is_said_again(page):
    sign_up_with(page, ["one"])
    for times in (1, 2):
        completed = local_todo(page, "one")["completed"]
        push_edit(page, local_todo(page, "one"), completed=not completed)
        eventually(lambda times=times: len(heard(page)) == times, page)
    assert heard(page) == ["“one” was changed elsewhere."] * 2


def test_what_one_did_oneself_is_not_said_nor_that_nothing_changed(page):
    sign_up_with(page, ["one", "two"])
    toggle(page, "one")
    rename(page, "two", "zwei")
    add_todo(page, "three")
    delete(page, "one")
    page.keyboard.press("ControlOrMeta+z")
    synced(page)
    other_tab = page.context.new_page()
    other_tab.goto("/")
    ready(other_tab)
    toggle(other_tab, "three")
    synced(other_tab)
    expect(row(page, "three").get_by_role("checkbox")).to_be_checked()
    sync_now(page)
    synced(page)
    push_edit(page, local_todo(page, "zwei"), text="two")
    expect(news(page)).to_have_text("“two” was changed elsewhere.")
    assert len(heard(page)) == 1


def test_a_browser_that_is_filled_for_the_first_time_says_nothing_of_that(page):
    make_account(page, new_name("alice"))
    push(page, [f"todo {number}" for number in range(250)])
    page.goto("/")
    synced(page)
    expect(titles(page)).to_have_count(250)
    eventually(lambda: len(local(page)) == 250, page)
    push_edit(page, local_todo(page, "todo 7"), completed=True)
    expect(news(page)).to_have_text("“todo 7” was changed elsewhere.")
    assert len(heard(page)) == 1
