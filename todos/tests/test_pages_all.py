"""Changing many todos without JavaScript: "Mark all as complete" and "Clear completed" (F1)."""

import pytest

from simplesync.tests.pages import Browser
from todos import origins
from todos.tests import lists
from todos.tests.devices import Device


@pytest.fixture
def window(alice):
    return Browser(alice)


def mark_all(window, page, completed=True, **typed):
    form = page.one("form", class_="toggle-all-form")
    return window.submit(page, form, completed="on" if completed else None, **typed).response


def clear(window, page, **typed):
    return window.submit(page, page.one("form", class_="clear-form"), **typed).response


def done(user):
    """Return the texts of the live todos that are done."""
    return set(user.todos.filter(deleted=False, completed=True).values_list("text", flat=True))


def edited(before):
    """Return the texts of the todos that have had an edit since."""
    return {todo.text for todo in before if lists.fresh(todo).change != todo.change}


# Mark all as complete


def test_all_are_marked_as_complete(window, alice):
    todos = lists.add(alice, "Buy milk", "Call Bob")
    answer = mark_all(window, window.get("/"))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert done(alice) == {"Buy milk", "Call Bob"}
    stamps = {lists.fresh(todo).completed_stamp for todo in todos}
    assert {stamp[21:] for stamp in stamps} == {origins.FORM}


def test_all_are_marked_as_not_complete(window, alice):
    lists.add(alice, "Buy milk", "Call Bob", completed=True)
    mark_all(window, window.get("/"), completed=False)
    assert done(alice) == set()


@pytest.mark.parametrize(("completed", "checked"), [(True, True), (False, False)])
def test_the_box_is_ticked_when_all_are_complete(window, alice, completed, checked):
    lists.add(alice, "Buy milk", completed=completed)
    lists.add(alice, "Call Bob", completed=True)
    box = window.get("/").one("input", class_="toggle-all")
    assert ("checked" in box.attrs) is checked


def test_those_that_are_complete_already_get_no_edit(window, alice):
    todos = lists.add(alice, "Buy milk") + lists.add(alice, "Sow beans", completed=True)
    mark_all(window, window.get("/"))
    assert edited(todos) == {"Buy milk"}


@pytest.mark.parametrize("completed", [True, False])
def test_f1_a_box_that_was_not_changed_makes_no_edit(window, alice, completed):
    lists.add(alice, "Buy milk", completed=completed)
    head = lists.head(alice)
    assert mark_all(window, window.get("/"), completed=completed).status_code == 302
    assert lists.head(alice) == head


def test_f1_only_todos_that_the_page_showed_are_marked(window, alice):
    lists.add(alice, "Buy milk")
    page = window.get("/")
    lists.add(alice, "Call Bob")
    mark_all(window, page)
    assert done(alice) == {"Buy milk"}


def test_f1_only_the_rows_of_a_long_lists_page_are_marked(window, alice):
    lists.add_many(Device(alice), 120)
    mark_all(window, window.get("/"))
    assert done(alice) == {f"Todo {n:03}" for n in range(100)}


def test_f1_a_todo_that_was_shown_otherwise_is_left_alone(window, alice):
    """It was shown as complete, so that somebody who marks all does not speak of it."""
    (beans,) = lists.add(alice, "Sow beans", completed=True)
    lists.add(alice, "Buy milk")
    page = window.get("/")
    lists.edit(beans, completed=False)
    mark_all(window, page)
    assert done(alice) == {"Buy milk"}


def test_marking_all_twice_is_marking_all(window, alice):
    lists.add(alice, "Buy milk")
    page = window.get("/")
    mark_all(window, page)
    mark_all(window, page)
    assert done(alice) == {"Buy milk"}


def test_marking_all_brings_no_deleted_todo_back(window, alice):
    (milk,) = lists.add(alice, "Buy milk")
    page = window.get("/")
    lists.edit(milk, deleted=True)
    mark_all(window, page)
    assert lists.fresh(milk).deleted is True


# Clear completed


def test_the_completed_ones_are_cleared(window, alice):
    (beans,) = lists.add(alice, "Sow beans", completed=True)
    lists.add(alice, "Buy milk")
    answer = clear(window, window.get("/completed"))
    assert (answer.status_code, answer["Location"]) == (302, "/completed")
    assert lists.texts(alice) == ["Buy milk"]
    now = lists.fresh(beans)
    assert (now.text, now.deleted_stamp[21:]) == ("Sow beans", origins.FORM)


def test_f1_what_was_completed_after_the_page_was_shown_is_not_cleared(window, alice):
    lists.add(alice, "Sow beans", completed=True)
    (milk,) = lists.add(alice, "Buy milk")
    page = window.get("/")
    lists.edit(milk, completed=True)
    clear(window, page)
    assert lists.texts(alice) == ["Buy milk"]


def test_f1_only_the_completed_rows_of_a_long_lists_page_are_cleared(window, alice):
    lists.add_many(Device(alice), 120, completed=True)
    clear(window, window.get("/completed"))
    assert lists.texts(alice) == [f"Todo {n:03}" for n in range(100, 120)]


def test_f1_what_was_shown_as_still_to_do_is_not_cleared(window, alice):
    (milk,) = lists.add(alice, "Buy milk", "Call Bob")[:1]
    clear(window, window.get("/"), shown_active=[str(milk.uid)])
    assert lists.texts(alice) == ["Buy milk", "Call Bob"]


def test_clearing_with_nothing_completed_makes_no_edit(window, alice):
    lists.add(alice, "Buy milk")
    head = lists.head(alice)
    assert clear(window, window.get("/")).status_code == 302
    assert lists.head(alice) == head


def test_clearing_twice_is_clearing(window, alice):
    (beans,) = lists.add(alice, "Sow beans", completed=True)
    page = window.get("/")
    clear(window, page)
    clear(window, page)
    assert lists.fresh(beans).deleted is True
    assert beans.revisions.filter(field="deleted").count() == 1


# Whose, and bad input


@pytest.mark.parametrize(("send", "name"), [(mark_all, "shown_active"), (clear, "shown_completed")])
def test_another_persons_ids_change_nothing(window, alice, bob, send, name):
    lists.add(alice, "Sow beans")
    (theirs,) = lists.add(bob, "Bob's secret")
    page = window.get("/")
    answer = send(window, page, **{name: [str(theirs.uid)]})
    assert answer.status_code == 302
    assert lists.fresh(theirs).version() == theirs.version()
    assert alice.todos.count() == 1
    assert lists.head(bob) == 1


@pytest.mark.parametrize("send", [mark_all, clear])
@pytest.mark.parametrize("name", ["shown_active", "shown_completed"])
@pytest.mark.parametrize("bad", ["x", "", "\0", "0190a0a0"])
def test_an_id_that_is_none_is_refused_and_nothing_is_changed(window, alice, send, name, bad):
    (milk,) = lists.add(alice, "Buy milk")
    head = lists.head(alice)
    answer = send(window, window.get("/"), **{name: [str(milk.uid), bad]})
    assert answer.status_code == 404
    assert lists.head(alice) == head


@pytest.mark.parametrize("send", [mark_all, clear])
def test_an_id_of_no_todo_changes_nothing(window, alice, send):
    page = window.get("/")
    ids = {name: str(lists.some_uid()) for name in ("shown_active", "shown_completed")}
    assert send(window, page, **ids).status_code == 302
    assert (alice.todos.count(), lists.head(alice)) == (0, 0)
