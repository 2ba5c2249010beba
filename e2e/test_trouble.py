"""When the server is away, slow, restarted or speaks nonsense: nothing is lost, and it is said."""

import re

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    answer_to,
    body_of,
    cut_off,
    eventually,
    local,
    local_todo,
    log_in,
    make_account,
    new_name,
    ready,
    rename,
    row,
    sign_up,
    status,
    synced,
    titles,
    toggle,
)

pytestmark = [pytest.mark.any_engine, pytest.mark.usefixtures("milk")]


def test_c5_an_edit_made_while_a_request_is_under_way_stays_unsynced(page):
    held = Held(page, "**/sync", carrying="oat")
    rename(page, "Buy milk", "Buy oat milk")
    held.one()
    rename(page, "Buy oat milk", "Buy soy milk")
    eventually(lambda: local_todo(page, "Buy soy milk"), page)
    answers = []

    def watch(route):
        body = body_of(route)
        answers.append([todo.get("text") for todo in body["todos"]])
        route.continue_()

    page.route("**/sync", watch)
    first = held.routes.pop()
    first.continue_()
    eventually(lambda: ["Buy soy milk"] in answers, page)
    synced(page)
    expect(titles(page)).to_have_text(["Buy soy milk"])
    assert local_todo(page, "Buy soy milk")["server"]["text"] == "Buy soy milk"


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500, "body": "<h1>Server Error</h1>", "content_type": "text/html"},
        {"status": 502, "body": "", "content_type": "text/plain"},
        {"status": 200, "body": "<h1>Welcome to our wifi</h1>", "content_type": "text/html"},
        {"status": 200, "body": '{"ok": true, "results": [', "content_type": "application/json"},
        {"status": 200, "body": '{"ok": true}', "content_type": "application/json"},
    ],
    ids=["500", "502", "captive portal", "truncated", "foreign JSON"],
)
def test_an_answer_that_is_not_ours_is_told_and_tried_again(page, answer):
    page.route("**/sync", lambda route: route.fulfill(**answer))
    toggle(page, "Buy milk")
    expect(status(page)).to_have_attribute("data-state", "offline")
    expect(status(page)).to_have_attribute("data-pending", "1")
    expect(status(page)).to_have_text(
        "The server cannot be reached: 1 todo is saved only on this device."
    )
    assert local_todo(page, "Buy milk")["synced"] is False
    page.unroute("**/sync")
    synced(page)
    assert local_todo(page, "Buy milk")["synced"] is True


ERRORS = {
    "busy": 503,
    "csrf": 403,
    "malformed": 400,
    "other_account": 409,
    "protocol": 409,
    "server_error": 500,
    "signed_out": 401,
    "too_large": 413,
    "too_many_requests": 429,
}


@pytest.mark.parametrize("code", ERRORS)
def test_whatever_went_wrong_it_is_tried_again_by_itself(page, code):
    body = {"ok": False, "error": code, "message": "Something is wrong."}
    headers = {"Retry-After": "1"} if ERRORS[code] in (429, 503) else {}
    page.route(
        "**/sync", lambda route: route.fulfill(status=ERRORS[code], json=body, headers=headers)
    )
    toggle(page, "Buy milk")
    expect(status(page)).to_contain_text(": 1 todo is saved only on this device.")
    page.unroute("**/sync")
    synced(page)
    assert local_todo(page, "Buy milk")["server"]["completed"] is True


def test_a_page_that_is_too_old_says_so_keeps_its_edits_and_sends_them_after_the_reload(page):
    newer = {"ok": False, "error": "protocol", "message": "Reload the page.", "protocols": [2]}
    reloads = []

    def answer(route):
        if reloads:
            route.continue_()
        else:
            route.fulfill(status=409, json=newer)

    page.route("**/sync", answer)
    toggle(page, "Buy milk")
    expect(status(page)).to_have_text(
        "This page is too old to sync and has to be reloaded: 1 todo is saved only on this device."
    )
    expect(status(page)).to_have_attribute("data-state", "error")
    page.on("framenavigated", lambda frame: reloads.append(frame))
    page.get_by_role("link", name="Reload").click()
    synced(page)
    assert local_todo(page, "Buy milk")["server"]["completed"] is True


