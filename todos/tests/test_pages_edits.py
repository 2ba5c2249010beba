"""Changing one todo without JavaScript: ticking, renaming, deleting. Stale pages harm nothing."""

import pytest

from simplesync.tests.pages import Browser
from todos import origins, protocol
from todos.tests import lists
from todos.tests.devices import Device

TOO_LONG = "x" * (protocol.LIMITS["text"] + 1)


@pytest.fixture
def window(alice):
    return Browser(alice)


@pytest.fixture
def milk(alice):
    return lists.add(alice, "Buy milk")[0]


def row(page, todo):
    return page.one("ul", class_="todo-list").one("li", data_id=str(todo.uid))


def tick(window, page, todo, completed):
    """Set a row's checkbox as wanted and send its form."""
    form = row(page, todo).one("form", class_="toggle-form")
    return window.submit(page, form, completed="on" if completed else None).response


def open_rename(window, todo, back="/"):
    page = window.get(back)
    return window.get(row(page, todo).one("a", class_="edit-link").attrs["href"])


def rename(window, page, **typed):
    return window.submit(page, page.one("form"), **typed)


def delete(window, page, todo):
    return window.submit(page, row(page, todo).one("form", class_="delete-form")).response


# Ticking


@pytest.mark.parametrize("wanted", [True, False])
def test_a_todo_is_ticked_and_unticked(window, alice, wanted):
    (todo,) = lists.add(alice, "Buy milk", completed=not wanted)
    answer = tick(window, window.get("/"), todo, wanted)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert lists.fresh(todo).completed is wanted


def test_s6_ticking_sets_one_field_by_the_forms_stamp(window, milk):
    tick(window, window.get("/"), milk, True)
    now = lists.fresh(milk)
    assert now.completed_stamp[21:] == origins.FORM
    assert now.completed_stamp > max(milk.version()["clocks"].values())
    assert (now.text_stamp, now.position_stamp) == (milk.text_stamp, milk.position_stamp)


@pytest.mark.parametrize("stands", [True, False])
def test_f1_a_tick_that_changes_nothing_makes_no_edit(window, alice, stands):
    (todo,) = lists.add(alice, "Buy milk", completed=stands)
    head = lists.head(alice)
    assert tick(window, window.get("/"), todo, stands).status_code == 302
    assert lists.head(alice) == head
    assert lists.fresh(todo).version() == todo.version()


def test_f1_a_tick_on_a_stale_page_sets_what_was_wanted_and_flips_nothing(window, milk):
    page = window.get("/")
    lists.edit(milk, completed=True)
    tick(window, page, milk, True)
    assert lists.fresh(milk).completed is True


def test_f1_an_unticked_box_on_a_stale_page_overwrites_nothing(window, alice, milk):
    page = window.get("/")
    lists.edit(milk, completed=True)
    head = lists.head(alice)
    tick(window, page, milk, False)
    assert (lists.fresh(milk).completed, lists.head(alice)) == (True, head)


def test_a_form_sent_twice_ticks_once(window, milk):
    page = window.get("/")
    tick(window, page, milk, True)
    tick(window, page, milk, True)
    assert lists.fresh(milk).completed is True
    assert milk.revisions.count() == 1


def test_ticking_a_todo_that_is_deleted_brings_it_not_back(window, milk):
    page = window.get("/")
    lists.edit(milk, deleted=True)
    assert tick(window, page, milk, True).status_code == 302
    assert lists.fresh(milk).deleted is True


# Renaming


def test_the_page_to_rename_shows_the_text(window, milk):
    page = open_rename(window, milk, "/active")
    assert page.one("input", name="text").attrs["value"] == "Buy milk"
    assert page.all("a")[0].attrs["href"] == "/active"
    assert page.response["Cache-Control"] == "no-store, private"


def test_there_is_no_page_to_rename_a_todo_that_is_deleted(window, milk):
    lists.edit(milk, deleted=True)
    window.get(f"/todos/{milk.uid}/edit/", status=404)


