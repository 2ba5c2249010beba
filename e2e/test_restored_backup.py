"""The recipe of docs/how-to/back-up-and-restore.md: a backup is restored under a live browser."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    add_todo,
    cut_off,
    eventually,
    local,
    log_in,
    new_name,
    ready,
    rename,
    sign_up,
    sync_now,
    synced,
    titles,
)

pytestmark = pytest.mark.any_engine


@pytest.fixture
def alice(own_server, new_browser):
    """A new person, with one todo; her browser is closed."""
    context = new_browser(base_url=own_server.url)
    page = context.new_page()
    name = new_name("alice")
    sign_up(page, name)
    ready(page)
    add_todo(page, "before the backup")
    synced(page)
    context.close()
    return name


@pytest.fixture
def new_device(own_server, new_browser, alice):
    """Return a function that logs Alice in in a new browser."""

    def make(**options):
        page = new_browser(base_url=own_server.url, **options).new_page()
        log_in(page, alice)
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    return make


def texts(server):
    """Return the texts on the server, in their order."""
    return [text for (text,) in server.rows("SELECT text FROM todos_todo ORDER BY position")]


def history(server):
    """Return the values that were replaced."""
    return {value for (value,) in server.rows("SELECT CAST(value AS TEXT) FROM todos_revision")}


def test_r6_what_the_backup_does_not_have_comes_back_from_the_browser(own_server, new_device):
    page = new_device()
    own_server.back_up()
    add_todo(page, "after the backup")
    rename(page, "before the backup", "renamed after it")
    synced(page)
    own_server.restore()
    eventually(lambda: texts(own_server) == ["renamed after it", "after the backup"], page)
    synced(page)
    expect(titles(page)).to_have_text(["renamed after it", "after the backup"])


def test_r6_a_value_that_the_page_replaces_before_it_was_offered_reaches_the_history(
    own_server, new_device
):
    page = new_device()
    own_server.back_up()
    rename(page, "before the backup", "renamed after it")
    synced(page)
    cut_off(page)
    own_server.restore()
    paper = new_device(java_script_enabled=False)
    paper.get_by_role("link", name="Edit before the backup").click()
    paper.get_by_label("What needs to be done?").fill("renamed once more")
    paper.get_by_label("What needs to be done?").press("Enter")
    expect(titles(paper)).to_have_text(["renamed once more"])
    page.reload()
    ready(page)
    expect(titles(page)).to_have_text(["renamed once more"])
    assert '"renamed after it"' not in history(own_server)
    page.unroute("**/sync")
    sync_now(page)
    eventually(lambda: '"renamed after it"' in history(own_server), page)
    synced(page)
    expect(titles(page)).to_have_text(["renamed once more"])


def test_r8_what_only_a_page_has_shown_comes_back_too(own_server, new_device):
    """The device's cursor is from before the backup, so the restore does not make it unknown; and
    its self-check would be due in an hour only."""
    page = new_device()
    synced(page)
    sync_now(page)
    eventually(lambda: local(page, "meta").get("checkedAt"), page)
    synced(page)
    cut_off(page)
    own_server.back_up()
    other = new_device()
    rename(other, "before the backup", "renamed after it")
    synced(other)
    page.reload()
    ready(page)
    expect(titles(page)).to_have_text(["renamed after it"])
    other.context.close()
    own_server.restore()
    page.unroute("**/sync")
    sync_now(page)
    eventually(lambda: texts(own_server) == ["renamed after it"], page)
    synced(page)
    expect(titles(page)).to_have_text(["renamed after it"])
