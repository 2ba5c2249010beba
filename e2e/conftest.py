"""A real server and real browsers, and that no page ever complains."""

from __future__ import annotations

import os

import pytest

from e2e.actions import PASSWORD, add_todo, new_name, ready, sign_up, synced
from e2e.server import Server

COMPLAINTS = ("Content Security Policy", "Uncaught")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The server that most tests share; each has people of its own on it."""
    server = Server(tmp_path_factory.mktemp("server")).prepare()
    server.manage(
        "createsuperuser",
        "--noinput",
        "--username=olga",
        "--email=olga@example.com",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def base_url(server):
    """Where the pages are."""
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the browser that dev.py found, where it is not Playwright's own."""
    path = os.environ.get("E2E_BROWSER")
    return {**browser_type_launch_args, **({"executable_path": path} if path else {})}


@pytest.fixture
def new_browser(browser, base_url):
    """Return a function that opens another browser: a context with cookies and storage of its own.

    Whatever any of them complains about fails the test.
    """
    contexts, complaints = [], []

    def complain(message):
        if any(complaint in message for complaint in COMPLAINTS):
            complaints.append(message)

    def open_browser(**options):
        context = browser.new_context(**{"base_url": base_url} | options)
        context.on("console", lambda message: complain(message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_browser
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def context(new_browser):
    """A browser."""
    return new_browser()


@pytest.fixture
def page(context):
    """A tab of it."""
    return context.new_page()


@pytest.fixture
def alice(page):
    """Alice, signed up and on her list: her name."""
    name = sign_up(page, new_name("alice"))
    ready(page)
    return name


@pytest.fixture
def milk(page, alice):
    """A todo on Alice's list, saved on the server: its text."""
    add_todo(page, "Buy milk")
    synced(page)
    return "Buy milk"
