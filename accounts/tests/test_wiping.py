"""A device without a session is told to wipe what it keeps, if it proves that it is to."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import sessions
from accounts.deletion import delete_account
from accounts.models import DeletedAccount, Device
from todos.tests.devices import Device as Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(alice):
    """A device of Alice's that has synced."""
    phone = Phone(alice)
    phone.sync(phone.new("Buy milk"))
    return phone


@pytest.fixture
def signed_out(phone):
    """The same, signed out from elsewhere."""
    sessions.sign_out(phone.user, Device.objects.filter(uid=phone.id))
    return phone


def ask(body):
    """Send a request without a session, and return what the answer says."""
    response = Client().post("/sync", body, content_type="application/json")
    assert response.status_code == 401
    said = response.json()
    assert (said["ok"], said["error"]) == (False, "signed_out")
    return said


def is_told(body):
    return ask(body).get("wipe", False)


def test_a_device_that_was_signed_out_is_told_why(signed_out):
    assert ask(signed_out.body()) == {
        "ok": False,
        "error": "signed_out",
        "message": "This device was signed out from elsewhere, and keeps nothing any more.",
        "wipe": True,
    }


def test_it_is_told_each_time_and_that_it_was_told_is_noted_once(signed_out):
    assert is_told(signed_out.body())
    told = Device.objects.get(uid=signed_out.id).wiped_at
    assert told
    assert is_told(signed_out.body())
    assert Device.objects.get(uid=signed_out.id).wiped_at == told


def test_its_session_has_no_say_in_it_either(signed_out):
    response = signed_out.post(signed_out.body(signed_out.new("unsent")))
    assert (response.status_code, response.json()["wipe"]) == (401, True)
    assert signed_out.user.todos.count() == 1


def test_its_cookies_go_with_the_answer(signed_out):
    answer = signed_out.post(signed_out.body())
    assert {name for name, each in answer.cookies.items() if each["max-age"] == 0} == {
        "device",
        "local-ahead",
        "sessionid",
    }


def test_a_device_that_has_logged_out_by_itself_is_told_nothing(phone):
    """Another of its tabs may ask while the one that logs out wipes what they share."""
    phone.client.cookies["signing-out"] = str(phone.user.account)
    phone.client.get("/")
    assert Device.objects.get(uid=phone.id).has_left
    assert not is_told(phone.body())


def test_a_device_whose_session_only_ended_is_told_nothing(phone):
    assert not is_told(phone.body())


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "0" * 32},
        {"secret": None},
        {"secret": 5},
        {"secret": "é"},
        {"device": str(uuid.uuid4())},
        {"device": None},
        {"device": {"x": 1}},
        {"account": str(uuid.uuid4())},
        {"account": "alice"},
        {"account": []},
    ],
)
def test_who_does_not_know_the_secret_learns_nothing(signed_out, wrong):
    assert ask(signed_out.body(**wrong)) == {
        "ok": False,
        "error": "signed_out",
        "message": "Log in to sync.",
    }
    assert Device.objects.get(uid=signed_out.id).wiped_at is None


def test_a_device_is_looked_up_in_its_account_only(signed_out, bob):
    assert not is_told(signed_out.body(account=str(bob.account)))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"x" * 1_000_001])
def test_what_is_no_request_is_answered_as_ever(signed_out, body):
    response = Client().post("/sync", body, content_type="application/json")
    assert (response.status_code, response.json()["message"]) == (401, "Log in to sync.")


def test_every_device_of_a_deleted_account_is_told(phone):
    body, before_its_first_sync = phone.body(), phone.body(device=str(uuid.uuid4()))
    delete_account(phone.user)
    for each in (body, before_its_first_sync):
        said = ask(each)
        assert (said["wipe"], "was deleted" in said["message"]) == (True, True)


def test_a_database_that_does_not_know_an_account_tells_nobody_to_wipe(phone):
    body = phone.body()
    phone.user.todos.all().delete()
    phone.user.delete()
    assert not DeletedAccount.objects.exists()
    assert not is_told(body)


def test_a_request_without_a_session_costs_two_queries_at_most(phone):
    client = Client()
    for body in (phone.body(), phone.body(account=str(uuid.uuid4())), {}):
        with CaptureQueriesContext(connection) as queries:
            client.post("/sync", body, content_type="application/json")
        assert len(queries) <= 2


def test_a_sync_in_the_same_session_asks_nothing_more_than_before(phone):
    with CaptureQueriesContext(connection) as queries:
        phone.sync()
    tables = [query["sql"].split('FROM "')[1].split('"')[0] for query in queries]
    assert tables == [
        "django_session",
        "accounts_user",
        "accounts_device",
        "todos_syncstate",
    ]


def test_events_are_refused_to_who_is_signed_out(signed_out):
    response = signed_out.client.get(f"/sync/events?account={signed_out.user.account}")
    assert (response.status_code, response.json()["error"]) == (401, "signed_out")
