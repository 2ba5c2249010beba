"""The pages for what went wrong belong to the site, and say what to do."""

import pytest
from django.test import Client


def heading(response):
    """Return the heading of a page of ours."""
    content = response.content.decode()
    assert "simplesync.css" in content
    assert "To your todos" in content
    return content.split("<h1>")[1].split("</h1>")[0]


@pytest.mark.django_db
def test_a_page_that_is_not_there(alice):
    client = Client()
    client.force_login(alice)
    response = client.get("/nowhere")
    assert (response.status_code, heading(response)) == (404, "Not found")


@pytest.mark.django_db
def test_a_form_whose_token_is_stale(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post("/todos/add/", {"text": "Buy milk"})
    assert (response.status_code, heading(response)) == (403, "Please try again")


def test_a_host_that_is_not_this_site(client):
    response = client.get("/accounts/login/", headers={"Host": "evil.example"})
    assert (response.status_code, heading(response)) == (400, "That was not understood")


@pytest.mark.django_db
def test_a_mistake_of_the_server(alice, monkeypatch, caplog):
    def broken(*_):
        raise KeyError("a secret of the server")

    monkeypatch.setattr("todos.views.page_of", broken)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    response = client.get("/")
    assert (response.status_code, heading(response)) == (500, "Something went wrong")
    assert "a secret of the server" not in response.content.decode()
    assert "a secret of the server" in caplog.text
