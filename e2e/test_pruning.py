"""`manage.py prune` on a real server, while it serves (M3)."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    delete,
    eventually,
    local,
    log_in,
    make_account,
    new_name,
    push,
    ready,
    rename,
    rename_offline,
    sync_now,
    synced,
    titles,
)
from e2e.test_history import open_history
from e2e.test_trash import in_trash

pytestmark = pytest.mark.any_engine


def test_m3_it_runs_while_the_app_is_used_and_reaches_the_browsers(new_browser, own_server):
    page = new_browser(base_url=own_server.url).new_page()
    make_account(page, new_name("alice"))
    push(page, ["Buy milk", "Call mum"])
    page.goto("/")
    ready(page)
    delete(page, "Buy milk")
    synced(page)
    own_server.rows("UPDATE todos_todo SET trashed_at = '2020-01-01' WHERE deleted")
    with own_server.managing("prune") as pruning:
        for number in range(5):
            add_todo(page, f"written meanwhile {number}")
    assert pruning.stdout.startswith("Emptied 1 todos deleted more than 90 days ago")
    eventually(lambda: [each["text"] for each in local(page) if each["deleted"]] == [""], page)
    synced(page)
    expect(titles(page)).to_have_count(6)
    assert own_server.rows("SELECT count(*) FROM todos_revision") == [(0,)]
    assert own_server.rows("SELECT count(*) FROM todos_todo WHERE NOT deleted") == [(6,)]


def test_what_was_replaced_long_ago_goes_from_the_history_and_nothing_else(new_browser, own_server):
    page = new_browser(base_url=own_server.url).new_page()
    make_account(page, new_name("alice"))
    push(page, ["Buy milk"])
    page.goto("/")
    ready(page)
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    own_server.rows("UPDATE todos_revision SET created_at = '2020-01-01'")
    rename(page, "Buy oat milk", "Buy soy milk")
    synced(page)
    own_server.environment["HISTORY_DAYS"] = "30"
    with own_server.managing("prune") as pruning:
        pass
    assert "Deleted 1 entries of the history replaced more than 30 days ago" in pruning.stdout
    assert own_server.rows("SELECT CAST(value AS TEXT) FROM todos_revision") == [
        ('"Buy oat milk"',)
    ]
    page.reload()
    synced(page)
    expect(titles(page)).to_have_text(["Buy soy milk"])


def test_m3_what_a_device_brings_after_the_pruning_is_in_the_trash_and_brings_nothing_back(
    new_browser, own_server
):
    page, laptop = (new_browser(base_url=own_server.url).new_page() for _ in range(2))
    alice = make_account(page, new_name("alice"))
    push(page, ["Buy milk", "Call mum"])
    page.goto("/")
    synced(page)
    log_in(laptop, alice)
    synced(laptop)
    rename_offline(laptop, "Buy milk", "Buy soy milk")
    delete(page, "Buy milk")
    rename(page, "Call mum", "Call dad")
    expect(titles(page)).to_have_text(["Call dad"])
    synced(page)
    own_server.rows("UPDATE todos_todo SET trashed_at = '2020-01-01' WHERE deleted")
    own_server.rows("UPDATE todos_revision SET created_at = '2020-01-01'")
    own_server.environment["HISTORY_DAYS"] = "30"
    with own_server.managing("prune") as pruning:
        pass
    assert pruning.stdout.startswith("Emptied 1 todos deleted more than 90 days ago")
    laptop.unroute("**/sync")
    sync_now(laptop)
    for each in (laptop, page):
        expect(titles(each)).to_have_text(["Call dad"])
        synced(each)
    assert own_server.rows("SELECT text FROM todos_todo WHERE NOT deleted") == [("Call dad",)]

    past = open_history(page, "Call dad")
    expect(past.get_by_role("status")).to_contain_text("is no longer kept.")
    past.get_by_role("button", name="Close").click()
    page.route("**/history.json*", lambda route: route.abort())
    past = open_history(page, "Call dad")
    expect(past.get_by_role("status")).to_contain_text("The server cannot be reached.")
    expect(past.get_by_role("status")).to_contain_text("is no longer kept.")

    laptop.goto("/trash/")
    expect(in_trash(laptop)).to_have_text("Buy soy milk")
