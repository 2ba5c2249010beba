"""All rules of axe, also those that are only good practice, find nothing on any page."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    body_of,
    cut_off,
    delete,
    log_in,
    new_name,
    push,
    ready,
    row,
    sign_up,
    status,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

EVERY_RULE = """axe.run({
    resultTypes: ["violations"],
    rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
})"""
# Those that have to do with colours, which is what the schemes differ in.
RULES_OF_COLOUR = """axe.run({
    resultTypes: ["violations"],
    runOnly: axe.getRules(["cat.color"]).map(({ ruleId }) => ruleId),
})"""


def axe_finds_nothing(page, state):
    """Run axe on the page as it is; what it finds is told with the state that the page is in."""
    page.wait_for_load_state()
    page.evaluate(Axe().axe_script)
    # Firefox, driven from outside, cannot be told what the system asks for; its pages can.
    scheme = "(scheme) => (document.documentElement.style.colorScheme = scheme)"
    for name, rules in (("light", EVERY_RULE), ("dark", RULES_OF_COLOUR)):
        page.evaluate(scheme, name)
        found = page.evaluate(rules)["violations"]
        lines = [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html']}"
            for rule in found
            for node in rule["nodes"]
        ]
        assert not lines, "\n".join([f"{state}, {name}:", *lines])
    page.evaluate(scheme, "")


def send(page, name):
    page.get_by_role("button", name=name).click()


def heading(page, text):
    expect(page.get_by_role("heading", name=text)).to_be_visible()


# The account


def test_log_in(page):
    page.goto("/accounts/login/")
    axe_finds_nothing(page, "log in")
    log_in(page, new_name("nobody"))
    expect(page.get_by_role("alert")).to_contain_text("correct username and password")
    axe_finds_nothing(page, "log in, refused")


def test_sign_up(page):
    page.goto("/accounts/signup/")
    axe_finds_nothing(page, "sign up")
    for name, text in (("username", "a b"), ("password1", "123"), ("password2", "321")):
        page.locator(f"[name={name}]").fill(text)
    send(page, "Sign up")
    expect(page.locator(".error")).to_have_count(2)
    axe_finds_nothing(page, "sign up, refused")


def test_the_account(page):
    name = sign_up(page, new_name("alice"))
    page.get_by_role("link", name=name).click()
    expect(page.locator(".this-browser")).to_be_visible()
    axe_finds_nothing(page, "account")
    page.get_by_role("link", name="Change the password").click()
    heading(page, "Change the password")
    axe_finds_nothing(page, "change of the password")
    page.get_by_label("Old password").fill("wrong")
    page.get_by_label("New password:").fill("1")
    page.get_by_label("New password confirmation").fill("2")
    send(page, "Change the password")
    expect(page.locator(".error")).to_have_count(2)
    axe_finds_nothing(page, "change of the password, refused")


# The list


def test_the_list(page):
    sign_up(page, new_name("alice"))
    synced(page)
    axe_finds_nothing(page, "empty")
    for text in ("Buy milk", "Call mum", "Water the plants"):
        add_todo(page, text)
    toggle(page, "Call mum")
    synced(page)
    axe_finds_nothing(page, "active and completed")
    for name in ("Active", "Completed"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        axe_finds_nothing(page, f"switched to {name}")
    page.goto("/")
    ready(page)
    page.get_by_role("button", name="Shortcuts").click()
    axe_finds_nothing(page, "shortcuts")
    page.get_by_role("button", name="Close").click()
    row(page, "Buy milk").get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Edit", exact=True)).to_be_focused()
    axe_finds_nothing(page, "editing")
    page.get_by_label("Edit", exact=True).fill("x" * 2_001)
    page.keyboard.press("Enter")
    expect(page.locator(".note").first).to_contain_text("longer than 2000")
    axe_finds_nothing(page, "editing, refused")
    page.keyboard.press("Escape")
    send(page, "Move Buy milk")
    expect(page.get_by_role("button", name="Move up")).to_be_focused()
    axe_finds_nothing(page, "moving")
    delete(page, "Water the plants")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    axe_finds_nothing(page, "toast")
    send(page, "Undo")
    expect(page.get_by_role("button", name="Redo")).to_be_visible()
    axe_finds_nothing(page, "undone")
    page.keyboard.press("Escape")
    axe_finds_nothing(page, "something to undo and to redo")
    page.get_by_placeholder("What needs to be done?").fill("x" * 2_001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")
    axe_finds_nothing(page, "adding, refused")


def test_the_trash(page):
    sign_up(page, new_name("alice"))
    ready(page)
    for text in ("Buy milk", "Call mum"):
        add_todo(page, text)
        delete(page, text)
    synced(page)
    page.get_by_role("link", name="Trash").click()
    expect(page.get_by_role("button", name="Restore Call mum")).to_be_visible()
    axe_finds_nothing(page, "full")
    page.get_by_role("link", name="Empty the Trash").click()
    heading(page, "Empty the Trash?")
    axe_finds_nothing(page, "whether to empty it")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Restore Call mum").click()
    expect(page.get_by_role("button", name="Restore Call mum")).to_have_count(0)
    page.get_by_role("button", name="Restore all").click()
    expect(page.get_by_role("status")).to_have_text("Restored 1 todo.")
    axe_finds_nothing(page, "empty")


def test_the_list_in_trouble(page):
    sign_up(page, new_name("alice"))
    add_todo(page, "Buy milk")
    synced(page)
    cut_off(page)
    toggle(page, "Buy milk")
    expect(status(page)).to_have_attribute("data-state", "offline")
    expect(row(page, "Buy milk").locator(".mark")).to_be_visible()
    axe_finds_nothing(page, "offline")
    page.unroute("**/sync")
    synced(page)
    page.route("**/sync", send_too_much)
    add_todo(page, "Call mum")
    expect(row(page, "Call mum")).to_contain_text("longer than 2000")
    axe_finds_nothing(page, "rejected")
    page.unroute("**/sync")
    page.context.clear_cookies(name="sessionid")
    toggle(page, "Buy milk")
    expect(status(page)).to_have_attribute("data-state", "signed-out")
    axe_finds_nothing(page, "logged out elsewhere")


def send_too_much(route):
    """Let a request go on with texts that the server refuses."""
    body = body_of(route)
    for todo in body["todos"]:
        todo["text"] = "x" * 2_001
    route.continue_(post_data=json.dumps(body))


def test_without_a_script(page):
    page.route("**/*.mjs", lambda route: route.abort())  # turned off, there would be no axe either
    sign_up(page, new_name("alice"))
    axe_finds_nothing(page, "empty")
    push(page, ["Buy milk", "Call mum"])
    page.goto("/")
    row(page, "Call mum").get_by_role("checkbox").click()
    row(page, "Call mum").get_by_role("button", name="Save").click()
    expect(row(page, "Call mum")).to_have_class("completed")
    for address in ("/", "/active", "/completed"):
        page.goto(address)
        axe_finds_nothing(page, address)
    push(page, [f"todo {number}" for number in range(100)])
    page.goto("/")
    page.get_by_role("link", name="More").click()
    expect(titles(page)).to_have_count(2)
    axe_finds_nothing(page, "the second page")
    send(page, "Add")
    expect(page.get_by_role("alert")).to_contain_text("Write what needs to be done")
    axe_finds_nothing(page, "adding, refused")
    page.goto("/completed")
    row(page, "Call mum").get_by_role("link", name="Edit").click()
    heading(page, "Edit a todo")
    axe_finds_nothing(page, "the page to edit")
    page.get_by_role("link", name="Move it to another place").click()
    heading(page, "Move a todo")
    axe_finds_nothing(page, "the page to move")
    page.go_back()
    page.get_by_label("What needs to be done?").fill("x" * 2_001)
    send(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("longer than 2000")
    axe_finds_nothing(page, "the page to edit, refused")


# What went wrong


def test_not_found(page):
    page.goto("/nowhere")
    heading(page, "Not found")
    axe_finds_nothing(page, "404")


def test_a_stale_form(page):
    page.goto("/accounts/login/")
    page.context.clear_cookies()
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("secret")
    send(page, "Log in")
    heading(page, "Please try again")
    axe_finds_nothing(page, "403, CSRF")


def test_not_understood(page, server):
    page.goto(f"http://evil.localhost:{server.port}/")  # leads here, but is no name of this site
    heading(page, "That was not understood")
    axe_finds_nothing(page, "400")


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
    axe_finds_nothing(page, "500")


def test_not_allowed(page):
    # Nothing leads there today: the page is ready for what Django itself may forbid.
    page.route("**/forbidden", lambda route: route.fulfill(status=403, body=forbidden))
    forbidden = render_to_string("403.html")
    page.goto("/forbidden")
    heading(page, "Not allowed")
    expect(page.locator("main")).to_have_css("border-radius", "12px")
    axe_finds_nothing(page, "403")
