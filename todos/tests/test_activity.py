"""How much is synced is counted in memory and stored now and then, never by a sync itself."""

import datetime
import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from todos import activity
from todos.activity import Unstored, unstored
from todos.models import Activity
from todos.tests.devices import Device

NOON = datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC)


def numbers(hour=None):
    """Return the stored numbers of an hour, or of the only one."""
    row = Activity.objects.get(hour=hour) if hour else Activity.objects.get()
    return row.syncs, row.pushed, row.pulled, row.rejected, row.conflicts


def test_what_syncs_come_to_is_stored_by_the_hour(phone, laptop):
    phone.sync(phone.new(), phone.new(), phone.new("x" * 2_001))
    laptop.sync()
    unstored.store()
    assert numbers() == (2, 3, 2, 1, 0)
    assert Activity.objects.get().hour == timezone.now().replace(minute=0, second=0, microsecond=0)


def test_a_conflict_is_counted(phone, laptop):
    now = phone.now
    phone.now = lambda: now() - 1_000
    new = phone.new()
    phone.sync(new)
    laptop.sync()
    late = phone.edit_of(new, text="late")
    laptop.sync(laptop.edit_of(new, text="greater"))
    phone.sync(late)
    unstored.store()
    assert numbers()[-1] == 1


def test_a_sync_writes_nothing_for_it(phone):
    phone.sync()
    with CaptureQueriesContext(connection) as queries:
        phone.sync()
    assert [query for query in queries if not query["sql"].startswith("SELECT")] == []


def test_what_is_stored_is_added_to_what_is_there(phone):
    for _ in range(3):
        phone.sync(phone.new())
        unstored.store()
    assert numbers()[:2] == (3, 3)


def test_processes_add_to_the_same_hour(phone):
    Activity.objects.create(
        hour=timezone.now().replace(minute=0, second=0, microsecond=0), syncs=40
    )
    phone.sync()
    unstored.store()
    assert numbers()[0] == 41


def test_each_hour_has_a_row(db, monkeypatch):
    for minutes in (0, 59, 60, 61):
        now = NOON + datetime.timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        unstored.count(syncs=1)
    unstored.store()
    assert numbers(NOON)[0] == numbers(NOON + datetime.timedelta(hours=1))[0] == 2


def test_nothing_new_is_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        unstored.store()


def test_what_cannot_be_stored_is_kept_for_the_next_time(phone, monkeypatch, caplog):
    phone.sync(phone.new())

    def fail(*arguments):
        raise DatabaseError("the database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(activity, "add", fail)
        unstored.store()
    assert "was not stored" in caplog.text
    phone.sync()
    unstored.store()
    assert numbers()[:2] == (2, 1)


def test_it_is_stored_by_itself_once_in_a_while_and_no_thread_stays(monkeypatch):
    monkeypatch.undo()  # let there be a thread again
    monkeypatch.setattr(activity, "STORED_AFTER", 0)
    stored = threading.Event()
    monkeypatch.setattr(Unstored, "store_and_leave", lambda self: stored.set())
    counting = Unstored()
    counting.count(syncs=1)
    timer = counting.timer
    counting.count(syncs=1)
    assert counting.timer is timer, "one at a time"
    assert stored.wait(30)
    timer.join()
    counting.take()
    assert counting.timer is None


def test_nothing_of_anybody_is_in_it(phone, alice):
    phone.sync(phone.new("a secret"))
    unstored.store()
    names = {field.name for field in Activity._meta.get_fields()}
    assert names == {"hour", "syncs", "pushed", "pulled", "rejected", "conflicts"}


def test_hours_are_kept_for_ninety_days(db, capsys):
    now = timezone.now()
    for days in (0, 89, 91, 400):
        Activity.objects.create(hour=now - datetime.timedelta(days=days))
    call_command("prune")
    assert Activity.objects.count() == 2
    assert "2 hours of activity of more than 90 days" in capsys.readouterr().out


# How far devices have come


@pytest.fixture
def behind(alice):
    """Return a function that tells how many changes a device is behind, as far as is stored."""

    def count(device):
        unstored.store()
        return alice.syncstate.head - alice.devices.get(uid=device.id).position

    return count


def test_a_device_is_behind_by_what_it_was_not_sent(alice, phone, laptop, behind):
    laptop.sync()
    phone.sync(phone.new(), phone.new())
    alice.refresh_from_db()
    assert (behind(phone), behind(laptop)) == (0, 2)
    laptop.sync()
    assert behind(laptop) == 0


def test_a_device_that_pulls_page_by_page_comes_nearer(alice, phone, laptop, behind):
    for _ in range(2):
        phone.sync(*(phone.new() for _ in range(750)))
    assert laptop.sync()["more"] is True
    assert behind(laptop) == 500
    laptop.sync()
    assert behind(laptop) == 0


def test_a_device_that_asks_from_before_has_not_kept_what_it_was_sent(phone, laptop, behind):
    laptop.sync()
    before = laptop.cursor
    phone.sync(phone.new(), phone.new())
    laptop.sync()
    assert behind(laptop) == 0
    laptop.cursor = before
    laptop.sync()
    assert behind(laptop) == 2


def test_a_device_that_stands_still_is_not_written(phone, behind):
    phone.sync(phone.new())
    phone.sync()
    assert behind(phone) == 0
    phone.sync()
    assert unstored.positions == {}


def test_a_device_that_gives_a_wrong_secret_moves_nobody(alice, phone, laptop, behind):
    laptop.sync()
    phone.sync(phone.new())
    stranger = Device(alice)
    stranger.id = laptop.id
    stranger.pull()
    assert behind(laptop) == 1


def test_how_far_a_device_has_come_is_not_known_before_it_has_come_there(alice, phone):
    phone.sync()
    known = alice.devices.get(uid=phone.id)
    assert (known.position, known.behind(7)) == (None, None)
    unstored.store()
    assert alice.devices.get(uid=phone.id).behind(7) == 7
