"""Every form of the list: whose todo it is, where it leads, and who may send it."""

import uuid

import pytest
from django.test import Client

from simplesync.tests.pages import Browser
from todos import protocol
from todos.models import Todo
from todos.tests import lists

EVIL = [
    "//evil.example",
    "///evil.example",
    "https://evil.example/",
    "HTTPS:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x00//evil.example",
    " //evil.example",
    "evil.example",
    "?x",
    "",
]
ONE = ["toggle", "edit", "delete"]  # what is done to one todo
MANY = ["add", "toggle-all", "clear-completed"]
FIELDS = {"text": "New", "completed": "on"}


@pytest.fixture
def milk(alice):
    return lists.add(alice, "Buy milk")[0]


def address(verb, uid):
    return f"/todos/{uid}/{verb}/" if verb in ONE else f"/todos/{verb}/"


def fields(todo, **more):
    """Return a body that each of the forms takes, and by which each would change something."""
    own = {"id": str(uuid.uuid4()), "shown_active": str(todo.uid)}
    return FIELDS | own | {"shown_completed": str(todo.uid)} | more


def send(user, verb, todo, **more):
    """Send a form without asking for CSRF."""
    client = Client()
    client.force_login(user)
    return client.post(address(verb, todo.uid), fields(todo, **more))


@pytest.mark.parametrize("verb", ONE + MANY)
def test_each_of_these_forms_changes_something(alice, milk, verb):
    """So that the refusals below refuse what would work."""
    head = lists.head(alice)
    assert send(alice, verb, milk).status_code == 302
    assert lists.head(alice) == head + 1


# Whose


@pytest.mark.parametrize("verb", ONE)
def test_another_persons_todo_is_not_found_and_not_changed(alice, bob, milk, verb):
    assert send(bob, verb, milk).status_code == 404
    assert lists.fresh(milk).version() == milk.version()
    assert Todo.objects.filter(user=bob).count() == lists.head(bob) == 0


def test_not_even_a_bad_form_tells_that_another_person_has_a_todo(bob, milk):
    for uid in (milk.uid, lists.some_uid()):
        client = Client()
        client.force_login(bob)
        assert client.post(address("edit", uid), {"text": "x" * 2001}).status_code == 404


def test_another_persons_todo_cannot_be_seen(bob, milk):
    page = Browser(bob).get(f"/todos/{milk.uid}/edit/", status=404)
    assert "milk" not in page.response.content.decode()


def test_a_superuser_has_no_more_in_the_list_than_anybody(olga, milk):
    assert send(olga, "delete", milk).status_code == 404
    assert "Buy milk" not in Browser(olga).get("/").response.content.decode()


@pytest.mark.parametrize("verb", ONE)
def test_a_todo_that_does_not_exist_is_not_found(alice, verb):
    client = Client()
    client.force_login(alice)
    uid = lists.some_uid()
    assert client.post(address(verb, uid), FIELDS).status_code == 404
    assert lists.head(alice) == 0


@pytest.mark.parametrize("uid", ["x", "0190A0A0-0000-7000-8000-00000000000F", "1", "%00", "../.."])
@pytest.mark.parametrize("verb", ONE)
def test_an_address_with_a_bad_id_is_not_found(alice, verb, uid):
    client = Client()
    client.force_login(alice)
    assert client.post(address(verb, uid), FIELDS).status_code == 404


@pytest.mark.parametrize("verb", ONE + MANY)
def test_anonymous_people_are_led_to_the_login_and_nothing_is_changed(alice, milk, verb):
    answer = Client().post(address(verb, milk.uid), fields(milk))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")
    assert lists.head(alice) == 1


# Where it leads


@pytest.mark.parametrize("verb", ONE + MANY)
@pytest.mark.parametrize("back", ["/", "/active", "/completed", "/?after=a0.b", "/active?x=%2F&y"])
def test_a_form_leads_back_to_where_the_person_was(alice, milk, verb, back):
    assert send(alice, verb, milk, back=back)["Location"] == back


@pytest.mark.parametrize("verb", ONE + MANY)
@pytest.mark.parametrize("back", EVIL)
def test_a_form_leads_to_no_other_site(alice, milk, verb, back):
    answer = send(alice, verb, milk, back=back)
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("back", EVIL)
def test_the_page_to_rename_leads_to_no_other_site(alice, milk, back):
    client = Client()
    client.force_login(alice)
    response = client.get(f"/todos/{milk.uid}/edit/", {"back": back})
    assert response.context["here"] == "/"


@pytest.mark.parametrize("back", [*EVIL, "/nowhere", "/accounts/login/", "/admin/"])
def test_a_refused_todo_is_shown_in_a_list_whatever_the_form_says(alice, back):
    client = Client()
    client.force_login(alice)
    response = client.post("/todos/add/", {"text": "", "id": str(uuid.uuid4()), "back": back})
    assert (response.status_code, response.context["which"]) == (400, "all")
    assert response.context["here"] == "/"


# Who may send it


@pytest.mark.parametrize("verb", ONE + MANY)
def test_a_form_without_its_token_is_refused(alice, milk, verb):
    browser = Browser(alice)
    browser.get("/")
    answer = browser.client.post(address(verb, milk.uid), fields(milk))
    assert answer.status_code == 403
    assert lists.head(alice) == 1


@pytest.mark.parametrize("verb", ONE + MANY)
def test_a_form_with_another_sessions_token_is_refused(alice, bob, milk, verb):
    page = Browser(bob).get("/")
    token = page.all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    browser = Browser(alice)
    browser.get("/")
    body = fields(milk, csrfmiddlewaretoken=token)
    assert browser.client.post(address(verb, milk.uid), body).status_code == 403
    assert lists.head(alice) == 1


@pytest.mark.parametrize("verb", [verb for verb in ONE + MANY if verb != "edit"])
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_nothing_is_changed_but_by_post(alice, milk, verb, method):
    client = Client()
    client.force_login(alice)
    response = getattr(client, method)(address(verb, milk.uid), FIELDS)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert lists.head(alice) == 1


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_the_page_to_rename_is_shown_and_sent_only(alice, milk, method):
    client = Client()
    client.force_login(alice)
    response = getattr(client, method)(f"/todos/{milk.uid}/edit/", FIELDS)
    assert response.status_code == 405
    assert lists.head(alice) == 1


def test_looking_at_the_page_to_rename_changes_nothing(alice, milk):
    Browser(alice).get(f"/todos/{milk.uid}/edit/?text=New&shown=Old")
    assert lists.head(alice) == 1


def test_m8_the_limit_is_of_todos_and_not_of_edits(alice, milk, monkeypatch):
    monkeypatch.setitem(protocol.LIMITS, "todosPerUser", 1)
    for verb in ("toggle", "edit", "delete"):
        assert send(alice, verb, milk).status_code == 302
    assert lists.fresh(milk).version() | {"clocks": None} == milk.version() | {
        "text": "New",
        "completed": True,
        "deleted": True,
        "clocks": None,
    }
