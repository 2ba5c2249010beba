"""Which replaced values were in conflict: those that the maker of the other had not seen."""

import pytest

from todos import origins, sync
from todos.models import Revision
from todos.tests import lists
from todos.tests.devices import Device

SECOND = 1_000


@pytest.fixture
def milk(phone, laptop):
    """A todo that both devices have, made some time ago: as it goes over the wire."""
    now = phone.now
    phone.now = lambda: now() - 60 * SECOND
    new = phone.new("Buy milk")
    phone.sync(new)
    laptop.pull()
    phone.pull()
    phone.now = now
    return new


@pytest.fixture(autouse=True)
def apart(monkeypatch):
    """Let each reading of the server's clock be a millisecond later than the one before."""
    real, passed = sync.now_ms, iter(range(10, 10_000, 10))
    monkeypatch.setattr(sync, "now_ms", lambda: real() + next(passed))


def conflicts():
    """Return the values that lost in a conflict."""
    return list(Revision.objects.filter(conflict=True).values_list("value", flat=True))


def later(device, seconds=1):
    """Let a device's clock be so far ahead from now on."""
    now = device.now
    device.now = lambda: now() + seconds * SECOND
    return device


def test_a_value_that_came_later_than_a_greater_one_is_in_conflict(phone, laptop, milk):
    late = phone.edit(milk["id"], text="on the phone")
    laptop.sync(later(laptop).edit(milk["id"], text="on the laptop"))
    phone.sync(late)
    assert conflicts() == ["on the phone"]


def test_a_value_that_who_replaced_it_had_not_seen_is_in_conflict(phone, laptop, milk):
    phone.sync(later(phone).edit(milk["id"], text="on the phone"))
    laptop.sync(later(laptop, 2).edit(milk["id"], text="on the laptop"))
    assert conflicts() == ["on the phone"]


def test_it_is_although_another_field_was_changed_since(phone, laptop, milk):
    phone.sync(later(phone).edit(milk["id"], text="on the phone"))
    phone.sync(later(phone).edit(milk["id"], completed=True))
    laptop.sync(later(laptop, 5).edit(milk["id"], text="on the laptop"))
    assert conflicts() == ["on the phone"]


def test_a_value_that_was_seen_before_it_was_replaced_is_not(phone, laptop, milk):
    phone.sync(later(phone).edit(milk["id"], text="on the phone"))
    laptop.pull()
    laptop.sync(later(laptop, 2).edit(milk["id"], text="on the laptop"))
    assert Revision.objects.count() == 2
    assert conflicts() == []


def test_edits_of_different_fields_are_not(phone, laptop, milk):
    phone.sync(later(phone).edit(milk["id"], completed=True))
    laptop.sync(later(laptop, 2).edit(milk["id"], text="on the laptop"))
    assert Revision.objects.count() == 2
    assert conflicts() == []


def test_the_same_value_on_both_is_not(phone, laptop, milk):
    phone.sync(later(phone).edit(milk["id"], text="the same"))
    laptop.sync(later(laptop, 2).edit(milk["id"], text="the same"))
    assert conflicts() == []


def test_a_devices_own_edits_are_not_whatever_it_has_heard_of_them(phone, milk):
    before = phone.cursor
    phone.sync(later(phone).edit(milk["id"], text="one"))
    phone.cursor = before  # the answer was lost
    phone.sync(later(phone).edit(milk["id"], text="two"))
    assert Revision.objects.count() == 2
    assert conflicts() == []


def test_a_late_copy_of_a_devices_own_edit_is_not(phone, milk):
    first = later(phone).edit(milk["id"], text="one")
    phone.sync(later(phone).edit(milk["id"], text="two"))
    phone.sync(first)
    assert Revision.objects.filter(value="one").exists()
    assert conflicts() == []


def test_what_a_page_showed_was_seen(phone, laptop, milk):
    phone.sync(later(phone).edit(milk["id"], text="on the phone"))
    page = laptop.look()
    laptop.sync(later(laptop, 2).edit(milk["id"], text="on the laptop"), pages=[page])
    assert conflicts() == []


def test_a_value_that_a_form_set_unseen_is_in_conflict(phone, alice, milk):
    [todo] = alice.todos.all()
    sync.edit(alice, {todo.uid: {"text": "on the page"}}, origins.FORM)
    phone.sync(later(phone, 30).edit(milk["id"], text="on the phone"))
    assert conflicts() == ["on the page"]


def test_what_a_form_or_the_admin_replaces_was_seen(phone, alice, milk):
    phone.sync(later(phone).edit(milk["id"], text="on the phone"))
    lists.edit(alice.todos.get(), text="by a command")
    assert conflicts() == []


def test_sent_again_it_is_the_same_conflict(phone, laptop, milk):
    late = phone.edit(milk["id"], text="on the phone")
    laptop.sync(later(laptop).edit(milk["id"], text="on the laptop"))
    phone.sync(late)
    phone.sync(late)
    assert conflicts() == ["on the phone"]


def test_a_resend_of_what_was_replaced_is_none(phone, laptop, milk):
    sent = later(phone).edit(milk["id"], text="on the phone")
    phone.sync(sent)
    laptop.pull()
    laptop.sync(later(laptop, 2).edit(milk["id"], text="on the laptop"))
    phone.sync(sent)
    assert conflicts() == []


def test_somebody_elses_cursor_and_a_strange_one_find_nothing(alice, phone, milk):
    phone.sync(later(phone).edit(milk["id"], text="on the phone"))
    stranger = later(Device(alice), 3)
    stranger.sync(stranger.edit(milk["id"], text="first words"), cursor="of another database")
    stranger.cursor = None
    stranger.sync(later(stranger).edit(milk["id"], text="second words"))
    assert conflicts() == []


def test_whoever_stood_at_the_head_costs_no_query_more(phone, milk, monkeypatch):
    phone.pull()
    asked = []
    monkeypatch.setattr("todos.conflicts.Head", type("Head", (), {"objects": asked}))
    phone.sync(later(phone).edit(milk["id"], text="on the phone"))
    assert Revision.objects.filter(value="Buy milk").exists()
