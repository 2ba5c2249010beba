"""A change on one device is on the others' screens at once, and whoever cannot hear of it polls."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Condition, Thread

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    delete,
    eventually,
    log_in,
    log_out,
    make_account,
    new_name,
    ready,
    rename,
    row,
    status,
    synced,
    titles,
    toggle,
)
from e2e.server import Server

pytestmark = pytest.mark.any_engine

AN_HOUR = "3600"  # seconds from one poll to the next: what is seen before was told
EVENTS = "**/sync/events?*"
SILENCE = 41_000  # ms: a stream that has said nothing for 40 s is dead


@pytest.fixture
def quiet_server(made, tmp_path):
    """A server whose pages hardly ever ask by themselves."""
    quiet = Server(tmp_path, made=made, SYNC_INTERVAL=AN_HOUR).prepare().start()
    yield quiet
    quiet.kill()


@pytest.fixture
def alice(quiet_server):
    """A name for Alice."""
    return new_name("alice")


@pytest.fixture
def phone(new_browser, quiet_server, alice):
    """Alice's phone, on her list."""
    phone = new_browser(base_url=quiet_server.url).new_page()
    make_account(phone, alice)
    listening(phone)
    return phone


@pytest.fixture
def laptop(new_browser, quiet_server, phone, alice):
    """Alice's laptop, on the same list."""
    laptop = new_browser(base_url=quiet_server.url).new_page()
    log_in(laptop, alice)
    ready(laptop)  # the log-in leads there by itself: one navigation at a time
    listening(laptop)
    return laptop


def listening(page):
    """Open the list, and return once the page hears the server."""
    with page.expect_request(EVENTS):
        page.goto("/")
        synced(page)


def test_what_is_done_on_one_device_is_seen_on_the_other_at_once(phone, laptop):
    add_todo(phone, "Buy milk")
    expect(titles(laptop)).to_have_text(["Buy milk"])
    rename(laptop, "Buy milk", "Buy oat milk")
    expect(titles(phone)).to_have_text(["Buy oat milk"])
    toggle(phone, "Buy oat milk")
    expect(row(laptop, "Buy oat milk").get_by_role("checkbox")).to_be_checked()
    delete(laptop, "Buy oat milk")
    expect(titles(phone)).to_have_count(0)


def test_what_a_form_does_without_javascript_is_seen_at_once_too(phone, alice, new_browser):
    plain = new_browser(base_url=phone.url, java_script_enabled=False).new_page()
    log_in(plain, alice)
    plain.get_by_placeholder("What needs to be done?").fill("By hand")
    plain.get_by_role("button", name="Add").click()
    expect(titles(phone)).to_have_text(["By hand"])


def test_an_own_edit_is_not_pulled_again(phone, laptop):
    requests = []
    phone.on("request", lambda request: requests.append(request.url))
    add_todo(phone, "Buy milk")
    synced(phone)
    add_todo(laptop, "Call mum")
    expect(titles(phone)).to_have_text(["Buy milk", "Call mum"])
    assert len([url for url in requests if url.endswith("/sync")]) == 2, requests


def test_one_tab_listens_for_all_and_another_goes_on_when_it_is_closed(phone, laptop):
    opened = []
    phone.context.on(
        "request", lambda request: "/sync/events" in request.url and opened.append(request.frame)
    )
    others = [phone.context.new_page() for _ in range(2)]
    for other in others:
        other.goto("/")
        synced(other)
    add_todo(laptop, "Buy milk")
    for tab in (phone, *others):
        expect(titles(tab)).to_have_text(["Buy milk"])
    assert opened == []
    phone.close()
    eventually(lambda: opened, others[0])
    add_todo(laptop, "Call mum")
    for tab in others:
        expect(titles(tab)).to_have_text(["Buy milk", "Call mum"])
    assert len(opened) == 1


def test_a_server_that_was_away_is_heard_again(phone, laptop, quiet_server):
    quiet_server.kill()
    expect(status(phone)).to_have_attribute("data-state", "offline")
    add_todo(phone, "written meanwhile")
    quiet_server.start()
    expect(titles(laptop)).to_have_text(["written meanwhile"])
    synced(phone)
    add_todo(laptop, "written afterwards")
    expect(titles(phone)).to_have_text(["written meanwhile", "written afterwards"])


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 502, "body": "", "content_type": "text/plain"},
        {"status": 200, "body": "<h1>Welcome to our wifi</h1>", "content_type": "text/html"},
        {"status": 200, "body": "", "content_type": "text/event-stream"},
        None,
    ],
    ids=["no such thing", "foreign", "ends at once", "all kept back"],
)
def test_where_no_events_come_through_the_page_polls(new_browser, context, alice, answer):
    page, other = context.new_page(), new_browser().new_page()
    if answer:
        page.route(EVENTS, lambda route: route.fulfill(**answer))
    else:
        Held(page, EVENTS)
    make_account(page, alice)
    listening(page)
    log_in(other, alice)
    ready(other)
    add_todo(other, "Buy milk")
    expect(titles(page)).to_have_text(["Buy milk"])


class Mute(ThreadingHTTPServer):
    """A proxy that holds streams open and lets through what the test says, which is little."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), StreamOfLittle)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.said = []
        self.saying = Condition()

    def say(self, cursor):
        """Let all streams say a cursor."""
        with self.saying:
            self.said.append(cursor)
            self.saying.notify_all()

    def heard(self, number):
        """Return what comes after so many cursors, once it is said."""
        with self.saying:
            self.saying.wait_for(lambda: number < len(self.said))
            return self.said[number]


class StreamOfLittle(BaseHTTPRequestHandler):
    """A stream that says all that was said, and never ends by itself."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number in count():
            self.wfile.write(f"data: {self.server.heard(number)}\n\n".encode())

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def mute():
    """That proxy."""
    with Mute() as proxy:
        Thread(target=proxy.serve_forever).start()
        yield proxy
        proxy.shutdown()


def test_a_stream_that_falls_silent_without_ending_is_given_up_and_the_page_polls(
    new_browser, quiet_server, alice, laptop, mute
):
    page = new_browser(base_url=quiet_server.url).new_page()
    page.clock.install()
    log_in(page, alice)
    ready(page)
    page.route(EVENTS, lambda route: route.continue_(url=mute.address))
    listening(page)
    add_todo(laptop, "told of")
    synced(laptop)
    mute.say("another cursor")
    expect(titles(page)).to_have_text(["told of"])
    add_todo(laptop, "untold")
    synced(laptop)
    expect(titles(page)).to_have_text(["told of"])
    page.clock.fast_forward(SILENCE)
    expect(titles(page)).to_have_text(["told of", "untold"])


@pytest.mark.only_browser("chromium")  # Firefox tells nobody of a stream that was closed
def test_who_signs_out_listens_no_more(phone):
    with phone.expect_event("requestfailed", lambda request: "/sync/events" in request.url):
        log_out(phone)
