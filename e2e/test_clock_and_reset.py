"""The device's clock (S2 to S4), what was seen (C3), and starting over (R6), in a real browser."""

import base64
import json

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    answer_to,
    body_of,
    cut_off,
    eventually,
    local,
    local_todo,
    log_in,
    new_name,
    ready,
    rename,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

DAY = 24 * 60 * 60 * 1000


def node(stamp):
    return stamp[21:]


@pytest.mark.usefixtures("alice")
def test_s3_each_page_load_has_a_node_of_its_own_that_begins_as_the_devices_id(page):
    add_todo(page, "first")
    page.reload()
    ready(page)
    add_todo(page, "second")
    nodes = [node(local_todo(page, text)["clocks"]["text"]) for text in ("first", "second")]
    device = local(page, "meta")["device"]
    assert nodes[0] != nodes[1]
    assert {found[:8] for found in nodes} == {device["id"][:8]}


@pytest.mark.parametrize("wrong", [-400 * DAY, 400 * DAY], ids=["behind", "ahead"])
def test_s4_a_device_whose_clock_is_wrong_stamps_by_the_servers(page, new_browser, alice, wrong):
    add_todo(page, "Buy milk")
    synced(page)
    now = page.evaluate("Date.now()")
    laptop = new_browser().new_page()
    laptop.clock.install(time=(now + wrong) / 1000)
    log_in(laptop, alice)
    synced(laptop)
    cut_off(laptop)
    rename(laptop, "Buy milk", "Buy oat milk")
    stamp = eventually(lambda: local_todo(laptop, "Buy oat milk"), laptop)["clocks"]["text"]
    assert abs(int(stamp[:15]) - now) < 60_000
    assert stamp[15:21] == "-0000-"  # the time itself, not one more than the greatest stamp
    laptop.unroute("**/sync")
    sync_now(laptop)
    expect(titles(page)).to_have_text(["Buy oat milk"])
    toggle(page, "Buy oat milk")
    rename(page, "Buy oat milk", "Buy soy milk")
    expect(titles(laptop)).to_have_text(["Buy soy milk"])


@pytest.mark.usefixtures("milk")
def test_s4_the_page_alone_tells_the_time(page):
    now = page.evaluate("Date.now()")
    page.evaluate("indexedDB.databases().then(([db]) => indexedDB.deleteDatabase(db.name))")
    cut_off(page)
    page.add_init_script(f"const real = Date.now; Date.now = () => real() + {400 * DAY};")
    page.reload()
    ready(page)
    rename(page, "Buy milk", "Buy oat milk")
    edit = eventually(lambda: local_todo(page, "Buy oat milk"), page)["unsent"]["text"]
    assert abs(int(edit["stamp"][:15]) - now) < 60_000
    assert edit["wall"] > now + 399 * DAY


@pytest.mark.parametrize("jump", [-400 * DAY, 400 * DAY, DAY], ids=["back", "ahead", "a day"])
def test_s5_edits_made_after_the_clock_jumped_are_stored_as_of_when_they_were_made(
    page, new_browser, alice, milk, jump
):
    """The page is open, so nothing has told it yet that the clock is wrong."""
    laptop = new_browser().new_page()
    log_in(laptop, alice)
    synced(laptop)
    page.clock.install()
    cut_off(page)
    now = page.evaluate("Date.now()")
    page.clock.set_system_time((now + jump) / 1000)
    rename(page, "Buy milk", "Buy oat milk")
    add_todo(page, "Call mum")
    toggle(page, "Buy oat milk")
    eventually(lambda: local_todo(page, "Buy oat milk")["completed"], page)
    page.unroute("**/sync")
    sync_now(page)
    synced(page)
    for text in ("Buy oat milk", "Call mum"):
        record = local_todo(page, text)
        assert max(int(stamp[:15]) for stamp in record["clocks"].values()) < now + 60_000
        assert record["unsent"] == {}
    expect(titles(laptop)).to_have_text(["Buy oat milk", "Call mum"])
    rename(laptop, "Buy oat milk", "Buy soy milk")
    expect(titles(page)).to_have_text(["Buy soy milk", "Call mum"])
    rename(page, "Buy soy milk", "Buy rice milk")
    expect(titles(laptop)).to_have_text(["Buy rice milk", "Call mum"])
    synced(page)
    assert int(local_todo(page, "Buy rice milk")["clocks"]["text"][:15]) < now + 60_000


@pytest.mark.usefixtures("milk")
def test_s5_what_is_parked_does_not_keep_the_clock_ahead(page):
    def refuse_the_text_for_good(route):
        answer = answer_to(route).json()
        for result in answer["results"]:
            if "text" in result.get("errors", {}):
                result["errors"]["text"] = "text_too_long"
                result.update(error="text_too_long", message="The text is too long.")
        route.fulfill(json=answer)

    page.clock.install()
    cut_off(page)
    now = page.evaluate("Date.now()")
    page.clock.set_system_time((now + 400 * DAY) / 1000)
    rename(page, "Buy milk", "Milk")
    toggle(page, "Milk")
    eventually(lambda: local_todo(page, "Milk")["completed"], page)
    page.unroute("**/sync")
    page.route("**/sync", refuse_the_text_for_good)
    sync_now(page)
    expect(status(page)).to_have_attribute("data-state", "error")
    eventually(lambda: "completed" not in local_todo(page, "Milk")["unsent"], page)
    record = local_todo(page, "Milk")
    assert int(record["unsent"]["text"]["stamp"][:15]) > now + 399 * DAY
    assert int(local(page, "meta")["clock"]["last"][:15]) < now + DAY