def test_the_pauses_between_two_tries_grow(page):
    cut_off(page)
    times = []
    toggle(page, "Buy milk")
    expect(status(page)).to_have_attribute("data-state", "offline")
    for _ in range(4):
        with page.expect_request("**/sync"):
            pass
        times.append(page.evaluate("performance.now()"))
    first, last = times[1] - times[0], times[3] - times[2]
    assert last > 1.5 * first, times


def test_the_server_killed_in_between_gets_everything_once_it_is_back(new_browser, own_server):
    page = new_browser(base_url=own_server.url).new_page()
    sign_up(page, "alice")
    ready(page)
    add_todo(page, "before")
    synced(page)
    own_server.kill()
    add_todo(page, "while it was away")
    expect(status(page)).to_have_attribute("data-state", "offline")
    own_server.start()
    synced(page)
    texts = own_server.rows("SELECT text FROM todos_todo ORDER BY change")
    assert texts == [("before",), ("while it was away",)]


def test_a_session_that_ran_out_stops_the_sync_and_loses_nothing(page, alice):
    page.context.clear_cookies(name="sessionid")
    add_todo(page, "after the session ran out")
    expect(status(page)).to_have_attribute("data-state", "signed-out")
    expect(status(page)).to_have_text("You are logged out: 1 todo is saved only on this device.")
    log_in(page, alice)
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk", "after the session ran out"])


def test_a_token_that_is_stale_is_renewed_without_a_word(page):
    page.context.clear_cookies(name="csrftoken")
    toggle(page, "Buy milk")
    synced(page)
    assert local_todo(page, "Buy milk")["synced"] is True


def test_somebody_else_logged_in_unknown_to_this_page_gets_nothing_of_it(page, context, server):
    context.clear_cookies(name="sessionid")
    make_account(page, new_name("bob"))
    secret = new_name("Alice's secret")
    add_todo(page, secret)
    expect(status(page)).to_have_attribute("data-state", "error")
    expect(status(page)).to_have_text(re.compile("Somebody else is logged in"))
    assert local_todo(page, secret)["synced"] is False
    assert server.rows("SELECT 1 FROM todos_todo WHERE text = ?", secret) == []


def test_a_todo_that_the_server_refuses_is_parked_with_its_reason_and_blocks_no_other(page):
    def as_if_too_long(route):
        request = body_of(route)
        answer = answer_to(route).json()
        for todo, result in zip(request["todos"], answer["results"], strict=True):
            if todo.get("text") == "refused":
                refused = {"status": "rejected", "error": "text_too_long", "message": "Too long."}
                result |= refused | {"fields": ["text"], "errors": {"text": "text_too_long"}}
        answer["todos"] = [todo for todo in answer["todos"] if todo["text"] != "refused"]
        route.fulfill(json=answer)

    page.route("**/sync", as_if_too_long)
    rename(page, "Buy milk", "refused")
    expect(row(page, "refused")).to_contain_text("Too long.")
    expect(status(page)).to_have_attribute("data-state", "error")
    expect(status(page)).to_have_text("Too long: 1 todo is saved only on this device.")
    add_todo(page, "good")
    eventually(lambda: local_todo(page, "good")["synced"], page)
    expect(status(page)).to_have_attribute("data-pending", "1")
    rename(page, "refused", "accepted")
    synced(page)


def test_c4_a_late_reply_is_dropped(page):
    """The reply to a request whose cursor another tab has moved on meanwhile changes nothing."""
    held = Held(page, "**/sync")
    stale = answer_to(held.one())
    other = page.context.new_page()
    other.goto("/")
    ready(other)
    add_todo(other, "from the other tab")
    synced(other)
    cursor = local(page, "meta")["cursor"]
    expect(titles(page)).to_have_text(["Buy milk", "from the other tab"])
    other.close()  # or its own next sync would bring the cursor forward again
    sent = []
    page.route("**/sync", lambda route: (sent.append(route), route.continue_()))
    held.routes.pop().fulfill(response=stale)
    eventually(lambda: sent, page)
    assert body_of(sent[0])["cursor"] == cursor
    synced(page)
    assert local(page, "meta")["cursor"] == cursor
