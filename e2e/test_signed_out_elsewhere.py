"""A device that was signed out from elsewhere, or whose account is gone, wipes what it keeps."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    PASSWORD,
    add_todo,
    cut_off,
    eventually,
    let_worker_send,
    local,
    log_in,
    make_account,
    new_name,
    push,
    ready,
    status,
    sync_now,
    synced,
    titles,
)

pytestmark = pytest.mark.any_engine

ELSEWHERE = "This device was signed out from elsewhere"
DELETED = "This account was deleted"
KEEPS = """
    if (globalThis.StorageManager) StorageManager.prototype.persisted = async () => true;
"""
LEFT = """
async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    return names.filter((name) => name !== "simplesync");
}
"""


@pytest.fixture
def open_browser(new_browser, server):
    """Return a function that opens a browser that has the worker."""
    return lambda: new_browser(base_url=server.url, service_workers="allow")


@pytest.fixture
def laptop(open_browser):
    """Where Alice sits, on her list."""
    page = open_browser().new_page()
    page.name = make_account(page, new_name("alice"))
    push(page, ["Buy milk"])
    page.goto("/")
    synced(page)
    return page


@pytest.fixture
def open_phone(open_browser, laptop):
    """Return a function that opens another browser of hers, on her list."""

    def open_one():
        page = open_browser().new_page()
        log_in(page, laptop.name)
        synced(page)
        expect(titles(page)).to_have_text(["Buy milk"])
        has_worker(page)
        return page

    return open_one


@pytest.fixture
def phone(open_phone):
    """Her other browser."""
    return open_phone()


def has_worker(page):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def others(page):
    """Return the rows of the account page that are of other devices."""
    rows = page.get_by_test_id("device")
    return rows.filter(has_not_text="this browser")


def sign_out_other(page):
    """Sign the other device out by the account page."""
    page.goto("/accounts/")
    row = others(page)
    row.locator("summary").click()
    expect(row).to_contain_text("What it has not sent until then is lost")
    row.get_by_role("button", name="Sign out").click()
    expect(row).to_contain_text("It wipes what it keeps when it next appears")


def sign_out_others(page):
    """Sign all others out by the account page."""
    page.goto("/accounts/")
    expect(page.locator(".devices")).to_contain_text("What it has not sent until then is lost")
    page.get_by_role("button", name="Sign out all others").click()
    expect(page.get_by_role("main")).to_contain_text("All other devices are signed out.")


def delete_account(page):
    """Delete the account by its page."""
    page.goto("/accounts/delete/")
    expect(page.get_by_role("main")).to_contain_text("what it has not sent goes with that")
    page.get_by_label("Yes, delete everything").check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Delete the account").click()
    expect(page.get_by_role("heading", name="Your account was deleted")).to_be_visible()


def is_wiped(page, why):
    """Wait until a page has wiped what its browser kept, and says why."""
    expect(page.locator(".wiped")).to_contain_text(why)
    eventually(lambda: page.evaluate(LEFT) == [], page)
    assert "Buy milk" not in page.content()
    cookies = {cookie["name"] for cookie in page.context.cookies() if cookie["value"].strip('"')}
    assert not cookies & {"sessionid", "device", "local-ahead"}


def away(page):
    """Close the page, and return a function that opens an address in its browser again."""
    context = page.context
    page.goto("about:blank")

    def come_back(address):
        page.close()
        again = context.new_page()
        again.goto(address)
        return again

    return come_back


# One device


def test_an_open_page_goes_at_once_in_every_tab_and_says_why(laptop, phone):
    other = phone.context.new_page()
    other.goto("/active")
    ready(other)
    sign_out_other(laptop)
    for tab in (phone, other):
        is_wiped(tab, ELSEWHERE)
    laptop.reload()
    expect(others(laptop)).to_contain_text("told to wipe what it kept")
    laptop.goto("/")
    synced(laptop)
    expect(titles(laptop)).to_have_text(["Buy milk"])


def test_what_it_had_not_sent_goes_too(laptop, phone, server):
    phone.context.set_offline(True)
    unsent = new_name("unsent")
    add_todo(phone, unsent)
    sign_out_other(laptop)
    phone.context.set_offline(False)
    is_wiped(phone, ELSEWHERE)
    assert server.rows("SELECT 1 FROM todos_todo WHERE text = ?", unsent) == []
    log_in(phone, laptop.name)
    synced(phone)
    expect(titles(phone)).to_have_text(["Buy milk"])


def test_one_that_was_away_goes_when_its_list_is_opened(laptop, phone):
    come_back = away(phone)
    sign_out_other(laptop)
    is_wiped(come_back("/"), ELSEWHERE)


def test_one_that_was_away_goes_when_the_log_in_is_opened(laptop, phone):
    come_back = away(phone)
    sign_out_other(laptop)
    page = come_back("/accounts/login/")
    is_wiped(page, ELSEWHERE)
    log_in(page, laptop.name)
    synced(page)
    page.context.clear_cookies(name="sessionid")
    page.goto("/accounts/login/")
    ready(page)
    expect(page.locator(".wiped")).to_be_hidden()


@pytest.mark.only_browser("chromium")  # no other has Background Sync
def test_one_without_a_tab_goes_when_its_worker_may_send(laptop, phone, server):
    phone.goto("about:blank")
    sign_out_other(laptop)
    let_worker_send(phone, server.url)
    phone.goto("/healthz")
    eventually(lambda: phone.evaluate(LEFT) == [], phone)
    phone.goto("/accounts/login/")
    is_wiped(phone, ELSEWHERE)


def test_without_a_worker_its_list_leads_to_the_log_in_and_there_it_goes(
    laptop, new_browser, server
):
    phone = new_browser().new_page()
    log_in(phone, laptop.name)
    synced(phone)
    come_back = away(phone)
    sign_out_other(laptop)
    page = come_back("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    is_wiped(page, ELSEWHERE)


def test_a_session_that_only_ran_out_is_asked_about_and_nothing_goes(laptop, new_browser, server):
    phone = new_browser().new_page()
    log_in(phone, laptop.name)
    synced(phone)
    cut_off(phone)
    add_todo(phone, "unsent")
    phone.context.clear_cookies(name="sessionid")
    phone.goto("about:blank")
    phone.unroute("**/sync")
    with phone.expect_response("**/sync") as asked:
        phone.goto("/accounts/login/")
    assert (asked.value.status, "wipe" in asked.value.json()) == (401, False)
    ready(phone)
    expect(phone.locator(".wiped")).to_be_hidden()
    log_in(phone, laptop.name)
    synced(phone)
    expect(titles(phone)).to_have_text(["Buy milk", "unsent"])


def test_who_logs_in_again_before_it_is_told_keeps_everything(laptop, phone, server):
    cut_off(phone)
    kept = new_name("kept")
    add_todo(phone, kept)
    sign_out_other(laptop)
    log_in(phone, laptop.name)
    ready(phone)
    phone.unroute("**/sync")
    sync_now(phone)
    synced(phone)
    assert server.rows("SELECT text FROM todos_todo WHERE text = ?", kept) == [(kept,)]


# All others


def test_all_others_go_and_this_one_stays(laptop, phone, open_phone):
    third = open_phone()
    sign_out_others(laptop)
    for page in (phone, third):
        is_wiped(page, ELSEWHERE)
    laptop.goto("/")
    add_todo(laptop, "after it")
    synced(laptop)


# The account


def test_a_deleted_account_goes_from_every_device(laptop, phone, open_phone):
    come_back = away(open_phone())
    delete_account(laptop)
    is_wiped(laptop, DELETED)
    is_wiped(phone, DELETED)
    is_wiped(come_back("/"), DELETED)


def test_a_device_gets_its_name_on_the_account_page(laptop, phone):
    laptop.goto("/accounts/")
    others(laptop).locator("summary").click()
    others(laptop).get_by_label("Name").fill("My phone")
    others(laptop).get_by_role("button", name="Rename").click()
    expect(others(laptop)).to_contain_text("My phone")


def test_whether_the_browser_keeps_the_store_is_told_with_a_sync(laptop, open_browser):
    browser = open_browser()
    browser.add_init_script(KEEPS)
    phone = browser.new_page()
    log_in(phone, laptop.name)
    synced(phone)
    eventually(lambda: local(phone, "meta").get("persisted"), phone)
    laptop.goto("/accounts/")
    expect(others(laptop)).to_contain_text("keeps the todos until you say otherwise")
    expect(status(phone)).to_have_attribute("data-state", "synced")
