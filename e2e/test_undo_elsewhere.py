"""Undoing never tramples what another device did meanwhile."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    cut_off,
    delete,
    eventually,
    local,
    local_todo,
    log_in,
    new_name,
    push,
    push_edit,
    rename,
    row,
    sign_up,
    sync_now,
    synced,
    titles,
    toggle,
)
from e2e.test_undo import ALL, completed, offer, redo, says, undo

pytestmark = pytest.mark.any_engine

NOTHING_TO_UNDO = "Changed elsewhere meanwhile: nothing to undo"


@pytest.fixture
def alice(page):
    """Alice, on her list of three: her name."""
    name = sign_up(page, new_name("alice"))
    push(page, ALL)
    page.goto("/")
    synced(page)
    expect(titles(page)).to_have_text(ALL)
    return name


@pytest.fixture
def phone(alice, new_browser):
    """Her other device, which has the same list, and from now on no network."""
    phone = new_browser().new_page()
    log_in(phone, alice)
    synced(phone)
    expect(titles(phone)).to_have_text(ALL)
    cut_off(phone)
    return phone


def back_online(phone):
    """Let a device sync again, and wait until it has."""
    phone.unroute("**/sync")
    sync_now(phone)
    synced(phone)


def elsewhere(page, title, **values):
    """Edit a todo on another device, and wait until this one has heard of it."""
    record = local_todo(page, title)
    synced(page)
    push_edit(page, record, **values)

    def heard():
        [found] = [each for each in local(page) if each["id"] == record["id"]]
        return all(found[field] == value for field, value in values.items())

    eventually(heard, page)


# A device that was offline


def test_the_text_that_the_other_device_wrote_stays_and_the_tick_is_undone(page, phone):
    toggle(phone, "one")
    toggle(phone, "two")
    rename(page, "one", "uno")
    synced(page)
    back_online(phone)
    expect(titles(phone)).to_have_text(["uno", "two", "three"])
    undo(phone)
    undo(phone)
    expect(completed(phone)).to_have_text([])
    synced(phone)
    for device in (page, phone):
        expect(titles(device)).to_have_text(["uno", "two", "three"])
        expect(completed(device)).to_have_text([])


def test_the_same_field_changed_there_later_stays_and_nothing_is_left_to_undo(page, phone):
    rename(phone, "one", "eins")
    eventually(lambda: local_todo(phone, "eins"), phone)
    rename(page, "one", "uno")  # later, so it wins
    synced(page)
    back_online(phone)
    expect(titles(phone)).to_have_text(["uno", "two", "three"])
    undo(phone)
    expect(says(phone)).to_have_text(NOTHING_TO_UNDO)
    synced(phone)
    for device in (page, phone):
        expect(titles(device)).to_have_text(["uno", "two", "three"])
    expect(offer(phone, "Redo")).to_be_hidden()


def test_an_undo_without_a_network_is_beaten_by_what_was_done_later(page, phone):
    toggle(phone, "one")
    undo(phone)
    expect(completed(phone)).to_have_text([])
    toggle(page, "one")
    synced(page)
    back_online(phone)
    expect(completed(phone)).to_have_text(["one"])
    redo(phone)
    expect(says(phone)).to_have_text("Changed elsewhere meanwhile: nothing to redo")
    expect(completed(phone)).to_have_text(["one"])


# One device that hears of the other


@pytest.mark.usefixtures("alice")
def test_of_a_bulk_action_what_was_changed_meanwhile_is_left_alone_and_counted(page):
    page.get_by_label("Mark all as complete").check()
    elsewhere(page, "two", completed=False)
    page.get_by_label("Mark all as complete").check()
    elsewhere(page, "three", completed=False)
    elsewhere(page, "three", completed=True)
    undo(page)
    expect(says(page)).to_have_text("Undone: mark 1 todo as complete")
    undo(page)
    expect(says(page)).to_have_text("Undone, but for 2 changed meanwhile: mark 3 todos as complete")
    expect(completed(page)).to_have_text(["three"])
    synced(page)
    redo(page)  # of that, too, only what was undone
    expect(completed(page)).to_have_text(["one", "three"])


@pytest.mark.usefixtures("alice")
def test_a_todo_that_was_deleted_there_stays_deleted(page):
    toggle(page, "two")
    elsewhere(page, "two", deleted=True)
    expect(titles(page)).to_have_text(["one", "three"])
    undo(page)
    expect(says(page)).to_have_text(NOTHING_TO_UNDO)
    synced(page)
    assert local_todo(page, "two")["completed"] is True


@pytest.mark.usefixtures("alice")
def test_a_new_todo_that_was_changed_there_is_not_deleted_again(page):
    add_todo(page, "four")
    elsewhere(page, "four", text="four, by the phone")
    undo(page)
    expect(says(page)).to_have_text(NOTHING_TO_UNDO)
    expect(titles(page)).to_have_text([*ALL, "four, by the phone"])


@pytest.mark.usefixtures("alice")
def test_a_deletion_is_not_redone_of_what_was_changed_there_since_it_came_back(page):
    delete(page, "two")
    undo(page)
    elsewhere(page, "two", text="two, by the phone")
    redo(page)
    expect(says(page)).to_have_text("Changed elsewhere meanwhile: nothing to redo")
    expect(titles(page)).to_have_text(["one", "two, by the phone", "three"])


@pytest.mark.usefixtures("alice")
def test_what_was_written_there_while_it_was_deleted_is_kept(page):
    delete(page, "two")
    elsewhere(page, "two", text="two, by the phone")
    offer(page).click()
    expect(titles(page)).to_have_text(["one", "two, by the phone", "three"])
    synced(page)


@pytest.mark.usefixtures("alice")
def test_what_this_device_has_not_heard_of_is_kept(page):
    record = local_todo(page, "two")
    delete(page, "two")
    synced(page)
    held = Held(page, "**/sync")
    sync_now(page)
    held.one()
    push_edit(page, record, text="two, by the phone")
    offer(page).click()
    expect(titles(page)).to_have_text(ALL)
    held.release()
    expect(titles(page)).to_have_text(["one", "two, by the phone", "three"])
    synced(page)


@pytest.mark.usefixtures("alice")
def test_a_later_deletion_there_is_not_undone(page):
    delete(page, "two")
    elsewhere(page, "two", deleted=False)
    elsewhere(page, "two", deleted=True)
    undo(page)
    expect(says(page)).to_have_text(NOTHING_TO_UNDO)
    expect(titles(page)).to_have_text(["one", "three"])


@pytest.mark.usefixtures("alice")
def test_what_was_done_here_later_is_not_said_to_be_from_elsewhere(page):
    for text in ("two", "three"):
        delete(page, text)
    page.get_by_label("Mark all as complete").check()
    toggle(page, "one")
    offer(page).click()
    expect(says(page)).to_have_text("Changed meanwhile: nothing to undo")
    expect(row(page, "one").get_by_role("checkbox")).not_to_be_checked()
    undo(page)
    expect(row(page, "one").get_by_role("checkbox")).to_be_checked()


# Another tab


@pytest.mark.usefixtures("alice")
def test_each_tab_undoes_what_was_done_in_it(page, context):
    other = context.new_page()
    other.goto("/")
    synced(other)
    toggle(page, "one")
    expect(completed(other)).to_have_text(["one"])
    toggle(other, "two")
    expect(completed(page)).to_have_text(["one", "two"])
    undo(page)
    expect(completed(other)).to_have_text(["two"])
    toggle(other, "three")
    expect(completed(page)).to_have_text(["two", "three"])
    undo(page)
    undo(other)
    expect(completed(other)).to_have_text(["two"])
    expect(completed(page)).to_have_text(["two"])
