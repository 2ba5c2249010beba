"""What people do, and what can be seen: the verbs of the end-to-end tests."""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from todos.position import between
from todos.uuid7 import uuid7

PASSWORD = "correct horse battery staple"
FIRST_PUSHED = "b00"  # the position before that of the first todo that is pushed
MOST_IN_REQUEST = 1_000  # todos
LONGEST_WAIT = 15  # seconds
BETWEEN_LOOKS = 30  # ms
ACCOUNTS: dict[str, str] = {}  # by session
SCRIPTS = Path(__file__).parent / "scripts"
SILENT_FAREWELL = """(() => {
    const send = window.fetch;
    window.fetch = (to, how) => how?.keepalive ? Promise.reject(new TypeError()) : send(to, how);
})()"""


def new_name(name: str) -> str:
    """Return a name that nobody has on the shared server."""
    return f"{name}-{uuid.uuid4().hex[:8]}"


def eventually(check: Callable[[], Any], page: Page) -> Any:
    """Ask until the answer is true, and return it; fail with the last one after a while."""
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, f"never true; at last: {found!r}"
        page.wait_for_timeout(BETWEEN_LOOKS)  # lets the browser's events through


# The account


def make_account(page: Page, name: str) -> str:
    """Make an account by what the form sends, which logs in, and return its name."""
    form: dict[str, str | float | bool]
    form = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
    page.request.get("/accounts/signup/")
    form["csrfmiddlewaretoken"] = csrf_token(page)
    answer = page.request.post("/accounts/signup/", form=form, max_redirects=0)
    assert answer.status == 302, answer.text()
    return name


def sign_up(page: Page, name: str) -> str:
    """Make an account, go to the list, and return the name."""
    make_account(page, name)
    page.goto("/")
    expect(page.get_by_role("heading", name="todos")).to_be_visible()
    return name


def sign_up_with(page: Page, texts: list[str]) -> None:
    """Make an account with these todos, all on the server and on the page."""
    make_account(page, new_name("alice"))
    push(page, texts)
    page.goto("/")
    synced(page)
    expect(titles(page)).to_have_text(texts)


def csrf_token(page: Page) -> str:
    """Return the token of the browser's session."""
    return cookies(page)["csrftoken"]


def cookies(page: Page) -> dict[str, str]:
    """Return the values of the browser's cookies."""
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Log in by the app's form."""
    page.goto("/accounts/login/")
    fill_in_log_in(page, name, password)


def fill_in_log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Send the log-in form that the page shows, the app's or the admin's."""
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def log_out(page: Page) -> None:
    """Log out by the button."""
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def sync_now(page: Page) -> None:
    """Ask for a sync by the button."""
    page.get_by_role("button", name="Sync now").click()


# The todos


def ready(page: Page) -> None:
    """Wait until the script has taken over."""
    expect(page.locator("html[data-ready]")).to_be_attached()


def reload_held(page: Page) -> None:
    """Reload a page whose scripts are held back, so that it does not get ready."""
    page.evaluate("location.reload()")
    expect(page.locator("html:not([data-ready]) .todoapp")).to_be_attached()


def add_todo(page: Page, text: str) -> None:
    """Type a new todo, press Enter, and wait until the device has it."""
    page.get_by_placeholder("What needs to be done?").fill(text)
    page.keyboard.press("Enter")
    expect(row(page, text)).to_be_visible()
    eventually(lambda: local_todo(page, text), page)


def push(page: Page, texts: list[str]) -> None:
    """Add todos as another device of the same person would, by the protocol."""
    now = int(time.time() * 1000)
    clocks = dict.fromkeys(
        ("text", "completed", "position", "deleted"), f"{now:015d}-0000-{secrets.token_hex(8)}"
    )
    todos: list[dict[str, Any]] = []
    last: str | None = FIRST_PUSHED
    for text in texts:
        last = between(last, None, jitter="0001")
        todo = {"id": str(uuid7()), "text": text, "completed": False, "deleted": False}
        todos.append({**todo, "position": last, "clocks": clocks})
    for first in range(0, len(todos), MOST_IN_REQUEST):
        post(page, todos[first : first + MOST_IN_REQUEST])


def push_edit(page: Page, record: dict[str, Any], **values: Any) -> None:
    """Edit a todo as another device of the same person would, having seen this record."""
    push_edits(page, [record], **values)


def push_edits(page: Page, records: list[dict[str, Any]], **values: Any) -> None:
    """Edit several alike in one request."""
    clock = max(int(time.time() * 1000), *(record["updatedAt"] + 1 for record in records))
    clocks = dict.fromkeys(values, f"{clock:015d}-0000-{secrets.token_hex(8)}")
    post(page, [{"id": record["id"], **values, "clocks": clocks} for record in records])


def post(page: Page, todos: list[dict[str, Any]]) -> None:
    """Send a request of the protocol with the browser's session, whatever the page shows."""
    who = {"account": account(page), "device": str(uuid.uuid4()), "secret": "0" * 32}
    reply = page.request.post(
        "/sync",
        data={"protocol": 1, **who, "cursor": None, "todos": todos},
        headers={"X-CSRFToken": csrf_token(page)},
    )
    assert reply.ok, reply.text()
    page.context.clear_cookies(name="device")  # the other device's, which has a jar of its own


