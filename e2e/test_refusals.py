"""What the server will not have: parked, said, and never in the way of anything else."""

import json

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    body_of,
    cut_off,
    delete,
    eventually,
    local,
    local_todo,
    new_name,
    rename,
    row,
    sign_up,
    status,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

TOO_LONG = "x" * 2_001
WIDER = """document.documentElement.dataset.limits =
    '{"text": 5000, "todosPerRequest": 1000, "bytesPerRequest": 1000000}'"""
MINUTE = 60_000


@pytest.fixture
def alice(page):
    """Alice, signed up and on her list; her page believes in a wider limit than the server's."""
    page.route("**/main*.mjs", lambda route: fulfil_with(route, WIDER))
    name = sign_up(page, new_name("alice"))
    synced(page)
    return name


def fulfil_with(route, statement):
    """Serve a module with a statement before it; its imports are hoisted."""
    answer = route.fetch()
    route.fulfill(response=answer, body=f"{statement};\n{answer.text()}")


@pytest.mark.usefixtures("alice")
def test_a_new_todo_that_was_refused_is_sent_once_it_is_mended(page, server):
    add_todo(page, TOO_LONG)
    expect(row(page, TOO_LONG)).to_contain_text("longer than 2000 characters")
    expect(status(page)).to_have_attribute("data-state", "error")
    text = new_name("short")
    rename(page, TOO_LONG, text)
    synced(page)
    assert server.rows("SELECT completed FROM todos_todo WHERE text = ?", text) == [(0,)]


@pytest.mark.usefixtures("alice")
def test_a_new_todo_that_was_refused_can_be_deleted(page):
    add_todo(page, TOO_LONG)
    expect(status(page)).to_have_attribute("data-state", "error")
    delete(page, TOO_LONG)
    synced(page)
    expect(titles(page)).to_have_count(0)


@pytest.mark.usefixtures("alice")
def test_a_todo_whose_new_text_was_refused_can_be_deleted(page):
    add_todo(page, "Buy milk")
    synced(page)
    rename(page, "Buy milk", TOO_LONG)
    expect(status(page)).to_have_attribute("data-state", "error")
    delete(page, TOO_LONG)
    synced(page)
    expect(titles(page)).to_have_count(0)


@pytest.mark.usefixtures("alice")
def test_c6_a_refused_text_is_discarded_without_a_server_and_that_can_be_undone(page):
    add_todo(page, "Buy milk")
    synced(page)
    rename(page, "Buy milk", TOO_LONG)
    expect(status(page)).to_have_attribute("data-state", "error")
    cut_off(page)
    page.get_by_role("button", name="Discard").click()
    expect(titles(page)).to_have_text(["Buy milk"])
    expect(row(page, "Buy milk")).to_be_focused()
    expect(page.get_by_role("button", name="Discard")).to_have_count(0)
    eventually(lambda: local_todo(page, "Buy milk"), page)
    assert local_todo(page, "Buy milk")["synced"]
    page.get_by_role("button", name="Undo").click()
    expect(titles(page)).to_have_text([TOO_LONG])
    page.unroute("**/sync")
    page.get_by_role("button", name="Discard").click()
    expect(titles(page)).to_have_text(["Buy milk"])
    synced(page)


@pytest.mark.usefixtures("alice")
def test_a_new_todo_that_was_refused_is_discarded_whole_and_that_can_be_undone(page):
    add_todo(page, TOO_LONG)
    page.get_by_role("button", name="Discard").click()
    expect(titles(page)).to_have_count(0)
    synced(page)
    page.get_by_role("button", name="Undo").click()
    expect(titles(page)).to_have_text([TOO_LONG])
    expect(page.get_by_role("button", name="Discard")).to_be_visible()


@pytest.mark.usefixtures("alice")
def test_a_refused_text_is_copied(page):
    page.evaluate("navigator.clipboard.writeText = async (text) => (window.copied = text)")
    add_todo(page, TOO_LONG)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".toast .says")).to_have_text("Copied")
    assert page.evaluate("copied") == TOO_LONG


@pytest.mark.usefixtures("alice")
def test_where_there_is_no_clipboard_the_text_is_selected(page):
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    add_todo(page, TOO_LONG)
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("String(getSelection())") == TOO_LONG


@pytest.mark.usefixtures("alice")
def test_a_refused_text_does_not_keep_a_tick_from_being_saved(page, server):
    text = new_name("Buy milk")
    add_todo(page, text)
    synced(page)
    rename(page, text, TOO_LONG)
    expect(status(page)).to_have_attribute("data-state", "error")
    toggle(page, TOO_LONG)
    done = "SELECT completed FROM todos_todo WHERE text = ?"
    eventually(lambda: server.rows(done, text) == [(1,)], page)
    eventually(lambda: list(local_todo(page, TOO_LONG)["unsent"]) == ["text"], page)
    assert local_todo(page, TOO_LONG)["server"]["text"] == text


