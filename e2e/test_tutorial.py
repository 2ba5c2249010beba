"""The steps of docs/tutorial.md, with its words and its commands, in two browsers."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    PASSWORD,
    add_todo,
    eventually,
    local,
    log_in,
    ready,
    rename,
    row,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)
from e2e.server import ROOT

pytestmark = pytest.mark.any_engine

PAGE = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def words(text):
    """Return words of the app's that the page quotes, which it must do to the letter."""
    assert f'"{text}"' in PAGE, text
    return text


@pytest.fixture
def browsers(own_server, new_browser):
    """The first browser, in which Alice has signed up, and the second, in which she logs in."""
    first, second = (
        new_browser(base_url=own_server.url, service_workers="allow").new_page() for _ in range(2)
    )
    first.goto("/")
    first.get_by_role("link", name=words("Sign up")).click()
    first.get_by_label("Username").fill("alice")
    first.get_by_label("Password:", exact=True).fill(PASSWORD)
    first.get_by_label("Password confirmation").fill(PASSWORD)
    first.get_by_role("button", name="Sign up").click()
    add_todo(first, words("Buy milk"))
    synced(first)
    expect(status(first)).to_have_text(words("All todos are saved on the server."))
    log_in(second, "alice")
    expect(titles(second)).to_have_text(["Buy milk"])
    for page in (first, second):
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    synced(second)
    return first, second


def test_what_one_browser_does_is_in_the_other_at_once(browsers):
    first, second = browsers
    add_todo(second, words("Call mum"))
    expect(titles(first)).to_have_text(["Buy milk", "Call mum"])
    [record, _] = local(first)
    assert {"clocks", "server", "text", "completed"} <= record.keys()


def test_two_that_do_not_know_of_each_other(browsers):
    first, second = browsers
    add_todo(second, "Call mum")
    synced(second)
    expect(titles(first)).to_have_text(["Buy milk", "Call mum"])
    second.context.set_offline(True)
    rename(second, "Buy milk", words("Buy oat milk"))
    expect(status(second)).to_have_text(
        words("The server cannot be reached: 1 todo is saved only on this device.")
    )
    expect(row(second, "Buy oat milk").locator(".mark")).to_be_visible()
    rename(first, "Buy milk", words("Buy soy milk"))
    toggle(first, "Call mum")
    synced(first)
    rename(second, "Call mum", words("Call mum at six"))
    second.context.set_offline(False)
    sync_now(second)
    for page in browsers:
        expect(titles(page)).to_have_text(["Buy soy milk", "Call mum at six"])
        expect(row(page, "Call mum at six").get_by_role("checkbox")).to_be_checked()
        mark = row(page, "Buy soy milk").get_by_role("link", name="Changed in two places")
        expect(mark).to_have_text(words("Changed in two places at once: see both"))
    mark.click()
    past = second.get_by_role("dialog", name="History")
    lost = words("Lost to “Buy soy milk”: neither had seen the other.")
    expect(past.get_by_test_id("step").nth(1)).to_contain_text(lost)
    expect(row(first, "Buy soy milk")).not_to_have_attribute("data-conflict", "")
    past.get_by_role("button", name=words("Restore") + " “Buy oat milk”").click()
    for page in browsers:
        expect(titles(page)).to_have_text(["Buy oat milk", "Call mum at six"])
    second.get_by_role("button", name=words("Undo")).click()
    for page in browsers:
        expect(titles(page)).to_have_text(["Buy soy milk", "Call mum at six"])


def test_a_server_that_dies(browsers, own_server):
    first, second = browsers
    own_server.kill()
    add_todo(first, words("Written without a server"))
    toggle(second, "Buy milk")
    for page in browsers:
        page.reload()
        ready(page)
        expect(status(page)).to_contain_text(words("The server cannot be reached"))
    own_server.start()
    for page in browsers:
        sync_now(page)
        synced(page)
        expect(titles(page)).to_have_text(["Buy milk", "Written without a server"])
        expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()


def test_an_old_backup_under_their_feet(browsers, own_server, new_browser, tmp_path):
    first, second = browsers
    (own_server.folder / "var").symlink_to(own_server.folder)
    run(own_server, "backup(")
    add_todo(first, words("Written after the backup"))
    rename(second, "Buy milk", "Buy oat milk")
    for page in browsers:
        synced(page)
        expect(titles(page)).to_have_text(["Buy oat milk", "Written after the backup"])
    own_server.kill()
    run(own_server, "cp var/backup.sqlite3")
    own_server.start()
    for page in browsers:
        sync_now(page)
        synced(page)
    third = new_browser(base_url=own_server.url, java_script_enabled=False).new_page()
    log_in(third, "alice")
    expect(titles(third)).to_have_text(["Buy oat milk", "Written after the backup"])
    assert "reset=yes" in own_server.log.read_text()


def run(server, part):
    """Run the commands of the page that have this in them, where the server's database is."""
    [commands] = [each for each in COMMANDS if part in each]
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    subprocess.run(commands, shell=True, check=True, cwd=server.folder, env=environment)


def test_two_tabs(browsers, own_server):
    first, _ = browsers
    tab = first.context.new_page()
    tab.goto("/")
    synced(tab)
    own_server.kill()
    add_todo(tab, "Written in another tab")
    expect(titles(first)).to_have_text(["Buy milk", "Written in another tab"])
    own_server.start()
    sync_now(first)
    synced(first)
    tab.close()
    first.evaluate(
        """async () => {
            const [{ name }] = (await indexedDB.databases()).filter(
                ({ name }) => name.startsWith("local-todos-"));
            const request = indexedDB.deleteDatabase(name);
            await new Promise((resolve) => (request.onsuccess = resolve));
        }"""
    )
    add_todo(first, "Written into a new store")
    synced(first)
    texts = {"Buy milk", "Written in another tab", "Written into a new store"}
    eventually(lambda: {record["text"] for record in local(first)} == texts, first)
    assert set(titles(first).all_inner_texts()) == texts
