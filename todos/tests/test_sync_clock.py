"""Stamps from the future, as `/sync` judges them: rule S5."""

import pytest

from todos import horizon, sync
from todos.models import Revision, Todo, WrongClock
from todos.tests.devices import DAY, Device, only

MINUTE = 60_000


@pytest.fixture
def milk(phone):
    """A todo that the phone has pushed."""
    milk = phone.new()
    phone.sync(milk)
    return milk


def ahead(device, by):
    """Set a device's clock ahead, by ms."""
    now = device.now
    device.now = lambda: now() + by


def codes(reply):
    return only(reply).get("errors", {})


def test_s5_an_edit_from_the_future_is_refused_alone(phone, milk):
    good = phone.edit(milk["id"], completed=True)
    ahead(phone, DAY)
    late = phone.edit(milk["id"], text="from tomorrow")
    both = {**good, **late, "clocks": late["clocks"] | good["clocks"]}
    assert codes(phone.sync(both)) == {"text": "clock_wrong"}
    todo = Todo.objects.get()
    assert (todo.text, todo.completed) == ("Buy milk", True)


def test_s5_half_a_minute_ahead_is_nothing(phone, milk):
    ahead(phone, horizon.ALLOWED // 2)
    assert only(phone.sync(phone.edit(milk["id"], text="soon")))["status"] == "stored"
    assert not WrongClock.objects.exists()


def test_s5_up_to_five_minutes_ahead_waits_and_is_stored_as_it_is(phone, milk, monkeypatch):
    ahead(phone, 3 * MINUTE)
    edit = phone.edit(milk["id"], text="soon")
    assert codes(phone.sync(edit)) == {"text": "clock_ahead"}
    assert Todo.objects.get().text == "Buy milk"
    monkeypatch.setattr(sync, "now_ms", phone.now)
    assert only(phone.sync(edit))["status"] == "stored"
    assert Todo.objects.get().text == "soon"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (MINUTE, None),
        (MINUTE + 1, "clock_ahead"),
        (5 * MINUTE, "clock_ahead"),
        (5 * MINUTE + 1, "clock_wrong"),
    ],
)
def test_s5_a_minute_is_allowed_and_five_are_waited_for_to_the_millisecond(
    phone, milk, monkeypatch, by, code
):
    now = phone.now()
    monkeypatch.setattr(sync, "now_ms", lambda: now)
    phone.now = lambda: now + by
    assert codes(phone.sync(phone.edit(milk["id"], text="soon"))).get("text") == code


def test_s5_a_late_copy_of_what_was_refused_for_good_changes_nothing(phone, milk, monkeypatch):
    now = phone.now
    ahead(phone, 10 * MINUTE)
    refused = phone.edit(milk["id"], text="Buy oat milk")
    assert codes(phone.sync(refused)) == {"text": "clock_wrong"}
    again = Device(phone.user)
    again.id, again.secret, again.last = phone.id, phone.secret, milk["clocks"]["text"]
    again.node = phone.id[:8] + "00000000"
    assert only(again.sync(again.edit(milk["id"], text="Buy oat milk")))["status"] == "stored"
    assert only(again.sync(again.edit(milk["id"], text="Buy soy milk")))["status"] == "stored"
    monkeypatch.setattr(sync, "now_ms", lambda: now() + DAY)
    assert codes(phone.sync(refused)) == {"text": "clock_wrong"}
    assert Todo.objects.get().text == "Buy soy milk"
    assert Revision.objects.filter(field="text").count() == 2


def test_s5_a_clock_that_was_wrong_spoils_nothing_that_it_stamped_before(phone, milk):
    early = phone.edit(milk["id"], completed=True)
    ahead(phone, DAY)
    phone.sync(phone.edit(milk["id"], text="from tomorrow"))
    assert only(phone.sync(early))["status"] == "stored"


def test_s5_what_a_wrong_clock_stamped_a_little_ahead_waits_all_the_same(phone, milk, monkeypatch):
    now = phone.now()
    monkeypatch.setattr(sync, "now_ms", lambda: now)
    phone.now = lambda: now + 3 * MINUTE
    soon = phone.edit(milk["id"], completed=True)
    phone.now = lambda: now + DAY
    phone.sync(phone.edit(milk["id"], text="from tomorrow"))
    assert codes(phone.sync(soon)) == {"completed": "clock_ahead"}
    monkeypatch.setattr(sync, "now_ms", lambda: now + 3 * MINUTE)
    assert only(phone.sync(soon))["status"] == "stored"


def test_s5_who_relays_a_stamp_from_the_future_has_no_wrong_clock(phone, laptop, milk):
    ahead(phone, DAY)
    theirs = phone.edit(milk["id"], text="from tomorrow")
    assert codes(laptop.sync(theirs)) == {"text": "clock_wrong"}
    assert not WrongClock.objects.exists()


def test_s5_a_wrong_clock_of_one_person_is_nothing_to_another(phone, milk, bob, monkeypatch):
    now = phone.now
    ahead(phone, DAY)
    phone.sync(phone.edit(milk["id"], text="from tomorrow"))
    his = Device(bob)
    his.id, his.node = phone.id, phone.node
    monkeypatch.setattr(sync, "now_ms", lambda: now() + 2 * DAY)
    his.now = lambda: now() + 2 * DAY
    assert only(his.sync(his.new("Bob's")))["status"] == "stored"


def test_s5_many_edits_of_one_wrong_clock_are_remembered_once(phone):
    ahead(phone, DAY)
    phone.sync(phone.new("one"), phone.new("two"))
    phone.sync(phone.new("three"))
    assert WrongClock.objects.count() == 1
    assert not Todo.objects.exists()


def test_s5_a_stamp_is_not_ahead_of_what_the_server_holds_already(phone, milk, monkeypatch):
    """The server's own clock has gone back by a day: edits that follow what it has go on."""
    monkeypatch.setattr(sync, "now_ms", lambda: phone.now() - DAY)
    assert only(phone.sync(phone.edit(milk["id"], text="later")))["status"] == "stored"


def test_s6_an_edit_on_a_server_whose_clock_is_behind_beats_what_its_maker_saw(
    client, phone, milk, monkeypatch
):
    client.force_login(phone.user)
    monkeypatch.setattr(sync, "now_ms", lambda: phone.now() - DAY)
    client.post(f"/todos/{milk['id']}/edit/", {"shown": "Buy milk", "text": "by the form"})
    assert Todo.objects.get().text == "by the form"
    phone.sync(phone.edit(milk["id"], completed=True))
    phone.pull()
    assert only(phone.sync(phone.edit(milk["id"], text="by the phone")))["status"] == "stored"
    assert Todo.objects.get().text == "by the phone"
