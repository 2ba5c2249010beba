"""A new version of the app, deployed under open tabs; and the way out."""

import shutil

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    eventually,
    log_in,
    make_account,
    new_name,
    push,
    ready,
    rename_offline,
    sync_now,
    synced,
    titles,
)
from e2e.server import ROOT

VERSION = "document.documentElement.dataset.version"
KEPT = "caches.keys().then((names) => names.filter((name) => name.startsWith('simplesync-')))"
WAITS = "navigator.serviceWorker.getRegistration().then((found) => Boolean(found?.waiting))"
LOOK = "navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => true)"

pytestmark = pytest.mark.any_engine


@pytest.fixture
def tab(new_browser, own_server):
    """A tab of Alice's, in a browser that has the worker."""
    tab = new_browser(base_url=own_server.url, service_workers="allow").new_page()
    make_account(tab, new_name("alice"))
    push(tab, ["Buy milk"])
    tab.goto("/")
    synced(tab)
    tab.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return tab


@pytest.fixture
def new_version(tmp_path):
    """The project's folder with a change in it."""
    folder = tmp_path / "new"
    for name in ("accounts", "e2e", "simplesync", "static", "templates", "todos"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    change(folder, "new")
    return folder


def change(folder, words):
    """Change a module and a template, so that both can be told by their looks."""
    list_page = folder / "templates" / "todos" / "list.html"
    heading = list_page.read_text(encoding="utf-8").replace("<h1>todos", f"<h1>{words} todos")
    list_page.write_text(heading, encoding="utf-8")
    module = folder / "static" / "js" / "shortcuts.mjs"
    told = f'\ndocument.documentElement.dataset.module = "{words}";\n'
    module.write_text(module.read_text(encoding="utf-8") + told, encoding="utf-8")


def test_a_tab_with_old_code_is_told_and_works_on_and_no_file_goes_before_it_does(
    tab, own_server, new_version
):
    other = tab.context.new_page()
    other.goto("/")
    ready(other)
    old = tab.evaluate(VERSION)
    own_server.replace(new_version)
    tab.evaluate(LOOK)
    for page in (tab, other):
        expect(page.get_by_text("A new version is here.")).to_be_visible()
    add_todo(tab, "written by old code")
    sync_now(tab)  # or it waits for its turn, after a time without a server
    synced(tab)
    other.get_by_role("link", name="Reload").click()
    expect(other.get_by_role("heading", name="new todos")).to_be_visible()
    expect(titles(other)).to_have_text(["Buy milk", "written by old code"])
    expect(other.get_by_text("A new version is here.")).to_be_hidden()
    new = other.evaluate(VERSION)
    # The one that runs the old version may need its files.
    assert set(tab.evaluate(KEPT)) == {f"simplesync-{old}", f"simplesync-{new}"}
    for page in (tab, other):
        page.close()
    tab = tab.context.new_page()
    tab.goto("/accounts/login/")  # where the worker has no say
    eventually(lambda: tab.evaluate(KEPT) == [f"simplesync-{new}"], tab)
    own_server.kill()
    tab.goto("/")
    ready(tab)
    expect(tab.get_by_role("heading", name="new todos")).to_be_visible()
    assert tab.evaluate("document.documentElement.dataset.module") == "new"
    expect(titles(tab)).to_have_text(["Buy milk", "written by old code"])


def test_a_device_that_was_cut_off_with_old_code_and_one_with_new_code_get_each_others_edits(
    tab, own_server, new_version, new_browser
):
    laptop = new_browser(base_url=own_server.url).new_page()
    log_in(laptop, *own_server.rows("SELECT username FROM accounts_user")[0])
    synced(laptop)
    rename_offline(laptop, "Buy milk", "Buy oat milk")
    own_server.replace(new_version)
    tab.evaluate(LOOK)
    tab.get_by_role("link", name="Reload").click()
    expect(tab.get_by_role("heading", name="new todos")).to_be_visible()
    add_todo(tab, "written by new code")
    synced(tab)
    laptop.unroute("**/sync")
    sync_now(laptop)
    assert laptop.evaluate("document.documentElement.dataset.module") is None  # the old code
    for each in (laptop, tab):
        expect(titles(each)).to_have_text(["Buy oat milk", "written by new code"])
        synced(each)


def test_who_works_on_the_app_never_sees_old_code(tab, own_server, new_version):
    own_server.replace(new_version, DEBUG="true")
    for words in ("second", "third"):
        change(new_version, words)
        tab.reload()
        synced(tab)
        assert tab.evaluate("document.documentElement.dataset.module") == words


def test_the_switch_takes_the_worker_and_its_files_away_and_leaves_the_todos(tab, own_server):
    own_server.replace(
        ROOT, SERVICE_WORKER="false", STATIC_ROOT=own_server.environment["STATIC_ROOT"]
    )
    tab.reload()
    synced(tab)
    registrations = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    eventually(lambda: tab.evaluate(registrations) == 0, tab)
    eventually(lambda: tab.evaluate(KEPT) == [], tab)
    expect(titles(tab)).to_have_text(["Buy milk"])
