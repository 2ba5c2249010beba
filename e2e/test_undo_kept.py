"""Undo offline, without a store, before an edit is in the store, and when it could not be kept."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    SCRIPTS,
    cut_off,
    delete,
    eventually,
    local,
    local_todo,
    ready,
    rename,
    sign_up_with,
    status,
    sync_now,
    synced,
    titles,
    toggle,
)
from e2e.test_local_store import BREAK_PUTS
from e2e.test_undo import ALL, completed, offer, redo, says, stored, undo

pytestmark = pytest.mark.any_engine

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def page(page):
    """Alice's list of three."""
    sign_up_with(page, ALL)
    return page


def test_it_works_offline_and_is_sent_later(page, server):
    cut_off(page)
    rename(page, "one", "uno")
    delete(page, "two")
    undo(page)
    expect(titles(page)).to_have_text(["uno", "two", "three"])
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    page.unroute("**/sync")
    synced(page)
    assert stored(page, server, "two") == [(0, 0)]


def test_it_works_where_nothing_is_kept(page):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page.reload()
    ready(page)
    expect(status(page)).to_contain_text("keeps nothing on this device")
    rename(page, "one", "uno")
    delete(page, "two")
    undo(page)
    expect(titles(page)).to_have_text(["uno", "two", "three"])
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    redo(page)
    expect(titles(page)).to_have_text(["uno", "two", "three"])


def test_s5_what_was_stamped_anew_since_the_clock_was_wrong_is_undone_all_the_same(page):
    page.evaluate(f"(() => {{ const real = Date.now; Date.now = () => real() + {DAY}; }})()")
    cut_off(page)  # until it is seen what is to be stamped anew
    toggle(page, "one")
    rename(page, "one", "uno")
    wrong = eventually(lambda: local_todo(page, "uno"), page)["clocks"]
    page.unroute("**/sync")
    sync_now(page)
    eventually(lambda: local_todo(page, "uno")["clocks"]["text"] < wrong["text"], page)
    synced(page)
    undo(page)
    expect(titles(page)).to_have_text(ALL)
    undo(page)
    expect(completed(page)).to_have_text([])
    redo(page)
    expect(completed(page)).to_have_text(["one"])
    synced(page)


def test_it_waits_for_an_edit_that_is_on_its_way_into_the_store(page):
    page.evaluate((SCRIPTS / "hold-store.js").read_text(encoding="utf-8"))
    rename(page, "one", "uno")
    undo(page)
    expect(titles(page)).to_have_text(["uno", "two", "three"])
    page.evaluate("void letGo()")
    expect(titles(page)).to_have_text(ALL)
    expect(says(page)).to_have_text("Undone: rename to uno")
    synced(page)


def test_what_could_not_be_kept_leaves_the_todo_where_it_is_and_is_no_step(page):
    toggle(page, "one")
    eventually(lambda: local_todo(page, "one")["completed"], page)
    page.evaluate(BREAK_PUTS, "todos")
    delete(page, "two")
    expect(titles(page)).to_have_text(ALL)
    expect(status(page)).to_contain_text("This browser could not keep the last change")
    expect(offer(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_have_accessible_name("Undo: tick “one”")


def test_an_undo_that_could_not_be_kept_can_be_done_again(page):
    delete(page, "two")
    expect(titles(page)).to_have_text(["one", "three"])
    eventually(lambda: local_todo(page, "two")["deleted"], page)
    page.evaluate(BREAK_PUTS, "todos")
    offer(page).click()
    expect(status(page)).to_contain_text("This browser could not keep the last change")
    expect(titles(page)).to_have_text(["one", "three"])
    page.evaluate("void mend()")
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)
    synced(page)
    assert len(local(page)) == len(ALL)