@pytest.mark.usefixtures("alice")
def test_s5_an_edit_a_little_in_the_future_waits_and_is_not_sent_over_and_over(page):
    add_todo(page, "Buy milk")
    synced(page)
    ahead = f"{page.evaluate('Date.now()') + 3 * MINUTE:015d}-0000-{'a' * 16}"
    page.route("**/sync", lambda route: route.continue_(post_data=stamped(route, ahead)))

    sent = []

    def stamped(route, stamp):
        """Make it the request of a device whose clock is a little ahead."""
        body = body_of(route)
        if body["todos"]:
            sent.append(1)
        for todo in body["todos"]:
            todo["clocks"] = dict.fromkeys(todo["clocks"], stamp)
        return json.dumps(body)

    toggle(page, "Buy milk")
    expect(status(page)).to_contain_text("clock was ahead")
    expect(status(page)).to_have_attribute("data-pending", "1")
    count = len(sent)
    with page.expect_request("**/sync"):
        pass
    assert count <= 2
    assert "refused" not in local_todo(page, "Buy milk")["unsent"]["completed"]
    page.unroute("**/sync")
    synced(page)


def answer_too_large(page, is_too_large):
    """Let a proxy on the way refuse some requests; return the number of todos of each."""
    sizes = []

    def judge(route):
        todos = body_of(route)["todos"]
        sizes.append(len(todos))
        if is_too_large(todos):
            route.fulfill(status=413, body="<h1>413</h1>", content_type="text/html")
        else:
            route.continue_()

    page.route("**/sync", judge)
    return sizes


@pytest.mark.usefixtures("alice")
def test_a_todo_that_is_too_large_for_any_request_keeps_no_other_one_from_being_saved(page):
    sizes = answer_too_large(page, lambda todos: any(todo["text"] == "large" for todo in todos))
    for text in ("a", "large", "b", "c"):
        add_todo(page, text)
    expect(status(page)).to_have_text(
        "A todo is too large for the server: 1 todo is saved only on this device."
    )
    assert [todo["text"] for todo in local(page) if not todo["synced"]] == ["large"]
    add_todo(page, "d")
    eventually(lambda: local_todo(page, "d")["synced"], page)
    assert sizes.count(1) > 1
    page.unroute("**/sync")
    synced(page)


@pytest.mark.usefixtures("alice")
def test_where_every_request_is_too_large_it_is_told_and_tried_with_pauses(page):
    add_todo(page, "Buy milk")
    synced(page)
    sizes = answer_too_large(page, len)
    for text in ("a", "b", "c", "d"):
        add_todo(page, text)
    expect(status(page)).to_contain_text("too large")
    assert min(size for size in sizes if size) == 1
    assert len(sizes) <= 24
    page.unroute("**/sync")
    synced(page)


@pytest.mark.usefixtures("alice")
def test_a_server_that_never_has_enough_is_not_asked_for_ever(page):
    add_todo(page, "Buy milk")
    synced(page)
    asked = []

    def never_enough(route):
        todos = body_of(route)["todos"]
        asked.append(1)
        results = [{"id": todo["id"], "status": "incomplete"} for todo in todos]
        reply = {"ok": True, "success": True, "protocol": 1, "results": results, "todos": []}
        cursor = body_of(route)["cursor"]
        rest = {"cursor": cursor, "more": False, "reset": False, "serverTime": 1_790_000_000_000}
        route.fulfill(json=reply | rest)

    page.route("**/sync", never_enough)
    toggle(page, "Buy milk")
    expect(status(page)).to_contain_text("refuses to sync")
    assert len(asked) <= 6
    page.unroute("**/sync")
    synced(page)


@pytest.mark.usefixtures("alice")
def test_a_server_that_asks_to_wait_is_left_alone(page):
    asked = []

    def wait(route):
        asked.append(1)
        body = {"ok": False, "error": "too_many_requests", "message": "Too many requests."}
        route.fulfill(status=429, json=body, headers={"Retry-After": "3600"})

    synced(page)
    page.route("**/sync", wait)
    add_todo(page, "Buy milk")
    expect(status(page)).to_contain_text("The server is busy")
    count = len(asked)
    page.evaluate("for (let i = 0; i < 20; i += 1) dispatchEvent(new Event('focus'))")
    add_todo(page, "Call mum")
    eventually(lambda: local_todo(page, "Call mum"), page)
    assert len(asked) == count
