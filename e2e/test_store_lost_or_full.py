"""A disk that is full, a store that is cleared under an open page, a profile that is copied."""

import shutil
import subprocess
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    cut_off,
    eventually,
    local,
    make_account,
    new_name,
    push,
    ready,
    rename,
    row,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)
from e2e.test_local_store import BREAK_PUTS
from e2e.test_rehydration import devices

BLOCK = bytes(4096)
LONGEST_WRITING = 100  # todos


class SmallDisk:
    """A file system of its own in memory, which a file can fill."""

    def __init__(self, folder):
        self.folder = folder

    @contextmanager
    def full(self, page):
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            while shutil.disk_usage(self.folder).free:  # the browser may give some back meanwhile
                with suppress(OSError):
                    file.write(BLOCK)
        yield
        ballast.unlink()


class BrokenStore:
    """A store that refuses to write, as one on a full disk does at first."""

    def __init__(self, folder):
        self.folder = folder

    @contextmanager
    def full(self, page):
        page.evaluate(BREAK_PUTS, "todos")
        yield
        if not page.is_closed():
            page.evaluate("void mend()")


@pytest.fixture
def disk(tmp_path):
    """A small disk; where nobody may mount one, a store that answers like it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if shutil.which("mount") and subprocess.run(command, capture_output=True).returncode == 0:
        yield SmallDisk(folder)
        subprocess.run(["umount", str(folder)], check=True)
    else:
        yield BrokenStore(folder)


@pytest.fixture
def profile(disk, new_profile):
    """A profile on the small disk, of somebody who has milk to buy."""
    profile = new_profile(disk.folder / "profile")
    page = profile.start()
    make_account(page, new_name("alice"))
    push(page, ["Buy milk"])
    profile.close()  # this writes down who is logged in
    page = profile.start()
    page.goto("/")
    synced(page)
    cut_off(page)
    toggle(page, "Buy milk")
    eventually(lambda: local(page)[0]["completed"], page)
    return profile


def write_until_refused(page):
    """Add todos until one cannot be kept; return those that the screen called kept."""
    kept = []
    field = page.get_by_placeholder("What needs to be done?")
    for number in range(LONGEST_WRITING):
        text = f"{number} {'x' * 1_900}"
        field.fill(text)
        field.press("Enter")
        said = eventually(lambda: said_of(page, len(kept) + 2), page)
        if said == "refused":
            expect(field).to_have_value(text)
            return kept
        kept.append(text)
    raise AssertionError("the disk is not full")


def said_of(page, count):
    """Return what the screen says of the last edit, once it does; so many rows are to be kept."""
    if "could not keep the last change" in status(page).inner_text():
        return "refused"
    return page.locator("li[data-unsynced]").count() == count and "kept"


@pytest.mark.only_browser("chromium")  # Firefox takes seconds to start
def test_f9_what_was_kept_before_the_disk_was_full_is_there_after_a_restart(disk, profile):
    [page] = profile.context.pages
    with disk.full(page):
        kept = write_until_refused(page)
        profile.close()
    page = profile.start()
    cut_off(page)
    page.goto("/")
    ready(page)
    expect(titles(page)).to_have_text(["Buy milk", *kept])
    expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()
    page.unroute_all()
    synced(page)


@pytest.mark.only_browser("chromium")  # Firefox takes seconds to start
def test_f9_once_the_disk_has_room_again_all_is_kept_and_sent(disk, profile):
    [page] = profile.context.pages
    with disk.full(page):
        kept = write_until_refused(page)
    page.unroute_all()
    page.get_by_placeholder("What needs to be done?").fill("Call mum")
    page.keyboard.press("Enter")
    sync_now(page)
    synced(page)
    # Only now may the browser end: Chromium throws away a store whose log was torn by a full disk
    # and written on, at its next start. What the server has comes back.
    profile.close()
    page = profile.start()
    page.goto("/")
    synced(page)
    expect(titles(page)).to_have_text(["Buy milk", *kept, "Call mum"])
    expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()


@pytest.mark.only_browser("chromium")  # the other one clears nothing under an open page
def test_f2_a_page_goes_on_whose_store_is_cleared_beneath_it(page, milk, alice, server):
    toggle(page, milk)
    synced(page)
    held = Held(page, "**/sync")
    sync_now(page)
    held.one()
    site = {"origin": server.url, "storageTypes": "indexeddb,local_storage,cache_storage"}
    page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", site)
    add_todo(page, "Call mum")
    expect(titles(page)).to_have_text(["Buy milk", "Call mum"])
    held.release()
    synced(page)
    eventually(lambda: len(local(page)) == 2, page)
    rename(page, "Buy milk", "Buy oat milk")
    synced(page)
    page.reload()
    synced(page)
    expect(titles(page)).to_have_text(["Buy oat milk", "Call mum"])
    expect(row(page, "Buy oat milk").get_by_role("checkbox")).to_be_checked()
    [first, again] = devices(server, alice)
    assert again[1:3] == (first[0], 1)


@pytest.mark.only_browser("chromium")  # Firefox takes seconds to start
def test_a_profile_and_its_copy_go_on_writing_and_both_have_all(new_profile, server):
    profile = new_profile()
    page = profile.start()
    alice = make_account(page, new_name("alice"))
    push(page, ["Buy milk"])
    page.goto("/")
    synced(page)
    profile.close()
    copy = new_profile(profile.folder.with_name("copy"))
    shutil.copytree(profile.folder, copy.folder)
    pages = [profile.start(), copy.start()]
    held = []
    for page in pages:
        page.goto("/")
        synced(page)
        held.append(Held(page, "**/sync"))
    one, two = pages
    assert local(one, "meta")["device"] == local(two, "meta")["device"]
    rename(one, "Buy milk", "Buy oat milk")
    rename(two, "Buy milk", "Buy soy milk")
    add_todo(one, "from the one")
    add_todo(two, "from its copy")
    toggle(two, "Buy soy milk")
    for each in held:
        each.release()
    for page in pages:
        eventually(lambda page=page: len(local(page)) == 3, page)
        synced(page)
        expect(titles(page)).to_have_count(3)
        expect(row(page, "Buy soy milk").get_by_role("checkbox")).to_be_checked()
    assert titles(one).all_text_contents() == titles(two).all_text_contents()
    texts = {text for (text,) in values(server, alice)}
    assert {'"Buy milk"', '"Buy oat milk"'} <= texts


def values(server, name):
    """Return each text that was replaced in a person's list."""
    return server.rows(
        "SELECT r.value FROM todos_revision r JOIN todos_todo t ON t.id = r.todo_id"
        " JOIN accounts_user u ON u.id = t.user_id WHERE u.username = ? AND r.field = 'text'",
        name,
    )