def account(page: Page) -> str:
    """Return the account of the browser's session, which is asked for once."""
    session = cookies(page)["sessionid"]
    if session not in ACCOUNTS:
        [ACCOUNTS[session]] = re.findall('data-account="([^"]+)"', page.request.get("/").text())
    return ACCOUNTS[session]


def row(page: Page, text: str) -> Locator:
    """Return the row of a todo."""
    title = page.get_by_test_id("todo-title").get_by_text(text, exact=True)
    return page.get_by_test_id("todo-item").filter(has=title)


def titles(page: Page) -> Locator:
    """Return the titles of all rows."""
    return page.get_by_test_id("todo-title")


def toggle(page: Page, text: str) -> None:
    """Tick or untick a todo."""
    row(page, text).get_by_role("checkbox").click()


def rename(page: Page, text: str, to: str) -> None:
    """Change a todo's text by double click."""
    double_click(row(page, text).get_by_test_id("todo-title"))
    page.get_by_label("Edit", exact=True).fill(to)
    page.keyboard.press("Enter")


def double_click(element: Locator) -> None:
    """Click twice; Firefox, driven from outside, makes no event of that."""
    element.dblclick()
    browser = element.page.context.browser
    if browser and browser.browser_type.name == "firefox":
        element.dispatch_event("dblclick")


def delete(page: Page, text: str) -> None:
    """Delete a todo by its button."""
    row(page, text).get_by_role("button", name="Delete").click()


# The sync


def status(page: Page) -> Locator:
    """Return the status line."""
    return page.get_by_test_id("sync-status")


def synced(page: Page) -> None:
    """Wait until the server has everything, and the page says so."""
    ready(page)
    expect(status(page)).to_have_attribute("data-state", "synced")
    expect(status(page)).to_have_attribute("data-pending", "0")
    eventually(lambda: all(record["synced"] for record in local(page)), page)


def local(page: Page, store: str = "todos") -> Any:
    """Read a store of the page's IndexedDB: a list of records, or the values of `meta` by name."""
    return page.evaluate((SCRIPTS / "read-store.js").read_text(encoding="utf-8"), store)


def local_todo(page: Page, text: str) -> dict[str, Any] | None:
    """Return the record of a todo in IndexedDB."""
    return next((record for record in local(page) if record["text"] == text), None)


def body_of(route: Route) -> dict[str, Any]:
    """Return what a request to `/sync` says."""
    told = route.request.headers.get("x-body")  # see tell-bodies.js
    sent = base64.b64decode(told) if told else route.request.post_data or ""
    body: dict[str, Any] = json.loads(sent)
    return body


def answer_to(route: Route) -> APIResponse:
    """Ask the server, and return its answer, which the page has not got yet."""
    return route.fetch(post_data=json.dumps(body_of(route)))


def cut_off(page: Page) -> None:
    """Let nothing of the page reach `/sync`, until its routes are taken away.

    Nor what it sends as it goes: no route sees that.
    """
    page.route("**/sync", lambda route: route.abort())
    page.evaluate(SILENT_FAREWELL)
    page.add_init_script(SILENT_FAREWELL)


def rename_offline(page: Page, text: str, to: str) -> None:
    """Cut a page off, rename a todo there, and wait until its browser has kept that."""
    cut_off(page)
    rename(page, text, to)
    eventually(lambda: local_todo(page, to), page)


def let_worker_send(page: Page, url: str) -> None:
    """Make the event by which Chromium lets the worker send what no tab is there to send."""
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.append(told))
    session.send("ServiceWorker.enable")
    eventually(lambda: found and found[-1]["registrations"], page)
    registration = found[-1]["registrations"][0]["registrationId"]
    event = {"registrationId": registration, "tag": "unsent", "lastChance": False}
    session.send("ServiceWorker.dispatchSyncEvent", {"origin": url, **event})


class Held:
    """Requests that wait, until they are let go.

    With `carrying`, only those that carry it; with `after`, only those after so many others.
    """

    def __init__(self, page: Page, address: str, carrying: str = "", after: int = 0) -> None:
        self.page = page
        self.carrying = carrying
        self.after = after
        self.holding = True
        self.routes: list[Route] = []
        page.route(address, self.take)

    def take(self, route: Route) -> None:
        """Keep a request back, or let it go on."""
        meant = not self.carrying or self.carrying in str(body_of(route))
        self.after -= meant
        if self.holding and meant and self.after < 0:
            self.routes.append(route)
        else:
            route.continue_()

    def one(self) -> Route:
        """Return the first that waits, once one does."""
        waiting: list[Route] = eventually(lambda: self.routes, self.page)
        return waiting[0]

    def release(self) -> None:
        """Let all go on, and hold no more."""
        self.holding = False
        while self.routes:
            self.routes.pop().continue_()
