"""The account's pages, in every state: nothing stands in anybody's way."""

import json
import re

import pytest
from playwright.sync_api import expect

from e2e.access import accessible, all_by_tab
from e2e.actions import (
    PASSWORD,
    Held,
    eventually,
    log_in,
    make_account,
    new_name,
    push,
    ready,
    sign_up,
    synced,
)

pytestmark = pytest.mark.any_engine

MOST_FAILURES = 10  # LOGIN_FAILURES


def send(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def heading(page, text):
    expect(page.get_by_role("heading", name=text)).to_be_visible()


def fill(page, **texts):
    """Fill fields by their names."""
    for name, text in texts.items():
        page.locator(f"[name={name}]").fill(text)


def errors(page, count):
    expect(page.locator(".error:visible")).to_have_count(count)


# Coming in


def test_log_in(page):
    page.goto("/accounts/login/")
    accessible(page, "log in")
    name = new_name("nobody")
    log_in(page, name)
    expect(page.get_by_role("alert")).to_contain_text("correct username and password")
    expect(page.get_by_label("Username")).to_have_value(name)  # need not be typed again (3.3.7)
    accessible(page, "refused")
    all_by_tab(page)
    for _ in range(MOST_FAILURES - 1):
        log_in(page, name)
        expect(page.get_by_role("alert")).to_be_visible()
    heading(page, "Too many attempts")
    accessible(page, "locked out")
    all_by_tab(page)


def test_sign_up(page):
    page.goto("/accounts/signup/")
    accessible(page, "sign up")
    fill(page, username="a b", email="nowhere", password1="123", password2="321")
    page.evaluate("document.forms[0].noValidate = true")
    send(page, "Sign up")
    errors(page, 3)
    for name, text in (("username", "a b"), ("email", "nowhere")):
        expect(page.locator(f"[name={name}]")).to_have_value(text)
    accessible(page, "refused")
    all_by_tab(page)


def test_a_password_is_pasted_like_any_text(page):
    name = make_account(page, new_name("alice"))
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(PASSWORD)
    for keys in ("ControlOrMeta+a", "ControlOrMeta+x"):
        page.keyboard.press(keys)
    page.get_by_label("Password").focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(page.get_by_label("Password")).to_have_value(PASSWORD)
    page.get_by_label("Username").fill(name)
    page.keyboard.press("Enter")
    heading(page, "todos")


def test_a_forgotten_password(page, server):
    name = new_name("alice")
    page.goto("/accounts/signup/")
    fill(page, username=name, email=f"{name}@example.com", password1=PASSWORD, password2=PASSWORD)
    send(page, "Sign up")
    heading(page, "todos")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgotten your password?").click()
    accessible(page, "asking")
    page.evaluate("document.forms[0].noValidate = true")
    fill(page, email="nowhere")
    send(page, "Send the link")
    errors(page, 1)
    accessible(page, "refused")
    fill(page, email=f"{name}@example.com")
    send(page, "Send the link")
    heading(page, "Look into your mail")
    accessible(page, "sent")
    page.goto(eventually(lambda: link_to(name, server), page))
    heading(page, "Set a new password")
    accessible(page, "the link")
    fill(page, new_password1="1", new_password2="2")
    send(page, "Set the password")
    errors(page, 1)
    accessible(page, "the link, refused")
    address = page.url
    fill(page, new_password1=f"new {PASSWORD}", new_password2=f"new {PASSWORD}")
    send(page, "Set the password")
    heading(page, "Your password was set")
    accessible(page, "set")
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text("works no more")
    accessible(page, "the link, used")


def link_to(name, server):
    """Return the way to a new password out of the last mail to somebody, which is in the log."""
    mails = server.log.read_text(encoding="utf-8").split("Subject: ")
    found = [re.search(r"(/accounts/reset/\S+)", mail) for mail in mails if name in mail]
    return found[-1] and found[-1][1] if found else None


# The account


@pytest.fixture
def account(page, new_browser):
    """The account page of Alice, who has two devices."""
    name = sign_up(page, new_name("alice"))
    synced(page)
    laptop = new_browser().new_page()
    log_in(laptop, name)
    ready(laptop)
    synced(laptop)
    page.get_by_role("link", name=name).click()
    expect(page.locator(".this-browser")).to_be_visible()
    return page


def test_its_page(account):
    accessible(account, "account")
    for summary in account.locator("summary").all():
        summary.click()
    expect(account.locator("details .danger")).to_be_visible()
    accessible(account, "devices")
    send(account, "Sign out all others")
    expect(account.get_by_role("status").first).to_be_visible()
    accessible(account, "signed out")
    push(account, ["Buy milk"])
    file = {"name": "a.json", "mimeType": "application/json"}
    account.get_by_label("Import a file").set_input_files({**file, "buffer": b"{}"})
    send(account, "Import")
    expect(account.get_by_role("alert")).to_be_visible()
    accessible(account, "import, refused")
    saved = account.request.get("/accounts/export/").json()
    saved["todos"].append({"id": "bad"})
    exported = json.dumps(saved).encode()
    account.get_by_label("Import a file").set_input_files({**file, "buffer": exported})
    send(account, "Import")
    expect(account.locator(".refusals li")).to_have_count(1)
    accessible(account, "imported")
    all_by_tab(account)


def test_its_page_while_a_file_is_made(account):
    held = Held(account, "**/accounts/export/")
    account.get_by_role("link", name="Export everything").click()
    held.one()
    expect(account.get_by_role("progressbar")).to_be_visible()
    accessible(account, "exporting")


def test_its_forms(account):
    account.get_by_role("link", name="Add an e-mail address").click()
    heading(account, "Change the e-mail address")
    accessible(account, "address")
    account.evaluate("document.forms[0].noValidate = true")
    fill(account, email="nowhere", password="wrong")
    send(account, "Change the e-mail address")
    errors(account, 2)
    accessible(account, "address, refused")
    account.get_by_role("link", name="Back to the account").click()
    account.get_by_role("link", name="Change the password").click()
    heading(account, "Change the password")
    accessible(account, "password")
    fill(account, old_password="wrong", new_password1="1", new_password2="2")
    send(account, "Change the password")
    errors(account, 2)
    accessible(account, "password, refused")
    account.get_by_role("link", name="Back to the account").click()
    account.get_by_role("link", name="Delete the account").click()
    heading(account, "Delete the account")
    accessible(account, "deletion")
    account.evaluate("document.forms[0].noValidate = true")
    fill(account, password="wrong")
    send(account, "Delete the account")
    errors(account, 2)
    accessible(account, "deletion, refused")
    fill(account, password=PASSWORD)
    account.get_by_label("Yes, delete everything").check()
    send(account, "Delete the account")
    heading(account, "Your account was deleted")
    expect(account.locator(".wiped")).to_be_visible()
    accessible(account, "deleted")
    account.goto("/accounts/login/")
    expect(account.locator(".wiped")).to_be_visible()
    accessible(account, "log in, where it was told to wipe")
