"""Who may sync, what a whole request is refused for, and the one shape of an error."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from todos import protocol
from todos.models import Todo
from todos.protocol import LIMITS, REFUSALS, ErrorReply
from todos.tests.devices import Device

pytestmark = pytest.mark.django_db


def assert_refused(response, code):
    """Check that an answer is an error of the one shape."""
    body = response.json()
    assert ErrorReply.model_validate(body, strict=True)
    assert (response.status_code, body["message"]) == REFUSALS[code]
    assert (body["ok"], body["error"]) == (False, code)
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store, private"
    assert not Todo.objects.exists()
    return body


def test_somebody_who_is_signed_out_is_told_so(phone):
    phone.client.logout()
    assert_refused(phone.post(phone.body(phone.new())), "signed_out")


def test_the_session_is_looked_at_before_the_token(phone):
    assert_refused(Client(enforce_csrf_checks=True).post("/sync"), "signed_out")


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 32, "a" * 64])
def test_a_request_without_the_sessions_token_is_refused(phone, token):
    assert_refused(phone.post(phone.body(phone.new()), **{"X-CSRFToken": token}), "csrf")


def test_a_request_from_another_site_is_refused(phone):
    response = phone.post(phone.body(phone.new()), Origin="https://evil.example")
    assert_refused(response, "csrf")


def test_an_inactive_person_is_signed_out(phone, alice):
    alice.is_active = False
    alice.save()
    assert_refused(phone.post(phone.body(phone.new())), "signed_out")


def test_the_page_of_another_account_is_refused(phone, bob):
    body = phone.body(phone.new(), account=str(bob.account))
    assert_refused(phone.post(body), "other_account")


@pytest.mark.parametrize("version", [0, 2, 99, -1, "1", None, True, 1.0, [1]])
def test_another_version_of_the_protocol_is_refused_with_those_spoken(phone, version):
    body = assert_refused(phone.post(phone.body(phone.new(), protocol=version)), "protocol")
    assert body["protocols"] == [1]


def test_a_newer_protocol_of_any_form_is_refused_as_such(phone):
    assert_refused(phone.post({"protocol": 2, "everything": "else"}), "protocol")


@pytest.mark.parametrize(
    "members",
    [
        {"account": None},
        {"account": "alice"},
        {"device": "phone"},
        {"device": 5},
        {"secret": ""},
        {"secret": "short"},
        {"todos": None},
        {"todos": {}},
        {"todos": "x"},
    ],
)
def test_a_request_of_another_form_is_malformed_and_says_where(phone, members):
    body = assert_refused(phone.post(phone.body(phone.new()) | members), "malformed")
    assert next(iter(members)) in body["detail"]


@pytest.mark.parametrize("member", ["account", "device", "secret", "todos"])
def test_a_request_that_lacks_a_member_is_malformed(phone, member):
    body = phone.body(phone.new())
    del body[member]
    assert_refused(phone.post(body), "malformed")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense",
        b"[]",
        b"5",
        b'"x"',
        b"null",
        b'{"protocol": 1,',
        b"\xff\xfe",
        b"{" * 50_000,
        b"[" * 50_000,
        b'{"protocol": NaN}',
        b'{"protocol": 1, "todos": [Infinity]}',
        b'{"protocol": ' + b"1" * 5_000 + b"}",
    ],
    ids=range(13),
)
def test_what_is_no_json_object_is_malformed(phone, raw):
    headers = {"X-CSRFToken": phone.token}
    response = phone.client.post("/sync", raw, content_type="application/json", headers=headers)
    assert_refused(response, "malformed")


def test_a_request_of_too_many_bytes_is_too_large(phone):
    body = phone.body(phone.new("x" * LIMITS["bytesPerRequest"]))
    assert_refused(phone.post(body), "too_large")


def test_a_request_of_too_many_todos_is_too_large(phone):
    todos = [phone.new() for _ in range(LIMITS["todosPerRequest"] + 1)]
    assert len(json.dumps(phone.body(*todos))) < LIMITS["bytesPerRequest"]
    assert_refused(phone.post(phone.body(*todos)), "too_large")


def test_the_largest_request_is_served(phone):
    todos = [phone.new(str(n)) for n in range(LIMITS["todosPerRequest"])]
    assert {result["status"] for result in phone.sync(*todos)["results"]} == {"stored"}
    assert Todo.objects.count() == LIMITS["todosPerRequest"]


@pytest.mark.parametrize("method", ["get", "options", "put", "patch", "delete"])
def test_another_method_is_refused_in_the_same_shape(phone, method):
    response = getattr(phone.client, method)("/sync")
    assert_refused(response, "method_not_allowed")
    assert response["Allow"] == "POST"


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "",
    ],
)
def test_a_body_that_is_not_said_to_be_json_is_malformed(phone, kind):
    body = json.dumps(phone.body(phone.new()))
    headers = {"X-CSRFToken": phone.token}
    response = phone.client.post("/sync", body.encode(), content_type=kind, headers=headers)
    assert "Content-Type" in assert_refused(response, "malformed")["detail"]


def test_too_many_requests_are_told_when_to_come_back(phone, bob, settings):
    settings.SYNC_RATE = "2/minute"
    other = Device(bob)
    assert [phone.post(phone.body()).status_code for _ in range(2)] == [200, 200]
    response = phone.post(phone.body(phone.new()))
    assert_refused(response, "too_many_requests")
    assert 1 <= int(response["Retry-After"]) <= 61
    assert other.post(other.body()).status_code == 200


def test_a_locked_database_is_told_as_busy(phone, monkeypatch):
    def locked(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr("todos.sync.push", locked)
    response = phone.post(phone.body(phone.new()))
    assert_refused(response, "busy")
    assert response["Retry-After"] == "5"


def test_a_mistake_of_the_server_is_told_without_its_details(phone, monkeypatch, caplog):
    def broken(*_):
        raise KeyError("a secret of the server")

    monkeypatch.setattr("todos.sync.push", broken)
    response = phone.post(phone.body(phone.new()))
    assert "secret" not in str(assert_refused(response, "server_error"))
    assert "a secret of the server" in caplog.text


def test_every_answer_is_declared_in_the_openapi_document():
    document = Client().get("/api/openapi.json").json()
    operation = document["paths"]["/sync"]["post"]
    statuses = {str(status) for status, _ in REFUSALS.values()}
    assert set(operation["responses"]) == statuses | {"200"}
    for status in statuses:
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith("/ErrorReply")
    request = operation["requestBody"]["content"]["application/json"]["schema"]
    assert set(request["properties"]) == set(protocol.SyncRequest.model_fields)


def test_the_documented_codes_are_all_that_there_are():
    described = ErrorReply.model_fields["error"].description
    assert described == "one of " + ", ".join(REFUSALS)


def test_nothing_of_alice_is_sent_to_bob(phone, bob):
    phone.sync(phone.new("Alice's secret"))
    assert Device(bob).pull() == {}
