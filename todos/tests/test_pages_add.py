"""Adding a todo without JavaScript."""

import uuid

import pytest

from simplesync.tests.pages import Browser
from todos import origins, protocol
from todos.models import Todo
from todos.tests import lists
from todos.tests.devices import Device

TOO_LONG = "x" * (protocol.LIMITS["text"] + 1)


@pytest.fixture
def window(alice):
    return Browser(alice)


def send(window, page, text, **typed):
    """Type a text into the form of a page, and send it."""
    return window.submit(page, page.one("form", class_="add-form"), text=text, **typed)


def error(page):
    """Return what the page says is wrong; it is hidden while nothing is."""
    element = page.one("p", id="add-error")
    return "" if "hidden" in element.attrs else element.text


def test_a_todo_is_added(window, alice):
    answer = send(window, window.get("/"), "Buy milk").response
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert lists.texts(alice) == ["Buy milk"]
    assert not alice.todos.get().completed


def test_a_todo_goes_to_the_end(window, alice):
    lists.add_many(Device(alice), 3)
    send(window, window.get("/"), "Buy milk")
    assert lists.texts(alice)[-1] == "Buy milk"


def test_the_id_is_the_one_that_came_with_the_form(window, alice):
    page = window.get("/")
    form = page.one("form", class_="add-form")
    send(window, page, "Buy milk")
    assert str(alice.todos.get().uid) == form.one("input", name="id").attrs["value"]


def test_each_page_brings_another_id(window):
    ids = {window.get("/").one("input", name="id").attrs["value"] for _ in range(3)}
    assert {uuid.UUID(id).version for id in ids} == {7}
    assert len(ids) == 3


def test_s6_the_stamps_are_the_forms(window, alice):
    send(window, window.get("/"), "Buy milk")
    stamps = set(alice.todos.get().version()["clocks"].values())
    assert {stamp[21:] for stamp in stamps} == {origins.FORM}


@pytest.mark.parametrize("back", ["/", "/active", "/completed", "/?after=a0zzzz.x"])
def test_adding_leads_back_to_where_the_person_was(window, back):
    answer = send(window, window.get(back), "Buy milk").response
    assert (answer.status_code, answer["Location"]) == (302, back)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("  Buy milk\t ", "Buy milk"),
        ("Buy  two   things", "Buy  two   things"),
        ("\u00a0Buy milk\u3000", "Buy milk"),
        ("x" * protocol.LIMITS["text"], "x" * protocol.LIMITS["text"]),
        ("\U0001f600" * protocol.LIMITS["text"], "\U0001f600" * protocol.LIMITS["text"]),
        ("Cafe\u0301", "Cafe\u0301"),
    ],
    ids=["trimmed", "inner space kept", "any space trimmed", "longest", "code points", "verbatim"],
)
def test_m6_a_text_is_trimmed_and_else_stored_as_typed(window, alice, typed, text):
    send(window, window.get("/"), typed)
    assert lists.texts(alice) == [text]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write what needs to be done."),
        (" \t ", "Write what needs to be done."),
        (TOO_LONG, protocol.REJECTIONS["text_too_long"]),
    ],
    ids=["empty", "spaces", "too long"],
)
@pytest.mark.parametrize("where", ["/", "/active", "/completed"])
def test_a_bad_text_is_refused_in_place_and_kept(window, alice, typed, sentence, where):
    answer = send(window, window.get(where), typed)
    assert answer.response.status_code == 400
    assert error(answer) == sentence
    assert answer.one("input", class_="new-todo").attrs["value"] == typed
    assert answer.one("input", class_="new-todo").attrs["aria-invalid"] == "true"
    assert answer.one("a", class_="selected").attrs["href"] == where
    assert lists.head(alice) == 0


def test_m6_a_nul_character_is_refused(window, alice):
    answer = send(window, window.get("/"), "Buy\0milk")
    assert answer.response.status_code == 400
    assert error(answer)
    assert lists.head(alice) == 0


