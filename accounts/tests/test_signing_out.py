"""A browser's promise to sign out is kept by its next request, whatever that is."""

import pytest
from django.contrib.sessions.models import Session

pytestmark = pytest.mark.django_db


def promised(client, account):
    client.cookies["signing-out"] = str(account)
    return client


@pytest.mark.parametrize("address", ["/", "/trash/", "/admin/", "/accounts/login/"])
def test_the_session_ends_before_anything_is_answered(client, alice, address):
    client.force_login(alice)
    answer = promised(client, alice.account).get(address)
    assert answer.status_code in (200, 302)
    assert alice.username not in answer.content.decode()
    assert not Session.objects.exists()
    assert answer.cookies["signing-out"]["max-age"] == 0
    assert answer.cookies["device"]["max-age"] == 0


def test_nothing_is_written_in_its_name(client, alice):
    client.force_login(alice)
    token = client.get("/").cookies["csrftoken"].value
    form = {"text": "too late", "csrfmiddlewaretoken": token, "id": ""}
    promised(client, alice.account).post("/todos/add/", form)
    assert not alice.todos.exists()


@pytest.mark.parametrize("account", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_promise_of_somebody_else_ends_no_session(client, alice, account):
    client.force_login(alice)
    answer = promised(client, account).get("/")
    assert answer.status_code == 200
    assert Session.objects.exists()
    assert answer.cookies["signing-out"]["max-age"] == 0


def test_the_next_person_may_log_in_at_once(client, alice, bob):
    client.force_login(alice)
    promised(client, alice.account)
    bob.set_password("correct horse")
    bob.save()
    form = {"username": bob.username, "password": "correct horse"}
    answer = client.post("/accounts/login/", form)
    assert answer["Location"] == "/"
    assert client.get("/").context["user"] == bob


def test_without_a_promise_nothing_changes(client, alice):
    client.force_login(alice)
    answer = client.get("/")
    assert "signing-out" not in answer.cookies
    assert Session.objects.exists()
