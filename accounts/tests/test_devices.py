"""Devices are noticed when they sync."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import devices
from accounts.models import Device

UID = uuid.UUID("5f3c9a1b-2d4e-4f70-8a9b-0c1d2e3f4a5b")
SECRET, WRONG = "0" * 32, "1" * 32
NOON = datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def at(monkeypatch):
    """Return a function that sets the time, in seconds after noon."""

    def set_time(seconds):
        now = NOON + datetime.timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: now)

    set_time(0)
    return set_time


def notice(user, agent="Phone 1.0", secret=SECRET, uid=UID):
    devices.notice(user, uid, secret, agent)
    return Device.objects.get(user=user, uid=uid)


def seen(device):
    """Return when the device was seen last, in seconds after noon."""
    return (device.last_seen_at - NOON).total_seconds()


def test_a_device_is_known_after_its_first_sync(at, alice):
    device = notice(alice)
    assert (device.user, device.uid, device.user_agent) == (alice, UID, "Phone 1.0")
    assert device.created_at == device.last_seen_at == NOON
    assert str(device) == "Phone 1.0"


def test_a_device_is_found_by_the_first_half_of_its_stamps_nodes(at, alice):
    assert notice(alice).prefix == "5f3c9a1b"


def test_the_secret_is_not_stored_and_proves_the_device(at, alice):
    device = notice(alice)
    assert device.is_proved_by(SECRET)
    assert not device.is_proved_by(WRONG)
    assert not device.is_proved_by("")
    assert not device.is_proved_by(device.secret_digest)
    assert SECRET not in {str(value) for value in vars(device).values()}


def test_a_device_that_syncs_again_is_one_device(at, alice):
    notice(alice)
    at(3600)
    notice(alice)
    assert Device.objects.count() == 1


@pytest.mark.parametrize(("after", "last"), [(1, 0), (59, 0), (60, 0), (61, 61), (3600, 3600)])
def test_when_it_was_seen_is_written_at_most_once_a_minute(at, alice, after, last):
    notice(alice)
    at(after)
    assert seen(notice(alice)) == last


def test_ten_polls_of_a_device_are_one_write(at, alice):
    notice(alice)
    with CaptureQueriesContext(connection) as queries:
        for second in range(1, 11):
            at(second)
            devices.notice(alice, UID, SECRET, "Phone 1.0")
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


def test_the_minutes_are_counted_from_the_last_write(at, alice):
    notice(alice)
    times = []
    for second in range(0, 200, 10):
        at(second)
        times.append(seen(notice(alice)))
    assert sorted(set(times)) == [0, 70, 140]


def test_a_browser_that_was_updated_gets_its_new_name(at, alice):
    notice(alice)
    at(61)
    assert notice(alice, "Phone 2.0").user_agent == "Phone 2.0"


@pytest.mark.parametrize("secret", [WRONG, "", "0" * 31])
def test_a_device_with_a_wrong_secret_leaves_the_row_as_it_is(at, alice, secret):
    notice(alice)
    at(3600)
    device = notice(alice, "Stranger 1.0", secret)
    assert (device.user_agent, seen(device)) == ("Phone 1.0", 0)
    assert device.is_proved_by(SECRET)
    assert not device.is_proved_by(secret)


def test_two_people_on_one_device_have_a_row_each(at, alice, bob):
    notice(alice)
    theirs = notice(bob, "Phone 2.0", WRONG)
    assert theirs.is_proved_by(WRONG)
    assert Device.objects.get(user=alice).is_proved_by(SECRET)


def test_a_person_has_each_device_once(at, alice):
    notice(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Device(user=alice, uid=UID, last_seen_at=NOON).save()


@pytest.mark.parametrize(
    ("agent", "kept"), [("", ""), ("x" * 200, "x" * 200), ("é" * 999, "é" * 200)]
)
def test_a_browsers_name_is_cut_to_what_fits(at, alice, agent, kept):
    assert notice(alice, agent).user_agent == kept
    at(61)
    assert notice(alice, agent + "!").user_agent == (agent + "!")[:200]


def test_a_device_without_a_name_is_called_by_its_id(at, alice):
    assert str(notice(alice, "")) == str(UID)


def test_a_nul_in_a_browsers_name_is_left_out(at, alice):
    """PostgreSQL would refuse the row, and with it the sync."""
    notice(alice, agent="Phone\0 1.0")
    assert Device.objects.get().user_agent == "Phone 1.0"


def test_a_browser_that_lost_its_store_is_known_again_and_its_losses_are_counted(alice, caplog):
    second, third = uuid.uuid4(), uuid.uuid4()
    assert (notice(alice).replaces, notice(alice).losses) == (None, 0)
    devices.notice(alice, second, SECRET, "Phone 1.0", UID)
    devices.notice(alice, third, SECRET, "Phone 1.0", second)
    devices.notice(alice, third, SECRET, "Phone 1.0", second)
    found = Device.objects.filter(user=alice).values_list("uid", "replaces", "losses")
    assert set(found) == {(UID, None, 0), (second, UID, 1), (third, second, 2)}
    assert caplog.text.count("has lost its store") == 2


def test_a_device_that_the_server_never_knew_was_lost_once_too(alice, bob):
    theirs = uuid.uuid4()
    devices.notice(bob, theirs, SECRET, "Phone 1.0", uuid.uuid4())
    devices.notice(alice, UID, SECRET, "Phone 1.0", theirs)
    assert Device.objects.get(user=alice).losses == 1


# Its session, and being signed out from elsewhere


def sync(user, at=0, **said):
    """Let the phone sync in a session that began so many seconds after noon."""
    session = devices.Session("first", NOON.timestamp() + at)
    said = {"secret": SECRET, "session": session, **said}
    devices.notice(user, UID, said.pop("secret"), "Phone 1.0", **said)
    return Device.objects.get(user=user, uid=UID)


def test_a_device_keeps_the_session_in_which_it_last_synced(at, alice):
    assert sync(alice).session_key == "first"
    assert sync(alice, session=devices.Session("second")).session_key == "second"


@pytest.mark.parametrize(("said", "kept"), [(True, True), (False, False), (None, True)])
def test_whether_its_browser_keeps_the_store_is_written_when_it_is_said(at, alice, said, kept):
    assert sync(alice, persisted=True).persisted is True
    assert sync(alice, persisted=said).persisted is kept


def test_a_poll_in_the_same_session_that_says_the_same_is_one_query(at, alice):
    sync(alice, persisted=True)
    with CaptureQueriesContext(connection) as queries:
        devices.notice(alice, UID, SECRET, "x", persisted=True, session=devices.Session("first", 1))
    assert len(queries) == 1


def test_who_does_not_know_the_secret_changes_neither_session_nor_store(at, alice):
    sync(alice, persisted=True)
    device = sync(alice, secret=WRONG, persisted=False, session=devices.Session("second"))
    assert (device.session_key, device.persisted) == ("first", True)


def test_a_device_that_was_signed_out_is_refused_in_the_session_that_it_had(at, alice):
    device = sync(alice)
    device.signed_out_at = NOON + datetime.timedelta(seconds=10)
    device.save()
    for _ in range(2):
        with pytest.raises(devices.SignedOut):
            sync(alice, at=9)
    device = sync(alice, at=11)
    assert (device.signed_out_at, device.wiped_at) == (None, None)


def test_a_device_signed_out_while_it_syncs_stays_signed_out(at, alice, monkeypatch):
    sync(alice)
    is_proved_by = Device.is_proved_by

    def signed_out_meanwhile(device, secret):
        Device.objects.filter(pk=device.pk).update(signed_out_at=NOON)
        return is_proved_by(device, secret)

    monkeypatch.setattr(Device, "is_proved_by", signed_out_meanwhile)
    device = sync(alice, session=devices.Session("second"))
    assert (device.signed_out_at, device.session_key) == (NOON, "first")


def test_a_device_that_was_lost_gives_its_session_to_the_one_after_it(alice):
    sync(alice)
    devices.notice(alice, uuid.uuid4(), SECRET, "Phone 1.0", UID, session=devices.Session("first"))
    assert Device.objects.get(uid=UID).session_key == ""
