"""The article's walk through its app, step by step, in ours."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    eventually,
    fill_in_log_in,
    local,
    local_todo,
    log_in,
    log_out,
    new_name,
    reload_held,
    row,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine


def test_step_4_open_the_app_in_the_browser(page):
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/$"))
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_step_5_log_in_with_the_username_and_password(page, alice):
    log_out(page)
    log_in(page, alice)
    expect(page).to_have_url(re.compile(r":\d+/$"))
    expect(page.get_by_role("heading", name="todos")).to_be_visible()
    expect(page.get_by_text(alice)).to_be_visible()


@pytest.mark.usefixtures("alice")
def test_step_7_the_todo_is_in_indexeddb(page):
    held = Held(page, "**/sync")
    add_todo(page, "Buy milk")
    [record] = local(page)
    assert record["text"] == "Buy milk"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", record["id"])
    assert abs(record["updatedAt"] - page.evaluate("Date.now()")) < 60_000
    assert record["synced"] is False
    held.release()


@pytest.mark.usefixtures("alice")
def test_step_8_the_sync_runs_every_sync_interval_where_no_events_come_through(page):
    page.route("**/sync/events?*", lambda route: route.abort())
    page.reload()
    assert page.locator("html").get_attribute("data-sync-interval") == "1"
    synced(page)
    times = []
    for _ in range(3):
        with page.expect_request("**/sync"):
            pass
        times.append(page.evaluate("performance.now()"))
    pauses = [after - before for before, after in pairwise(times)]
    assert all(pause > 500 for pause in pauses), pauses


@pytest.mark.usefixtures("alice")
def test_step_9_an_added_todo_is_synced_into_the_database_and_the_admin(page, server, new_browser):
    text = new_name("Buy milk")
    held = Held(page, "**/sync")
    add_todo(page, text)
    assert local_todo(page, text)["synced"] is False
    held.release()
    eventually(lambda: local_todo(page, text)["synced"], page)
    synced(page)
    assert server.rows("SELECT text, completed FROM todos_todo WHERE text = ?", text) == [(text, 0)]
    admin = new_browser().new_page()
    admin.goto("/admin/todos/todo/")
    fill_in_log_in(admin, "olga")
    expect(admin.get_by_role("link", name=text)).to_be_visible()


@pytest.mark.usefixtures("alice")
def test_step_10_a_reload_shows_the_servers_todos_and_then_the_local_ones(page):
    add_todo(page, "Buy milk")
    synced(page)
    sync = Held(page, "**/sync")
    add_todo(page, "Call mum")
    script = Held(page, "**/main*.mjs")
    reload_held(page)
    expect(titles(page)).to_have_text(["Buy milk"])
    script.release()
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    sync.release()
    synced(page)
    page.reload()
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])


@pytest.mark.usefixtures("alice")
def test_step_10_the_same_is_true_of_toggling_the_todo(page):
    add_todo(page, "Buy milk")
    synced(page)
    sync = Held(page, "**/sync")
    toggle(page, "Buy milk")
    eventually(lambda: local_todo(page, "Buy milk")["completed"], page)
    script = Held(page, "**/main*.mjs")
    reload_held(page)
    expect(row(page, "Buy milk").get_by_role("checkbox")).not_to_be_checked()
    script.release()
    expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()
    sync.release()
    synced(page)
    page.reload()
    expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()
