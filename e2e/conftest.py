"""A real server and real browsers, and that no page ever complains."""

from __future__ import annotations

import fcntl
import os

import pytest
from playwright.sync_api import expect

from e2e.actions import PASSWORD, SCRIPTS, make_account, new_name, push, ready, synced, titles
from e2e.profiles import Profile
from e2e.server import Server
from e2e.stream import Stream

ENGINES = {"chromium": "E2E_BROWSER", "firefox": "E2E_FIREFOX"}  # variables, as dev.py sets them
COMPLAINTS = ("Content Security Policy", "Uncaught")
# What Firefox calls an error of the page's: its stream of events came to an end.
STREAM_ENDED = ("can’t establish a connection to the server at", "The connection to http")


expect.set_options(timeout=15_000)  # ms


def pytest_configure(config):
    """Run each test in both engines, but for one that is not to be had."""
    if not config.option.browser:
        config.option.browser = [
            name for name in ENGINES if os.environ.get(ENGINES[name]) != "none"
        ]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what the other engine runs, alone or as well as this one; and begin with what needs
    servers and no browser, as some of it takes longer than all else.
    """
    left_out = [item for item in items if is_for_another_engine(item, config)]
    gone = {*left_out}
    items[:] = [item for item in items if item not in gone]
    items.sort(key=lambda item: not needs_only_servers(item))
    config.hook.pytest_deselected(items=left_out)


def needs_only_servers(item):
    """Tell whether it is an end-to-end test without a browser."""
    return "e2e" in item.path.parts and "playwright" not in item.fixturenames


def is_for_another_engine(item, config):
    """Tell whether a browser test needs no run in its engine."""
    if not hasattr(item, "callspec") or "browser_name" not in item.callspec.params:
        return False
    engine = item.callspec.params["browser_name"]
    only = item.get_closest_marker("only_browser")
    if only and engine not in only.args:
        return True
    any_engine = item.get_closest_marker("any_engine") and not config.getoption("--all")
    return bool(any_engine) and engine != config.option.browser[0]


def pytest_report_header(config):
    """Say which engines the browser tests run in."""
    left_out = [name for name in ENGINES if name not in config.option.browser]
    skipped = f"; SKIPPED, as it is not to be had: {', '.join(left_out)}" if left_out else ""
    some = "" if config.getoption("--all") else " (what depends on it; --all runs all)"
    others = [f"{name}{some}" for name in config.option.browser[1:]]
    return f"browsers: {', '.join([*config.option.browser[:1], *others])}{skipped}"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """What all servers begin with, in a folder: an empty database, and the static files.

    The first of the processes that run the tests makes it for all.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            Server(folder).prepare()
            (folder / "done").touch()
    return folder


@pytest.fixture(scope="session")
def server(made, tmp_path_factory):
    """The server that most tests share; each has people of its own on it."""
    server = Server(tmp_path_factory.mktemp("server"), made=made).prepare()
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


@pytest.fixture
def open_stream():
    """Return a function that lets somebody hear the server's events, until the test ends."""
    streams = []

    def open_one(web, **options):
        streams.append(Stream(web, **options))
        return streams[-1]

    yield open_one
    for stream in streams:
        stream.close()


@pytest.fixture
def own_server(made, tmp_path):
    """A server of this test's own, to be killed and set back."""
    own = Server(tmp_path, made=made).prepare().start()
    yield own
    own.kill()


@pytest.fixture(scope="session")
def base_url(server):
    """Where the pages are."""
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_name):
    """Use the browser that dev.py found, where it is not Playwright's own."""
    path = os.environ.get(ENGINES[browser_name])
    own = {"executable_path": path} if path else {}
    # A Firefox that is not Playwright's own build is driven by another protocol.
    channel = {"channel": "moz-firefox"} if path and browser_name == "firefox" else {}
    return {**browser_type_launch_args, **own, **channel}


@pytest.fixture
def new_browser(browser, browser_name, base_url):
    """Return a function that opens another browser: a context with cookies and storage of its own.

    Whatever any of them complains about fails the test.
    """
    contexts, complaints = [], []

    def complain(message):
        if any(complaint in message for complaint in COMPLAINTS):
            complaints.append(message)

    def complain_of_error(error):
        if not any(part in error for part in STREAM_ENDED):
            complaints.append(error)

    def open_browser(java_script_enabled=True, **options):
        firefox = browser_name == "firefox"
        # Firefox cannot be driven with scripts turned off: there they do not arrive.
        scripts = java_script_enabled or firefox
        # Playwright sees no request that a worker lets through: tests of the worker ask for it.
        own = {"base_url": base_url, "java_script_enabled": scripts, "service_workers": "block"}
        options = own | options
        context = browser.new_context(**options)
        if firefox and not java_script_enabled:
            context.route("**/*.mjs", lambda route: route.abort())
        elif firefox:
            context.add_init_script(path=SCRIPTS / "tell-bodies.js")
        context.on("console", lambda message: complain(message.text))
        context.on("weberror", lambda error: complain_of_error(str(error.error)))
        context.on("close", lambda closed: contexts.remove(closed))
        contexts.append(context)
        return context

    yield open_browser
    for context in [*contexts]:
        forget_routes(context)
        context.close()
    assert complaints == []


@pytest.fixture
def new_profile(browser_type, browser_type_launch_args, base_url, tmp_path):
    """Return a function that makes a profile in a folder, an empty one unless it is given."""
    profiles = []

    def make(folder=None):
        options = {**browser_type_launch_args, "base_url": base_url}
        folder = folder or tmp_path / f"profile-{len(profiles)}"
        profiles.append(Profile(browser_type, folder, options))
        return profiles[-1]

    yield make
    for profile in profiles:
        profile.close()
    assert [error for profile in profiles for error in profile.errors] == []


def forget_routes(context):
    """Let go of the requests that a test holds or answers: one may be under way as it ends."""
    for routed in [*context.pages, context]:
        routed.unroute_all(behavior="ignoreErrors")


@pytest.fixture(scope="module")
def module_page(browser, base_url):
    """A page for tests of pure modules, which leave no trace."""
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.goto("/accounts/login/")
    yield page
    context.close()


@pytest.fixture
def context(new_browser):
    """A browser."""
    return new_browser()


@pytest.fixture
def page(context):
    """A tab of it."""
    return context.new_page()


@pytest.fixture
def alice(page, request):
    """Alice, signed up and on her list, with what is on it: her name."""
    name = make_account(page, new_name("alice"))
    if "milk" in request.fixturenames:
        push(page, ["Buy milk"])
    page.goto("/")
    ready(page)
    return name


@pytest.fixture
def milk(page, alice):
    """A todo on Alice's list, saved on the server and here: its text."""
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk"])
    return "Buy milk"