def test_a_todo_is_renamed(window, milk):
    answer = rename(window, open_rename(window, milk, "/active"), text=" Buy oat milk ").response
    assert (answer.status_code, answer["Location"]) == (302, "/active")
    now = lists.fresh(milk)
    assert now.text == "Buy oat milk"
    assert now.text_stamp[21:] == origins.FORM
    assert now.completed_stamp == milk.completed_stamp
    assert milk.revisions.get().value == "Buy milk"


@pytest.mark.parametrize(
    "text",
    [
        *("Buy milk", "", " padded ", "\ttab", "\u00a0no break", "two\nlines", "one\r\ntwo\rthree"),
        *("line\u2028separator", "form\x0cfeed", "next\x85line"),  # no ends of lines to a browser
    ],
)
def test_f1_a_text_that_was_not_changed_makes_no_edit(window, alice, text):
    device = Device(alice)
    sent = device.new(text)
    device.sync(sent)
    todo = alice.todos.get()
    answer = rename(window, open_rename(window, todo)).response
    assert answer.status_code == 302
    assert lists.fresh(todo).version() == todo.version()


def test_f1_a_text_of_spaces_that_was_not_changed_deletes_nothing(window, alice):
    device = Device(alice)
    device.sync(device.new("  "))
    todo = alice.todos.get()
    rename(window, open_rename(window, todo))
    assert lists.fresh(todo).deleted is False


def test_f1_an_unchanged_text_on_a_stale_page_overwrites_nothing(window, milk):
    page = open_rename(window, milk)
    lists.edit(milk, text="Buy oat milk")
    rename(window, page)
    assert lists.fresh(milk).text == "Buy oat milk"


def test_a_changed_text_on_a_stale_page_wins_and_the_other_is_kept(window, milk):
    page = open_rename(window, milk)
    lists.edit(milk, text="Buy oat milk")
    rename(window, page, text="Buy soy milk")
    assert lists.fresh(milk).text == "Buy soy milk"
    kept = milk.revisions.values_list("value", flat=True)
    assert set(kept) == {"Buy milk", "Buy oat milk"}


def test_a_text_that_was_typed_while_the_todo_was_deleted_elsewhere_is_not_lost(window, milk):
    """It stays deleted; its newest text is what the Trash keeps."""
    page = open_rename(window, milk)
    lists.edit(milk, deleted=True)
    assert rename(window, page, text="Buy oat milk").response.status_code == 302
    now = lists.fresh(milk)
    assert (now.text, now.deleted) == ("Buy oat milk", True)


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_text_deletes_the_todo_and_keeps_its_text(window, milk, text):
    answer = rename(window, open_rename(window, milk), text=text).response
    assert answer.status_code == 302
    now = lists.fresh(milk)
    assert (now.deleted, now.text) == (True, "Buy milk")


@pytest.mark.parametrize("typed", [TOO_LONG, "Buy\0milk"], ids=["too long", "NUL"])
def test_a_bad_text_is_refused_in_place_and_kept(window, alice, milk, typed):
    head = lists.head(alice)
    answer = rename(window, open_rename(window, milk, "/active"), text=typed)
    assert answer.response.status_code == 400
    assert answer.one("input", name="text").attrs["value"] == typed
    assert answer.one("p", role="alert").text
    assert answer.one("input", name="shown").attrs["value"] == "Buy milk"
    assert answer.all("a")[0].attrs["href"] == "/active"
    assert lists.head(alice) == head


def test_after_a_bad_text_what_is_shown_is_still_what_was_shown_first(window, milk):
    page = open_rename(window, milk)
    lists.edit(milk, text="Buy oat milk")
    refused = rename(window, page, text=TOO_LONG)
    rename(window, refused, text="Buy milk")
    assert lists.fresh(milk).text == "Buy oat milk"


# Deleting


def test_a_todo_is_deleted_and_its_row_kept(window, alice, milk):
    answer = delete(window, window.get("/active"), milk)
    assert (answer.status_code, answer["Location"]) == (302, "/active")
    assert lists.texts(alice) == []
    assert lists.fresh(milk).text == "Buy milk"


def test_a_todo_that_is_deleted_twice_is_deleted(window, milk):
    page = window.get("/")
    delete(window, page, milk)
    assert delete(window, page, milk).status_code == 302
    assert lists.fresh(milk).deleted is True
    assert milk.revisions.filter(field="deleted").count() == 1