@pytest.mark.usefixtures("alice")
def test_c3_what_the_servers_page_showed_was_seen(page):
    add_todo(page, "Buy milk")
    synced(page)
    page.evaluate("indexedDB.databases().then(([db]) => indexedDB.deleteDatabase(db.name))")
    cut_off(page)
    page.reload()
    ready(page)
    record = local_todo(page, "Buy milk")
    assert record["server"]["text"] == "Buy milk"
    rename(page, "Buy milk", "Buy oat milk")
    edit = eventually(lambda: local_todo(page, "Buy oat milk"), page)["unsent"]["text"]
    assert edit["seen"] == record["clocks"]["text"]
    assert edit["stamp"] > record["clocks"]["text"]


def test_r6_after_a_reset_the_device_offers_all_it_has_and_loses_nothing(page, alice, server):
    text = new_name("Buy milk")
    add_todo(page, text)
    add_todo(page, "deleted")
    synced(page)
    page.get_by_role("button", name="Delete deleted").click()
    synced(page)
    asked = []

    def forget_the_first_cursor(route):
        body = body_of(route)
        asked.append((body["cursor"], sorted(todo["id"] for todo in body["todos"])))
        if len(asked) == 1:
            unknown = json.dumps([1, 1, 1, "another database", 0]).encode()
            body["cursor"] = base64.urlsafe_b64encode(unknown).decode()
        route.continue_(post_data=json.dumps(body))

    page.route("**/sync", forget_the_first_cursor)
    sync_now(page)
    eventually(lambda: len(asked) >= 2, page)
    synced(page)
    everything = sorted(record["id"] for record in local(page))
    assert len(everything) == 2
    assert asked[1] == (None, everything)
    expect(titles(page)).to_have_text([text])
    assert server.rows("SELECT text, deleted FROM todos_todo WHERE text = ?", text) == [(text, 0)]


@pytest.mark.usefixtures("alice")
def test_a_server_that_resets_for_ever_is_asked_with_growing_pauses(page):
    synced(page)
    count = []

    def always_reset(route):
        count.append(1)
        body = body_of(route)
        results = [{"id": todo["id"], "status": "stored"} for todo in body["todos"]]
        reply = {"ok": True, "success": True, "protocol": 1, "results": results, "todos": []}
        route.fulfill(json=reply | {"cursor": None, "more": False, "reset": True, "serverTime": 0})

    page.route("**/sync", always_reset)
    expect(status(page)).to_have_attribute("data-state", "error")
    assert len(count) <= 5


def forget_the_cursor_once(page, judge):
    """Let the server reset the page once; `judge` may change the answers after that."""
    asked = []

    def change(route):
        body = body_of(route)
        asked.append(body)
        if len(asked) == 1:
            body["cursor"] = base64.urlsafe_b64encode(b'[1, 1, 1, "another", 0]').decode()
            route.continue_(post_data=json.dumps(body))
            return
        answer = answer_to(route).json()
        judge(body["todos"], answer["results"])
        route.fulfill(json=answer)

    page.route("**/sync", change)
    return asked


@pytest.mark.usefixtures("milk")
def test_r6_a_copy_that_is_refused_after_a_reset_is_told_and_is_no_offer_for_ever(page):
    def refuse_the_text(sent, results):
        for todo, result in zip(sent, results, strict=True):
            if todo.get("text") == "Buy milk":
                errors = {"text": "text_too_long"}
                code = {"error": "text_too_long", "message": "The text is too long."}
                result.update(status="rejected", fields=["text"], errors=errors, **code)

    forget_the_cursor_once(page, refuse_the_text)
    expect(status(page)).to_have_text("The text is too long: 1 todo is saved only on this device.")
    assert "offered" not in local_todo(page, "Buy milk")
    rename(page, "Buy milk", "Milk")
    synced(page)
    expect(titles(page)).to_have_text(["Milk"])


@pytest.mark.usefixtures("milk")
def test_r6_a_copy_that_has_to_wait_stays_offered_until_it_is_stored(page):
    waited = []

    def refuse_for_now(sent, results):
        for todo, result in zip(sent, results, strict=True):
            if todo.get("text") == "Buy milk" and len(waited) < 2:
                waited.append(todo)
                errors = {"text": "clock_ahead"}
                code = {"error": "clock_ahead", "message": "A little in the future."}
                result.update(status="rejected", fields=["text"], errors=errors, **code)

    asked = forget_the_cursor_once(page, refuse_for_now)
    eventually(lambda: len(waited) == 2, page)
    synced(page)
    offers = [body for body in asked if any("text" in todo for todo in body["todos"])]
    assert len(offers) == 3
    assert "unsynced" not in local_todo(page, "Buy milk")
