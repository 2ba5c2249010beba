"""Somebody whose session has run out loses nothing of what a form holds."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from conftest import PASSWORD
from todos.tests import lists

pytestmark = pytest.mark.django_db


def log_in_after(address, form):
    """Post a form without a session, log in where that leads, and return the page after it."""
    client = Client()
    answer = client.post(address, form)
    assert answer.status_code == 302
    login = urlsplit(answer["Location"])
    assert login.path == "/accounts/login/"
    following = parse_qs(login.query)["next"][0]
    who = {"username": "alice", "password": PASSWORD, "next": following}
    return client.post("/accounts/login/", who, follow=True)


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("back", ["/", "/active"])
def test_a_new_todo_is_still_there_to_be_added(back):
    page = log_in_after("/todos/add/", {"text": "Buy milk & bread", "back": back})
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == back
    assert 'value="Buy milk &amp; bread"' in page.content.decode()


def test_a_new_text_is_still_there_to_be_saved(alice):
    [todo] = lists.add(alice, "Buy milk")
    page = log_in_after(f"/todos/{todo.uid}/edit/", {"text": "Buy oat milk", "shown": "Buy milk"})
    content = page.content.decode()
    assert 'name="text" value="Buy oat milk"' in content
    assert 'name="shown" value="Buy milk"' in content


@pytest.mark.parametrize("verb", ["toggle", "delete"])
def test_another_form_leads_back_to_its_page(alice, verb):
    [todo] = lists.add(alice, "Buy milk")
    page = log_in_after(f"/todos/{todo.uid}/{verb}/", {"back": "/active"})
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/active")


@pytest.mark.usefixtures("alice")
def test_a_form_leads_to_no_other_site():
    page = log_in_after("/todos/add/", {"text": "x", "back": "//evil.example/"})
    assert page.request["PATH_INFO"] == "/"


def test_logging_out_without_a_session_leads_to_the_log_in():
    answer = Client().post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
