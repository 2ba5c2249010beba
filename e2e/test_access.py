"""The list, in every state, and what is around it: nothing stands in anybody's way."""

import json

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from e2e.access import accessible, all_by_tab, axe_finds_nothing, leave_few
from e2e.actions import (
    Held,
    add_todo,
    body_of,
    cut_off,
    delete,
    local_todo,
    log_in,
    make_account,
    new_name,
    push,
    push_edit,
    ready,
    rename,
    row,
    sign_up,
    sign_up_with,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)
from e2e.test_reorder import carry, grab
from e2e.test_storage_trouble import CLOSE_FOR_GOOD, DAMAGED

pytestmark = pytest.mark.any_engine

EXPORT = "/accounts/export/"


def send(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def heading(page, text):
    expect(page.get_by_role("heading", name=text)).to_be_visible()


# The list


def test_the_list(page):
    sign_up(page, new_name("alice"))
    synced(page)
    accessible(page, "empty")
    for text in ("Buy milk", "Call mum", "Water the plants"):
        add_todo(page, text)
    toggle(page, "Call mum")
    synced(page)
    accessible(page, "active and completed")
    for name in ("Active", "Completed"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        accessible(page, f"switched to {name}")
    for query, says in (("call", "1 todo found"), ("tea", "Nothing found")):
        page.get_by_role("searchbox", name="Search").fill(query)
        expect(page.locator(".found")).to_have_text(says)
        accessible(page, f"searching for {query}")
    page.goto("/")
    ready(page)
    page.get_by_role("button", name="Shortcuts").click()
    accessible(page, "shortcuts")
    page.get_by_role("button", name="Close").click()
    row(page, "Buy milk").get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Edit", exact=True)).to_be_focused()
    accessible(page, "editing")
    page.get_by_label("Edit", exact=True).fill("x" * 2_001)
    page.keyboard.press("Enter")
    expect(page.locator(".note").first).to_contain_text("longer than 2000")
    accessible(page, "editing, refused")
    page.keyboard.press("Escape")
    send(page, "Move Buy milk")
    expect(page.get_by_role("button", name="Move up")).to_be_focused()
    accessible(page, "moving")
    delete(page, "Water the plants")
    page.get_by_role("button", name="Undo").focus()  # so that the toast stays
    accessible(page, "toast")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Redo").focus()
    accessible(page, "undone")
    page.keyboard.press("Escape")
    accessible(page, "something to undo and to redo")
    page.get_by_placeholder("What needs to be done?").fill("x" * 2_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")
    accessible(page, "adding, refused")


def test_the_details(page):
    sign_up_with(page, ["Buy milk", "Call mum"])
    notes = "At the corner,\n  behind the bakery"
    push_edit(page, local_todo(page, "Buy milk"), due="2020-02-29", notes=notes)
    expect(row(page, "Buy milk").locator(".due")).to_be_visible()
    accessible(page, "on the row")
    page.get_by_role("button", name="Details of Buy milk").click()
    dialog = page.get_by_role("dialog", name="Details")
    expect(dialog.get_by_label("Notes")).to_have_value(notes)
    accessible(page, "the dialog")
    dialog.get_by_label("Notes").fill("x" * 20_001)
    send(page, "Save")
    expect(dialog.get_by_role("alert")).to_contain_text("longer than")
    accessible(page, "the dialog, refused")


def test_the_trash(page):
    sign_up(page, new_name("alice"))
    ready(page)
    for text in ("Buy milk", "Call mum"):
        add_todo(page, text)
        delete(page, text)
    synced(page)
    page.get_by_role("link", name="Trash").click()
    expect(page.get_by_role("button", name="Restore Call mum")).to_be_visible()
    accessible(page, "full")
    page.get_by_role("link", name="Empty the Trash").click()
    heading(page, "Empty the Trash?")
    accessible(page, "whether to empty it")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Restore Call mum").click()
    expect(page.get_by_role("button", name="Restore Call mum")).to_have_count(0)
    page.get_by_role("button", name="Restore all").click()
    expect(page.get_by_role("status")).to_have_text("Restored 1 todo.")
    accessible(page, "empty")


def test_the_history(page):
    sign_up_with(page, ["Buy milk"])
    rename(page, "Buy milk", "Buy oat milk")
    push_edit(page, local_todo(page, "Buy oat milk"), conflict=True)
    expect(page.get_by_role("link", name="Changed in two places")).to_be_visible()
    accessible(page, "a conflict")
    address = page.get_by_role("link", name="History of").get_attribute("href")
    page.goto(address)
    heading(page, "History")
    expect(page.get_by_role("button", name="I have seen it")).to_be_visible()
    accessible(page, "its page, with a conflict")
    page.goto("/")
    ready(page)
    page.get_by_role("link", name="History of").click()
    expect(page.get_by_test_id("step").filter(visible=True)).to_have_count(2)
    accessible(page, "its dialog")
    send(page, "Close")
    page.route("**/history.json", lambda route: route.abort())
    page.get_by_role("link", name="History of").click()
    dialog = page.get_by_role("dialog", name="History")
    expect(dialog.get_by_role("status")).to_contain_text("cannot be reached")
    accessible(page, "its dialog, offline")


def test_what_is_too_long_for_one_page(page):
    sign_up_with(page, ["Buy milk"])
    milk = local_todo(page, "Buy milk")
    for number in range(201):
        push_edit(page, {**milk, "updatedAt": milk["updatedAt"] + number}, text=f"milk {number}")
    sync_now(page)
    page.get_by_role("link", name="History of").click()
    dialog = page.get_by_role("dialog", name="History")
    expect(dialog.get_by_role("link", name="Older")).to_be_visible()
    leave_few(dialog.get_by_test_id("step"))
    accessible(page, "a history's dialog")
    dialog.get_by_role("link", name="Older").click()
    page.get_by_role("link", name="Older").click()
    heading(page, "History")
    accessible(page, "a history's last page")
    push(page, [f"todo {number}" for number in range(100)])
    page.goto("/")
    synced(page)
    page.get_by_label("Mark all as complete").check()
    send(page, "Clear completed")
    synced(page)
    page.goto("/trash/")
    leave_few(page.get_by_test_id("deleted-todo"))
    accessible(page, "the Trash")
    page.get_by_role("link", name="More").click()
    expect(page.get_by_test_id("deleted-todo")).to_have_count(1)
    accessible(page, "the last page of the Trash")


def test_the_list_in_trouble(page):
    sign_up_with(page, ["Buy milk"])
    cut_off(page)
    toggle(page, "Buy milk")
    expect(status(page)).to_have_attribute("data-state", "offline")
    expect(row(page, "Buy milk").locator(".mark")).to_be_visible()
    accessible(page, "offline")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("dialog", name="Log out?")).to_be_visible()
    accessible(page, "whether to log out")
    send(page, "Stay")
    page.unroute("**/sync")
    synced(page)
    page.route("**/sync", send_too_much)
    add_todo(page, "Call mum")
    expect(row(page, "Call mum")).to_contain_text("longer than 2000")
    accessible(page, "rejected")
    page.unroute("**/sync")
    protocol = {"ok": False, "error": "protocol", "message": "This server speaks others."}
    page.route("**/sync", lambda route: route.fulfill(status=409, json=protocol))
    sync_now(page)
    expect(page.get_by_role("link", name="Reload")).to_be_visible()
    accessible(page, "too old")
    page.unroute("**/sync")
    page.context.clear_cookies(name="sessionid")
    toggle(page, "Buy milk")
    expect(status(page)).to_have_attribute("data-state", "signed-out")
    accessible(page, "logged out elsewhere")


def send_too_much(route):
    """Let a request go on with texts that the server refuses."""
    body = body_of(route)
    for todo in body["todos"]:
        todo["text"] = "x" * 2_001
    route.continue_(post_data=json.dumps(body))


def test_the_list_while_it_is_loaded(page, new_browser):
    name = make_account(page, new_name("alice"))
    push(page, [f"todo {number:04}" for number in range(1_001)])
    laptop = new_browser().new_page()
    held = Held(laptop, "**/sync", after=1)
    log_in(laptop, name)
    held.one()
    expect(status(laptop)).to_contain_text("Loading your todos, 1,000 of 1,001 so far")
    rows = laptop.get_by_test_id("todo-item")
    expect(rows).to_have_count(1_000)
    leave_few(rows)
    accessible(laptop, "loading")


def test_the_list_when_something_could_not_be_kept(page):
    sign_up_with(page, ["Buy milk"])
    page.evaluate(CLOSE_FOR_GOOD)
    rename(page, "Buy milk", "Buy oat milk")
    expect(status(page)).to_contain_text("could not keep the last change")
    accessible(page, "an edit given back")


def test_the_list_when_the_store_cannot_be_read(page):
    sign_up_with(page, ["Buy milk"])
    page.add_init_script(DAMAGED)
    page.reload()
    expect(page.get_by_role("button", name="Delete and load again")).to_be_visible()
    accessible(page, "whether to delete the store")


def test_the_list_when_somebody_else_is_logged_in(page):
    sign_up_with(page, ["Buy milk"])
    other = {"ok": False, "error": "other_account", "message": "Not yours."}
    page.route("**/sync", lambda route: route.fulfill(status=409, json=other))
    toggle(page, "Buy milk")
    expect(status(page)).to_contain_text("Somebody else is logged in")
    expect(page.get_by_role("link", name="Reload")).to_be_visible()
    accessible(page, "somebody else")


def test_the_list_while_a_row_is_dragged(page):
    sign_up_with(page, ["Buy milk", "Call mum", "Water the plants"])
    grab(page, "Buy milk")
    carry(page, "Call mum", 0.75)
    expect(page.locator("[data-dragged]")).to_have_count(1)
    axe_finds_nothing(page, "dragged")


def test_what_seldom_stands_beside_the_status_line(page):
    page.route("**/sync", lambda route: None)
    sign_up(page, new_name("alice"))
    ready(page)
    for part in (".new-version", ".question", ".exporting", ".remedy"):
        page.evaluate("(part) => (document.querySelector(part).hidden = false)", part)
    page.evaluate("""() => {
        const question = document.querySelector(".question");
        const says = ["Keep 2 todos found in this browser?", "Keep", "Not now"];
        for (const [at, part] of [...question.children].entries()) part.textContent = says[at];
    }""")
    accessible(page, "all of it")


def test_what_works_without_a_network_shows_nobodys(page):
    page.goto("/shell/")
    expect(status(page)).to_contain_text("cannot be reached")
    accessible(page, "the shell")


def test_without_a_script(page):
    page.route("**/*.mjs", lambda route: route.abort())  # turned off, there would be no axe either
    sign_up(page, new_name("alice"))
    accessible(page, "empty")
    push(page, ["Buy milk", "Call mum"])
    page.goto("/")
    row(page, "Call mum").get_by_role("checkbox").click()
    row(page, "Call mum").get_by_role("button", name="Save").click()
    expect(row(page, "Call mum")).to_have_class("completed")
    for address in ("/", "/active", "/completed"):
        page.goto(address)
        accessible(page, address)
    push(page, [f"todo {number}" for number in range(100)])
    page.goto("/")
    page.get_by_role("link", name="More").click()
    expect(titles(page)).to_have_count(2)
    accessible(page, "the second page")
    send(page, "Add")
    expect(page.get_by_role("alert")).to_contain_text("Write what needs to be done")
    accessible(page, "adding, refused")
    page.goto("/completed")
    row(page, "Call mum").get_by_role("link", name="Edit").click()
    heading(page, "Edit a todo")
    accessible(page, "the page to edit")
    page.get_by_role("link", name="Move it to another place").click()
    heading(page, "Move a todo")
    accessible(page, "the page to move")
    all_by_tab(page)
    page.go_back()
    page.get_by_label("What needs to be done?").fill("x" * 2_001)
    send(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")
    accessible(page, "the page to edit, refused")


def test_what_else_there_is_without_a_script(page):
    sign_up_with(page, ["Buy milk", "Call mum"])
    milk = local_todo(page, "Buy milk")
    push_edit(page, milk, due="2020-02-29", notes="At the corner", conflict=True)
    page.route("**/*.mjs", lambda route: route.abort())
    for query, says in (("milk", "1 todo found"), ("tea", "Nothing found")):
        page.goto(f"/?q={query}")
        expect(page.locator(".found")).to_have_text(says)
        accessible(page, f"searching for {query}")
    page.goto("/")
    row(page, "Call mum").get_by_role("link", name="History of").click()
    heading(page, "History")
    accessible(page, "the history")
    page.goto("/")
    row(page, "Buy milk").get_by_role("link", name="Edit").click()
    page.get_by_label("Notes").fill("x" * 20_001)
    send(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("longer than")
    accessible(page, "the page to edit, details refused")
    page.goto("/")
    send(page, "Delete Call mum")
    page.goto("/trash/")
    accessible(page, "the Trash")
    file = {"name": "a.json", "mimeType": "application/json"}
    for state, content in (("refused", b"{}"), ("done", page.request.get(EXPORT).body())):
        page.goto("/accounts/")
        page.get_by_label("Import a file").set_input_files({**file, "buffer": content})
        send(page, "Import")
        heading(page, "Import")
        accessible(page, f"the import, {state}")


def test_a_long_list(page):
    texts = [f"todo {number:03}" for number in range(110)]
    sign_up_with(page, texts)
    axe_finds_nothing(page, "its top")
    row(page, texts[105]).get_by_role("checkbox").focus()
    accessible(page, "its second group")


def test_where_nothing_is_kept(page):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    sign_up(page, new_name("alice"))
    cut_off(page)
    add_to_memory(page, "Buy milk")
    expect(status(page)).to_contain_text("saved nowhere yet")
    accessible(page, "unsaved")


def add_to_memory(page, text):
    field = page.get_by_placeholder("What needs to be done?")
    field.fill(text)
    field.press("Enter")
    expect(titles(page)).to_have_text([text])


# What went wrong


def test_not_found(page):
    page.goto("/nowhere")
    heading(page, "Not found")
    accessible(page, "404")


def test_a_stale_form(page):
    page.goto("/accounts/login/")
    page.context.clear_cookies()
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("secret")
    send(page, "Log in")
    heading(page, "Please try again")
    accessible(page, "403, CSRF")


def test_not_understood(page, server):
    page.goto(f"http://evil.localhost:{server.port}/")  # leads here, but is no name of this site
    heading(page, "That was not understood")
    accessible(page, "400")


def test_a_mistake_of_the_server(page, server):
    sign_up(page, new_name("alice"))
    text = new_name("Buy milk")
    add_todo(page, text)
    synced(page)
    [(uid,)] = server.rows("SELECT uid FROM todos_todo WHERE text = ?", text)
    server.rows("UPDATE todos_todo SET uid = 'broken' WHERE uid = ?", uid)
    page.goto("/")
    server.rows("UPDATE todos_todo SET uid = ? WHERE uid = 'broken'", uid)
    heading(page, "Something went wrong")
    accessible(page, "500")


def test_not_allowed(page):
    # Nothing leads there today: the page is ready for what Django itself may forbid.
    page.route("**/forbidden", lambda route: route.fulfill(status=403, body=forbidden))
    forbidden = render_to_string("403.html")
    page.goto("/forbidden")
    heading(page, "Not allowed")
    expect(page.locator("main")).to_have_css("border-radius", "12px")
    accessible(page, "403")
