"""Signing out leaves nothing on the device; a session that only ran out leaves it to its owner."""

import json
import re

import jsonschema
import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    eventually,
    local,
    log_in,
    log_out,
    make_account,
    new_name,
    ready,
    rename,
    row,
    status,
    sync_now,
    synced,
    titles,
)
from todos.tests.test_export import SCHEMA

pytestmark = [pytest.mark.any_engine, pytest.mark.usefixtures("milk")]

OFFLINE = "**/sync"
LEFT = """
async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name);
    return { databases: names.filter((name) => name !== "simplesync"), cookies: document.cookie };
}
"""


@pytest.fixture
def page(page, alice):
    synced(page)
    return page


def ask_to_log_out(page):
    page.get_by_role("button", name="Log out").click()


def nothing_is_left(page):
    """Tell whether the browser has no database of a person's, and no cookie that scripts see."""
    left = page.evaluate(LEFT)
    return not left["databases"] and re.fullmatch(r"(csrftoken=\w+)?", left["cookies"])


def test_it_leaves_nothing_in_any_tab(page, context, alice):
    other = context.new_page()
    other.goto("/active")
    ready(other)
    log_out(page)
    expect(other.get_by_role("heading", name="Log in")).to_be_visible()
    eventually(lambda: nothing_is_left(page), page)
    # Firefox lists a cookie that was taken away as an empty one, for a while.
    cookies = {cookie["name"] for cookie in context.cookies() if cookie["value"].strip('"')}
    assert not cookies & {"sessionid", "device", "local-ahead", "signing-out"}
    for tab in (page, other):
        assert not re.search(f"Buy milk|{alice}", tab.content())


def test_what_is_unsent_is_sent_first(page, server):
    text = new_name("the last one")
    held = Held(page, "**/sync", carrying=text)
    add_todo(page, text)
    ask_to_log_out(page)
    eventually(lambda: held.routes, page)
    held.release()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert server.rows("SELECT text FROM todos_todo WHERE text = ?", text) == [(text,)]
    eventually(lambda: nothing_is_left(page), page)


def test_what_cannot_be_sent_is_told_and_may_stay(page):
    page.route(OFFLINE, lambda route: route.abort())
    add_todo(page, "unsent")
    rename(page, "Buy milk", "Buy oat milk")
    ask_to_log_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 todos are saved only on this device")
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_be_hidden()
    page.unroute(OFFLINE)
    sync_now(page)
    synced(page)
    expect(titles(page)).to_have_text(["Buy oat milk", "unsent"])


@pytest.mark.only_browser("chromium")  # the other one, as it is driven, tells of no download
def test_what_cannot_be_sent_may_be_saved_as_a_file_and_then_discarded(page, alice, server):
    page.route(OFFLINE, lambda route: route.abort())
    text = new_name("unsent")
    add_todo(page, text)
    ask_to_log_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 todo is saved only on this device")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save a file").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [todo["text"] for todo in saved["todos"]] == [text]
    jsonschema.validate(saved, SCHEMA)
    assert not saved["complete"]
    dialog.get_by_role("button", name="Discard and log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    eventually(lambda: nothing_is_left(page), page)
    page.unroute(OFFLINE)
    log_in(page, alice)
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk"])
    assert server.rows("SELECT 1 FROM todos_todo WHERE text = ?", text) == []
    page.goto("/accounts/")
    page.get_by_label("Import a file").set_input_files(download.value.path())
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".imported")).to_contain_text("1 added")
    page.goto("/")
    expect(titles(page)).to_have_text(["Buy milk", text])


def test_back_shows_nothing_of_the_person(page, alice):
    page.goto("/active")
    ready(page)
    log_out(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert not re.search(f"Buy milk|{alice}", page.content())


def test_a_page_that_was_kept_for_back_is_not_seen_before_it_has_looked(page, context):
    """As browsers do it: it is told that it goes, hears nothing, and is told that it is back."""
    going, coming = (
        f"dispatchEvent(new PageTransitionEvent('{name}', {{ persisted: true }}))"
        for name in ("pagehide", "pageshow")
    )
    page.evaluate(going)
    expect(page.locator("body")).not_to_be_visible()
    page.evaluate(coming)
    expect(row(page, "Buy milk")).to_be_visible()
    page.evaluate(going)
    other = context.new_page()
    other.add_init_script("BroadcastChannel.prototype.postMessage = () => {};")
    other.goto("/")
    ready(other)
    log_out(other)
    page.evaluate(coming)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_after_a_session_that_ran_out_another_person_finds_it_closed_and_its_owner_open(
    page, context, alice
):
    page.route(OFFLINE, lambda route: route.abort())
    secret = new_name("Alice's secret")
    add_todo(page, secret)
    expect(status(page)).to_have_attribute("data-pending", "1")
    eventually(lambda: len(local(page)) == 2, page)
    page.unroute(OFFLINE)
    context.clear_cookies(name="sessionid")
    other = context.new_page()
    bob = make_account(other, new_name("bob"))
    other.goto("/")
    synced(other)
    expect(page.locator(".user")).to_have_text(bob)
    synced(page)
    bodies = []
    context.on("request", lambda request: bodies.append(request.post_data or ""))
    for tab in (page, other):
        assert secret not in tab.content()
        assert local(tab) == []
    add_todo(other, "Bob's own")
    synced(other)
    expect(titles(page)).to_have_text(["Bob's own"])
    log_out(other)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    eventually(lambda: len(page.evaluate(LEFT)["databases"]) == 1, page)
    assert bodies
    assert not any(secret in body for body in bodies)
    log_in(page, alice)
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk", secret])
