"""The last error of each device is known, and costs few writes."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Device as Known
from todos import api
from todos.protocol import LIMITS
from todos.tests.devices import Device


@pytest.fixture
def phone(alice):
    """Alice's phone, known to the server."""
    phone = Device(alice)
    phone.sync()
    return phone


def error(device):
    """Return the device's last error, and when it was."""
    known = Known.objects.get(uid=device.id)
    return known.last_error, known.last_error_at


def writes(queries):
    return [each["sql"] for each in queries if each["sql"].startswith("UPDATE")]


def test_at_first_there_is_none(phone):
    assert error(phone) == ("", None)


def test_a_rejected_todo_is_an_error_of_its_device(phone, alice):
    laptop = Device(alice)
    laptop.sync()
    phone.sync(phone.new("x" * 2_001))
    code, when = error(phone)
    assert code == "text_too_long"
    assert timezone.now() - when < datetime.timedelta(minutes=1)
    assert error(laptop) == ("", None)


def test_a_clock_that_is_ahead_is_one_too(phone):
    now = phone.now
    phone.now = lambda: now() + 10 * 60_000
    phone.sync(phone.new())
    assert error(phone)[0] == "clock_wrong"


REFUSED = {
    "too_large": lambda phone: phone.post(phone.body(*[{}] * (LIMITS["todosPerRequest"] + 1))),
    "malformed": lambda phone: phone.post("{"),
    "protocol": lambda phone: phone.post(phone.body() | {"protocol": 2}),
    "csrf": lambda phone: phone.post(phone.body(), **{"X-CSRFToken": "no"}),
    "other_account": lambda phone: phone.post(phone.body() | {"account": phone.id}),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_request_that_is_refused_as_a_whole_is_one_of_the_device_that_the_cookie_names(
    phone, code
):
    assert REFUSED[code](phone).json()["error"] == code
    assert error(phone)[0] == code


def test_a_body_that_is_too_large_to_be_read_is_one(phone, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert phone.post(phone.body()).status_code == 413
    assert error(phone)[0] == "too_large"


def test_who_asks_too_often_is_told_and_noted_once(phone, settings):
    settings.SYNC_RATE = "1/hour"
    assert phone.post(phone.body()).status_code in (200, 429)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(5):
            assert phone.post(phone.body()).status_code == 429
    assert error(phone)[0] == "too_many_requests"
    assert len(writes(queries)) == 1


def test_a_server_that_failed_is_one(phone, monkeypatch):
    def fail(*arguments):
        raise RuntimeError

    monkeypatch.setattr(api, "exchange", fail)
    assert phone.post(phone.body()).status_code == 500
    assert error(phone)[0] == "server_error"


def test_the_same_error_is_written_once_a_minute(phone, monkeypatch):
    real = timezone.now()
    times = []
    for second in range(0, 150, 10):
        monkeypatch.setattr(
            timezone, "now", lambda second=second: real + datetime.timedelta(seconds=second)
        )
        phone.sync(phone.new("x" * 2_001))
        times.append(error(phone)[1])
    assert len(set(times)) == 3


def test_another_error_takes_its_place_at_once(phone):
    phone.sync(phone.new("x" * 2_001))
    phone.sync(phone.new(position="!"))
    assert error(phone)[0] == "position_invalid"


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "{account}.y", "{account}.{theirs}", "{}.{id}"])
def test_a_cookie_that_names_no_device_of_the_persons_is_no_matter(phone, bob, cookie):
    theirs = Device(bob)
    theirs.sync()
    phone.client.cookies["device"] = cookie.replace("{}", str(bob.account)).format(
        account=phone.user.account, theirs=theirs.id, id=phone.id
    )
    assert phone.post("{").status_code == 400
    assert error(phone) == error(theirs) == ("", None)


def test_somebody_who_is_signed_out_is_no_error_of_a_device(phone):
    phone.client.logout()
    phone.client.cookies["device"] = f"{phone.user.account}.{phone.id}"
    assert phone.post(json.dumps(phone.body())).status_code == 401
    assert error(phone) == ("", None)


def test_a_sync_without_an_error_costs_no_query_more(phone):
    phone.sync(phone.new("x" * 2_001))
    with CaptureQueriesContext(connection) as queries:
        phone.sync()
    tables = [each["sql"] for each in queries if "accounts_device" in each["sql"]]
    assert len(tables) == 1
