"""Everything by the keyboard alone: nothing is clicked, and the focus is never lost."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    PASSWORD,
    cut_off,
    log_in,
    new_name,
    ready,
    row,
    status,
    synced,
    titles,
)
from e2e.test_history import meet

pytestmark = pytest.mark.any_engine

MOST_TABS = 80
IS_FOCUSED = "(element) => element === document.activeElement && document.hasFocus()"


def go(page, to, key="Tab"):
    """Press a key until something has the focus."""
    for _ in range(MOST_TABS):
        if to.evaluate(IS_FOCUSED):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not come to {to}")


def use(page, to, key="Tab"):
    """Go to something by keyboard, and press Enter."""
    go(page, to, key)
    page.keyboard.press("Enter")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def link(page, name):
    return page.get_by_role("link", name=name, exact=True)


def new_todo(page):
    return page.get_by_placeholder("What needs to be done?")


def write(page, *texts):
    """Type texts into fields that follow each other, and press Enter in the last."""
    for at, text in enumerate(texts):
        if at:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def completed(page):
    return page.locator("li.completed").get_by_test_id("todo-title")


def heading(page, text):
    expect(page.get_by_role("heading", name=text)).to_be_visible()


def sign_up_by_keyboard(page):
    """Sign up from the page that anybody comes to first; return the name."""
    name = new_name("alice")
    page.goto("/")
    expect(page.get_by_label("Username")).to_be_focused()
    use(page, link(page, "Sign up"))
    heading(page, "Sign up")
    expect(page.get_by_label("Username")).to_be_focused()
    write(page, name, "", PASSWORD, PASSWORD)
    ready(page)
    expect(new_todo(page)).to_be_focused()
    return name


def test_a_list_is_written_ticked_edited_moved_and_put_right(page):
    sign_up_by_keyboard(page)
    write(page, "Buy milk")
    write(page, "Call mum")
    write(page, "Water the plants")
    expect(titles(page)).to_have_text(["Buy milk", "Call mum", "Water the plants"])
    expect(new_todo(page)).to_be_focused()

    tick = row(page, "Call mum").get_by_role("checkbox")
    go(page, tick)
    page.keyboard.press("Space")
    expect(completed(page)).to_have_text(["Call mum"])
    expect(tick).to_be_focused()

    use(page, button(page, "Edit Buy milk"), "Shift+Tab")
    expect(page.get_by_label("Edit", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    write(page, "Buy oat milk")
    expect(titles(page).first).to_have_text("Buy oat milk")
    expect(button(page, "Edit Buy oat milk")).to_be_focused()
    page.keyboard.press("F2")
    page.keyboard.type("nonsense")
    page.keyboard.press("Escape")
    expect(titles(page).first).to_have_text("Buy oat milk")
    expect(button(page, "Edit Buy oat milk")).to_be_focused()

    use(page, button(page, "Move Buy oat milk"), "Shift+Tab")
    expect(button(page, "Move up")).to_be_focused()
    use(page, button(page, "To the bottom"))
    expect(titles(page).last).to_have_text("Buy oat milk")
    expect(button(page, "To the bottom")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(page, "Move Buy oat milk")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Alt+ArrowUp")
    expect(titles(page)).to_have_text(["Buy oat milk", "Call mum", "Water the plants"])
    expect(button(page, "Move Buy oat milk")).to_be_focused()

    use(page, button(page, "Details of Buy oat milk"))
    expect(page.get_by_label("Notes")).to_be_focused()
    page.keyboard.type("At the corner")
    go(page, page.get_by_label("Due date"))
    page.keyboard.type("02292096")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(row(page, "Buy oat milk")).to_contain_text("At the corner")
    expect(row(page, "Buy oat milk").locator("time")).to_have_attribute("datetime", "2096-02-29")
    expect(button(page, "Details of Buy oat milk")).to_be_focused()

    use(page, button(page, "Delete Call mum"))
    expect(titles(page)).to_have_text(["Buy oat milk", "Water the plants"])
    expect(button(page, "Delete Water the plants")).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(titles(page)).to_have_count(3)
    page.keyboard.press("ControlOrMeta+Shift+z")
    expect(titles(page)).to_have_count(2)
    expect(button(page, "Delete Water the plants")).to_be_focused()
    use(page, page.locator(".toast .undo"))
    expect(titles(page)).to_have_count(3)
    expect(row(page, "Call mum")).to_be_focused()
    page.keyboard.press("Escape")
    use(page, button(page, "Redo: delete “Call mum”"))
    expect(titles(page)).to_have_count(2)


def test_a_list_is_filtered_searched_cleared_and_synced(page):
    sign_up_by_keyboard(page)
    for text in ("Buy milk", "Call mum", "Water the plants"):
        write(page, text)
    go(page, row(page, "Call mum").get_by_role("checkbox"))
    page.keyboard.press("Space")
    use(page, link(page, "Completed"))
    expect(titles(page)).to_have_text(["Call mum"])
    expect(link(page, "Completed")).to_be_focused()
    use(page, link(page, "All"), "Shift+Tab")
    expect(titles(page)).to_have_count(3)
    page.keyboard.press("/")
    page.keyboard.type("MUM")
    expect(titles(page)).to_have_text(["Call mum"])
    page.keyboard.press("Escape")
    expect(titles(page)).to_have_count(3)
    go(page, page.get_by_label("Mark all as complete"), "Shift+Tab")
    page.keyboard.press("Space")
    expect(completed(page)).to_have_count(3)
    use(page, button(page, "Clear completed"))
    expect(titles(page)).to_have_count(0)
    expect(new_todo(page)).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(titles(page)).to_have_count(3)
    use(page, button(page, "Sync now"))
    synced(page)
    expect(button(page, "Sync now")).to_be_focused()


def test_the_history_and_the_shortcuts_open_and_close_where_one_was(page):
    sign_up_by_keyboard(page)
    write(page, "Call mum")
    synced(page)  # or the history begins with what came after it
    use(page, button(page, "Edit Call mum"))
    page.keyboard.press("End")
    write(page, " today")
    past = link(page, "History of Call mum today")
    use(page, past)
    dialog = page.get_by_role("dialog", name="History")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(past).to_be_focused()
    page.keyboard.press("Enter")
    use(page, dialog.get_by_role("button", name="Restore “Call mum”"), "Shift+Tab")
    expect(titles(page)).to_have_text(["Call mum"])
    expect(row(page, "Call mum")).to_be_focused()

    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Shortcuts")
    expect(button(page, "Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shortcuts).to_be_hidden()
    expect(row(page, "Call mum")).to_be_focused()
    use(page, button(page, "Shortcuts"), "Shift+Tab")
    go(page, page.get_by_label("Let ? open this list, and / the search"), "Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(button(page, "Shortcuts")).to_be_focused()
    page.keyboard.press("?")
    expect(shortcuts).to_be_hidden()
    page.keyboard.press("/")
    expect(button(page, "Shortcuts")).to_be_focused()
    page.reload()
    ready(page)
    use(page, button(page, "Shortcuts"), "Shift+Tab")
    expect(page.get_by_label("Let ? open this list, and / the search")).not_to_be_checked()


def test_what_two_devices_changed_is_looked_at_and_the_focus_stays_on_its_row(
    page, alice, milk, new_browser
):
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    synced(laptop)
    meet(page, laptop)
    page.bring_to_front()
    use(page, page.get_by_role("link", name="Changed in two places"))
    expect(row(page, "Buy oat milk")).not_to_have_attribute("data-conflict", "")
    page.keyboard.press("Escape")
    expect(row(page, "Buy oat milk")).to_be_focused()


@pytest.mark.only_browser("chromium")  # the other one, as it is driven, tells of no download
def test_the_trash_the_account_the_exports_and_the_way_out(page):
    name = sign_up_by_keyboard(page)
    for text in ("Buy milk", "Call mum", "Water the plants"):
        write(page, text)
    for text in ("Buy milk", "Call mum"):
        use(page, button(page, f"Delete {text}"))
    synced(page)
    use(page, link(page, "Trash"), "Shift+Tab")
    heading(page, "Trash")
    use(page, button(page, "Restore Call mum"))
    expect(page.get_by_test_id("deleted-todo")).to_have_count(1)
    use(page, page.get_by_role("link", name="Empty the Trash"))
    heading(page, "Empty the Trash?")
    use(page, button(page, "Empty for good"))
    expect(page.get_by_role("status")).to_contain_text("gone for good")
    use(page, link(page, "Back to the list"))
    ready(page)
    expect(titles(page)).to_have_text(["Call mum", "Water the plants"])

    go(page, button(page, "Export"))
    with page.expect_download():
        page.keyboard.press("Enter")
    expect(button(page, "Export")).to_be_focused()
    use(page, link(page, name), "Shift+Tab")
    heading(page, "Account")
    go(page, link(page, "Export everything"))
    with page.expect_download():
        page.keyboard.press("Enter")
    use(page, link(page, "Change the password"))
    heading(page, "Change the password")
    go(page, page.get_by_label("Old password"))
    write(page, PASSWORD, f"new {PASSWORD}", f"new {PASSWORD}")
    heading(page, "Account")
    use(page, link(page, "Back to the list"))
    ready(page)

    cut_off(page)
    write(page, "unsent")
    expect(status(page)).to_have_attribute("data-state", "offline")
    use(page, button(page, "Log out"), "Shift+Tab")
    expect(button(page, "Stay")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button(page, "Log out")).to_be_focused()
    page.unroute("**/sync")
    use(page, button(page, "Sync now"))
    synced(page)
    use(page, button(page, "Log out"), "Shift+Tab")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    expect(page.get_by_label("Username")).to_be_focused()
    write(page, name, f"new {PASSWORD}")
    ready(page)
    expect(titles(page)).to_have_text(["Call mum", "Water the plants", "unsent"])


@pytest.mark.only_browser("chromium")  # the other one, as it is driven, tells of no file chooser
def test_the_account_and_its_end(page, new_browser):
    name = sign_up_by_keyboard(page)
    write(page, "Buy milk")
    synced(page)
    laptop = new_browser().new_page()
    log_in(laptop, name)
    synced(laptop)
    exported = page.request.get("/accounts/export/").body()

    use(page, link(page, name), "Shift+Tab")
    heading(page, "Account")
    use(page, link(page, "Add an e-mail address"))
    go(page, page.locator("[name=email]"))
    write(page, f"{name}@example.com", PASSWORD)
    heading(page, "Account")
    expect(page.get_by_text(f"Your e-mail address is {name}@example.com.")).to_be_visible()

    with page.expect_file_chooser() as chosen:
        go(page, page.get_by_label("Import a file"))
        page.keyboard.press("Enter")
    chosen.value.set_files({"name": "a.json", "mimeType": "application/json", "buffer": exported})
    use(page, button(page, "Import"))
    expect(page.locator("[data-count=same]")).to_have_text("1")
    use(page, link(page, "Back to the account"))

    use(page, page.locator("summary", has_text="sign out"))
    go(page, page.get_by_label("Name", exact=True).filter(visible=True))
    write(page, "The laptop")
    expect(page.get_by_test_id("device").filter(has_text="The laptop")).to_be_visible()
    use(page, page.locator("summary", has_text="The laptop"))
    use(page, page.get_by_role("button", name=re.compile("Sign out ?: The laptop")))
    expect(page.get_by_test_id("device").filter(has_text="Signed out on")).to_have_count(1)
    use(page, button(page, "Sign out all others"))
    heading(page, "Account")

    use(page, link(page, "Delete the account"))
    heading(page, "Delete the account")
    go(page, page.locator("[name=password]"))
    page.keyboard.type(PASSWORD)
    go(page, page.get_by_label("Yes, delete everything"))
    page.keyboard.press("Space")
    use(page, button(page, "Delete the account"))
    heading(page, "Your account was deleted")


def test_all_of_it_without_a_script(page):
    page.route("**/*.mjs", lambda route: route.abort())
    page.goto("/accounts/signup/")
    write(page, new_name("alice"), "", PASSWORD, PASSWORD)
    for text in ("Buy milk", "Call mum"):
        expect(new_todo(page)).to_be_focused()
        write(page, text)
        expect(row(page, text)).to_be_visible()
    tick = row(page, "Buy milk").get_by_role("checkbox")
    go(page, tick)
    page.keyboard.press("Space")
    use(page, row(page, "Buy milk").get_by_role("button", name="Save"))
    expect(completed(page)).to_have_text(["Buy milk"])

    use(page, link(page, "Edit Call mum"))
    heading(page, "Edit a todo")
    expect(page.get_by_label("What needs to be done?")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    write(page, "Call mum today")
    use(page, link(page, "Edit Call mum today"))
    use(page, link(page, "Move it to another place"))
    heading(page, "Move a todo")
    use(page, button(page, "To the top"))
    expect(page.get_by_text("It is the first")).to_be_visible()
    use(page, link(page, "Back to the list"))
    expect(titles(page)).to_have_text(["Call mum today", "Buy milk"])

    use(page, link(page, "History of Call mum today"))
    use(page, page.get_by_role("button", name="Restore “Call mum”"))
    expect(page.get_by_text("from “Call mum today” to “Call mum”")).to_be_visible()
    use(page, link(page, "Back"))
    expect(row(page, "Call mum")).to_be_visible()

    go(page, page.get_by_role("searchbox", name="Search"))
    write(page, "MILK")
    expect(titles(page)).to_have_text(["Buy milk"])
    use(page, button(page, "Delete Buy milk"))
    expect(titles(page)).to_have_count(0)
    use(page, link(page, "Trash"), "Shift+Tab")
    use(page, button(page, "Restore Buy milk"))
    use(page, link(page, "Back to the list"))
    expect(completed(page)).to_have_text(["Buy milk"])
    go(page, page.get_by_label("Mark all as complete"))
    page.keyboard.press("Space")
    use(page, page.locator(".toggle-all-form").get_by_role("button", name="Save"))
    expect(completed(page)).to_have_count(2)
    use(page, button(page, "Clear completed"))
    expect(titles(page)).to_have_count(0)
    use(page, button(page, "Log out"), "Shift+Tab")
    expect(page).to_have_url(re.compile("/accounts/login/"))
