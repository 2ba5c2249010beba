"""The self-check: the client sends a digest of what it holds, and the server compares (R7)."""

import pytest

from accounts.models import Device as KnownDevice
from todos import merge
from todos.models import SyncState, Todo
from todos.tests import lists
from todos.tests.devices import Device


@pytest.fixture
def phone(alice):
    """Alice's phone, which has pulled all of her two todos."""
    lists.add(alice, "Buy milk", "Call mum")
    phone = Device(alice)
    phone.held = phone.pull()
    return phone


def digest(todos):
    live = [todo for todo in todos.values() if not todo["deleted"]]
    return sum(merge.fingerprint(todo) for todo in live) % 2**32


def divergences(phone):
    return KnownDevice.objects.get(uid=phone.id).divergences


def test_r7_who_holds_the_same_is_told_so(phone):
    reply = phone.sync(digest=digest(phone.held))
    assert reply["checked"] is True
    assert reply["reset"] is False


def test_r7_who_does_not_is_reset_and_counted(phone, caplog):
    del phone.held[next(iter(phone.held))]
    reply = phone.sync(digest=digest(phone.held))
    assert (reply["reset"], reply["cursor"], reply["todos"]) == (True, None, [])
    assert "checked" not in reply
    assert divergences(phone) == 1
    assert "did not hold what the server does" in caplog.text


def test_r7_what_it_pushes_is_stored_all_the_same(phone):
    milk = next(iter(phone.held))
    reply = phone.sync(phone.edit(milk, text="Buy oat milk"), digest=0)
    assert reply["reset"] is True
    assert reply["results"] == [{"id": milk, "status": "stored"}]
    assert Todo.objects.filter(text="Buy oat milk").exists()


def test_r7_the_digest_is_of_what_was_held_before_the_push(phone):
    milk = next(iter(phone.held))
    reply = phone.sync(phone.edit(milk, text="Buy oat milk"), digest=digest(phone.held))
    assert reply["checked"] is True


def test_r7_who_is_behind_is_neither_right_nor_wrong(phone, alice):
    lists.add(alice, "from elsewhere")
    reply = phone.sync(digest=digest(phone.held))
    assert "checked" not in reply
    assert reply["reset"] is False
    assert len(reply["todos"]) == 1
    assert divergences(phone) == 0


def test_r7_nobody_has_to_ask(phone):
    assert "checked" not in phone.sync()


@pytest.mark.parametrize("wrong", [-1, 2**32, "1", 1.5, True, [1]])
def test_r7_a_digest_is_a_number(phone, wrong):
    response = phone.post(phone.body(digest=wrong))
    assert response.status_code == 400
    assert response.json()["error"] == "malformed"


def test_r7_a_tombstone_is_not_in_it(phone, alice):
    lists.edit(Todo.objects.get(text="Buy milk"), deleted=True)
    phone.held |= phone.pull()
    assert phone.sync(digest=digest(phone.held))["checked"] is True
    assert SyncState.of(alice).digest == digest(phone.held)


def test_each_reply_leaves_in_the_browser_which_device_it_is(phone, alice):
    cookie = phone.post(phone.body()).cookies["device"]
    assert cookie.value == f"{alice.account}.{phone.id}"
    assert int(cookie["max-age"]) > 300 * 24 * 60 * 60
    assert not cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_who_lost_its_store_says_which_device_it_was(phone, alice):
    again = Device(alice)
    again.sync(replaces=phone.id)
    known = KnownDevice.objects.get(uid=again.id)
    assert (str(known.replaces), known.losses) == (phone.id, 1)
