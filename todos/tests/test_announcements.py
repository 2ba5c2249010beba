"""What other processes have written reaches the devices that wait at this one."""

import pytest

from accounts import sessions
from accounts.models import Device
from todos import announcements
from todos.cursor import newest
from todos.hub import hub
from todos.models import SyncState


@pytest.fixture(autouse=True)
def open_again():
    """Leave the hub as it was."""
    yield
    hub.closed = False


@pytest.fixture
def told(monkeypatch):
    """Return what the hub is told, instead of telling anybody."""
    said = []
    monkeypatch.setattr(hub, "tell", lambda user_id, cursor: said.append((user_id, cursor)))
    return said


def test_a_write_is_announced_with_the_cursor_of_who_has_all(
    phone, alice, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        cursor = phone.sync(phone.new())["cursor"]
    assert told == [(alice.pk, cursor)]


def test_what_writes_nothing_announces_nothing(phone, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        phone.sync()
    assert told == []


def test_the_heads_of_those_who_wait_are_read_and_of_nobody_else(
    phone, alice, bob, told, monkeypatch
):
    phone.sync(phone.new())
    SyncState.of(bob)

    monkeypatch.setattr(hub, "people", lambda: [alice.pk])
    announcements.read_heads()
    assert told == [(alice.pk, newest(SyncState.of(alice)).pack())]


def test_what_is_known_already_is_not_told_again(phone, alice, told, monkeypatch):
    phone.sync(phone.new())
    monkeypatch.setattr(hub, "people", lambda: [alice.pk])
    monkeypatch.setitem(hub.cursors, alice.pk, newest(SyncState.of(alice)).pack())
    announcements.read_heads()
    assert told == []


def test_heads_are_read_in_so_many_queries_as_there_are_hundreds_of_people(
    alice, told, monkeypatch, django_assert_num_queries
):
    SyncState.of(alice)
    monkeypatch.setattr(announcements, "AT_ONCE", 10)
    monkeypatch.setattr(hub, "people", lambda: [alice.pk, *range(10_000, 10_025)])
    with django_assert_num_queries(3):
        announcements.read_heads()
    assert len(told) == 1


def test_it_listens_again_whatever_breaks_it_off(monkeypatch):
    attempts, pauses = [], []

    def listen():
        attempts.append(len(attempts))
        if len(attempts) == 7:
            hub.closed = True
            return
        raise RuntimeError("the server closed the connection")

    monkeypatch.setattr(announcements, "listen", listen)
    monkeypatch.setattr(announcements, "close", lambda: None)
    monkeypatch.setattr(announcements.time, "sleep", pauses.append)
    announcements.listen_for_good()
    assert pauses == [1, 2, 4, 8, 16, 30]


def test_it_is_begun_once_in_each_process(monkeypatch):
    begun = []

    class Thread:
        def __init__(self, **options):
            begun.append(options)

        def start(self):
            pass

    monkeypatch.setattr(announcements, "watching", None)
    monkeypatch.setattr(announcements.threading, "Thread", Thread)
    announcements.watch()
    announcements.watch()
    assert len(begun) == 1
    assert begun[0]["daemon"]


def test_who_was_signed_out_is_sent_away_after_the_commit(
    phone, alice, monkeypatch, django_capture_on_commit_callbacks
):
    dismissed = []
    monkeypatch.setattr(hub, "dismiss", dismissed.append)
    devices = Device.objects.filter(user=alice)
    with django_capture_on_commit_callbacks() as callbacks:
        sessions.sign_out(alice, devices)
    assert dismissed == []
    [callback] = callbacks
    callback()
    assert dismissed == [alice.pk]
