"""Deleting the account leaves nothing of it, but for the random id by which its devices learn."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import DeletedAccount, Device, User
from conftest import PASSWORD
from simplesync.tests.pages import Browser
from todos.models import Head, Revision, SyncState, Todo, WrongClock
from todos.tests.devices import Device as Phone

ADDRESS = "/accounts/delete/"
OF_A_PERSON = (Todo, Revision, Head, SyncState, WrongClock, Device)


@pytest.fixture
def phone(alice):
    """A device of Alice's, with a todo and some history."""
    phone = Phone(alice)
    todo = phone.new("Buy milk")
    phone.sync(todo)
    phone.sync(phone.edit(todo["id"], text="Buy oat milk"))
    WrongClock.objects.create(user=alice, node="0" * 16, after=1)
    return phone


@pytest.fixture
def window(phone):
    """Her browser."""
    window = Browser()
    window.client = phone.client
    return window


def delete(window, **typed):
    page = window.get(ADDRESS)
    typed = {"password": PASSWORD, "understood": "on", **typed}
    return window.submit(page, page.one("main").one("form"), **typed)


def test_everything_goes_and_a_page_says_so(window, phone):
    for model in OF_A_PERSON:
        assert model.objects.exists(), model
    answer = delete(window).response
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/deleted/")
    assert "Your account was deleted" in window.get("/accounts/deleted/").text
    for model in (*OF_A_PERSON, User, Session):
        assert not model.objects.exists(), model
    assert [str(each.account) for each in DeletedAccount.objects.all()] == [str(phone.user.account)]
    assert answer.cookies["device"]["max-age"] == 0
    connection.check_constraints()


def test_the_way_there_begins_at_the_account_page(window):
    assert ADDRESS in [link.attrs["href"] for link in window.get("/accounts/").all("a")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"password": "wrong"}, "This is not your password."),
        ({"password": ""}, "This field is required."),
        ({"understood": None}, "This field is required."),
    ],
)
def test_it_asks_for_the_password_and_for_a_tick(window, alice, typed, says):
    answer = delete(window, **typed)
    assert answer.response.status_code == 200
    assert says in answer.text
    assert User.objects.filter(pk=alice.pk).exists()
    assert Todo.objects.exists()


def test_bob_keeps_everything(window, bob):
    theirs = Phone(bob)
    theirs.sync(theirs.new("Bob's own"))
    delete(window, account=str(bob.account), username="bob")
    assert [todo.text for todo in Todo.objects.all()] == ["Bob's own"]
    theirs.sync()
    assert User.objects.get() == bob


def test_an_admin_may_go_too(olga):
    delete(Browser(olga))
    assert not User.objects.exists()


def test_the_name_is_free_again_for_another_account(window, alice):
    delete(window)
    again = User.objects.create_user("alice", password=PASSWORD)
    assert again.account != alice.account


def test_all_or_nothing_goes(window, alice, monkeypatch):
    def fail(*args, **options):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(User, "delete", fail)
    with pytest.raises(RuntimeError):
        delete(window)
    assert [todo.text for todo in Todo.objects.all()] == ["Buy oat milk"]
    assert not DeletedAccount.objects.exists()
    assert window.client.get("/").status_code == 200


def test_it_is_a_form_of_who_is_logged_in(db, alice):
    answer = Browser().client.get(ADDRESS)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={ADDRESS}")
    form = {"password": PASSWORD, "understood": "on"}
    assert Browser(alice).client.post(ADDRESS, form).status_code == 403
    assert User.objects.exists()


def test_todos_are_not_read_to_be_deleted(window, monkeypatch):
    """There may be a hundred thousand of them."""
    read = []
    monkeypatch.setattr(Todo, "from_db", lambda *args: read.append(args))
    delete(window)
    assert read == []
    assert not User.objects.exists()