def test_nothing_is_said_to_be_wrong_before_anything_is(window):
    page = window.get("/")
    assert error(page) == ""
    assert "aria-invalid" not in page.one("input", class_="new-todo").attrs


def test_a_refused_form_can_be_corrected_and_sent(window, alice):
    page = window.get("/active")
    refused = send(window, page, TOO_LONG)
    answer = send(window, refused, "Buy milk").response
    assert (answer.status_code, answer["Location"]) == (302, "/active")
    assert lists.texts(alice) == ["Buy milk"]
    sent = page.one("form", class_="add-form").one("input", name="id").attrs["value"]
    assert str(alice.todos.get().uid) == sent


def test_a_refused_form_shows_the_list_all_the_same(window, alice):
    lists.add(alice, "Call Bob")
    answer = send(window, window.get("/"), "")
    assert [row.one("label").raw for row in answer.one(class_="todo-list").all("li")] == [
        "Call Bob"
    ]
    assert answer.response["Cache-Control"] == "no-store, private"


# Repeats (F2)


def test_f2_a_form_sent_twice_adds_one_todo(window, alice):
    page = window.get("/")
    send(window, page, "Buy milk")
    head = lists.head(alice)
    assert send(window, page, " Buy milk ").response.status_code == 302
    assert lists.texts(alice) == ["Buy milk"]
    assert lists.head(alice) == head


def test_f2_an_id_used_again_with_another_text_makes_a_second_todo(window, alice):
    page = window.get("/")
    send(window, page, "Buy milk")
    send(window, page, "Call Bob")
    assert lists.texts(alice) == ["Buy milk", "Call Bob"]
    assert alice.todos.get(text="Buy milk").revisions.count() == 0


def test_f2_an_id_that_another_person_has_too_is_no_matter(window, alice, bob):
    page = window.get("/")
    (theirs,) = lists.add(bob, "Bob's secret")
    send(window, page, "Buy milk", id=str(theirs.uid))
    assert lists.texts(alice) == ["Buy milk"]
    assert lists.texts(bob) == ["Bob's secret"]
    assert Todo.objects.filter(uid=theirs.uid).count() == 2


@pytest.mark.parametrize("bad", ["", "x", "0190a0a0", "1 OR 1=1", "\0", None])
def test_a_bad_id_is_refused_in_place(window, alice, bad):
    answer = send(window, window.get("/"), "Buy milk", id=bad)
    assert answer.response.status_code == 400
    assert error(answer)
    assert answer.one("input", class_="new-todo").attrs["value"] == "Buy milk"
    assert lists.head(alice) == 0


# A full list (M8)


@pytest.fixture
def room_for_two(monkeypatch):
    monkeypatch.setitem(protocol.LIMITS, "todosPerUser", 2)


@pytest.mark.usefixtures("room_for_two")
def test_m8_a_full_list_takes_no_more_and_says_so(window, alice):
    lists.add(alice, "one", "two")
    head = lists.head(alice)
    answer = send(window, window.get("/"), "three")
    assert answer.response.status_code == 400
    assert error(answer) == protocol.REJECTIONS["too_many_todos"]
    assert answer.one("input", class_="new-todo").attrs["value"] == "three"
    assert (lists.texts(alice), lists.head(alice)) == (["one", "two"], head)


@pytest.mark.usefixtures("room_for_two")
def test_m8_deleting_one_makes_room(window, alice):
    lists.add(alice, "one", "two")
    lists.edit(alice.todos.get(text="one"), deleted=True)
    send(window, window.get("/"), "three")
    assert lists.texts(alice) == ["two", "three"]


@pytest.mark.usefixtures("room_for_two")
def test_m8_a_form_sent_twice_is_no_error_in_a_full_list(window, alice):
    lists.add(alice, "one")
    page = window.get("/")
    send(window, page, "two")
    assert send(window, page, "two").response.status_code == 302


@pytest.mark.usefixtures("room_for_two")
def test_m8_another_persons_list_has_its_own_room(window, alice, bob):
    lists.add(bob, "one", "two")
    send(window, window.get("/"), "Buy milk")
    assert lists.texts(alice) == ["Buy milk"]
