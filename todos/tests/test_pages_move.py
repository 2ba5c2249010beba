"""Moving a todo without JavaScript, by a page that says where it stands; stale ones do no harm."""

import pytest

from simplesync.tests.pages import Browser
from todos import origins
from todos.tests import lists


@pytest.fixture
def window(alice):
    return Browser(alice)


@pytest.fixture
def abcd(alice):
    """Four todos, the third completed: by their texts."""
    todos = {todo.text: todo for todo in lists.add(alice, "a", "b", "c", "d")}
    lists.edit(todos["c"], completed=True)
    return todos


def open_move(window, todo, back="/"):
    """Go from the list by way of the page to edit."""
    row = window.get(back).one("ul", class_="todo-list").one("li", data_id=str(todo.uid))
    edit = window.get(row.one("a", class_="edit-link").attrs["href"])
    [link] = [each for each in edit.all("a") if each.text == "Move it to another place"]
    return window.get(link.attrs["href"])


def press(window, page, name):
    """Press a button, and return the page that comes."""
    [button] = [each for each in page.all("button") if each.text == name]
    fields = {button.attrs["name"]: button.attrs["value"]}
    answer = window.submit(page, page.one("form"), **fields).response
    assert answer.status_code == 302
    return window.get(answer["Location"])


def says(page):
    return page.all("p")[1].text


def buttons(page):
    return [each.text for each in page.all("button")]


def test_it_goes_up_and_down_and_to_both_ends_and_the_page_says_where_it_is(window, alice, abcd):
    page = open_move(window, abcd["b"])
    assert says(page) == "It stands after “a” and before “c”."
    page = press(window, page, "Move down")
    assert (lists.texts(alice), says(page)) == (list("acbd"), "It stands after “c” and before “d”.")
    page = press(window, page, "Move up")
    assert lists.texts(alice) == list("abcd")
    page = press(window, page, "To the bottom")
    assert (lists.texts(alice), says(page)) == (list("acdb"), "It is the last, after “d”.")
    assert buttons(page) == ["Move up", "To the top"]
    page = press(window, page, "To the top")
    assert (lists.texts(alice), says(page)) == (list("bacd"), "It is the first, before “a”.")
    assert buttons(page) == ["Move down", "To the bottom"]
    assert page.one("a").attrs["href"] == "/"


def test_s6_it_is_one_edit_of_one_field_by_the_forms_stamp(window, alice, abcd):
    head = lists.head(alice)
    press(window, open_move(window, abcd["d"]), "To the top")
    assert lists.head(alice) == head + 1
    now = lists.fresh(abcd["d"])
    assert now.position_stamp[21:] == origins.FORM
    assert now.version() == {
        **abcd["d"].version(),
        "position": now.position,
        "clocks": abcd["d"].version()["clocks"] | {"position": now.position_stamp},
    }


def test_from_a_filtered_list_it_goes_past_those_that_are_shown(window, alice, abcd):
    page = open_move(window, abcd["d"], "/active")
    assert says(page) == "It is the last, after “b”."
    page = press(window, page, "Move up")
    assert (lists.texts(alice), says(page)) == (list("adbc"), "It stands after “a” and before “b”.")
    assert page.one("a").attrs["href"] == "/active"


def test_f1_a_page_sent_twice_moves_once(window, alice, abcd):
    page = open_move(window, abcd["d"])
    press(window, page, "Move up")
    head = lists.head(alice)
    press(window, page, "Move up")
    assert (lists.texts(alice), lists.head(alice)) == (list("abdc"), head)


def test_f1_a_stale_page_puts_it_beside_the_one_that_it_showed(window, alice, abcd):
    page = open_move(window, abcd["d"])
    press(window, open_move(window, abcd["c"]), "To the top")
    press(window, page, "Move up")
    assert lists.texts(alice) == list("dcab")


def test_f1_beside_one_that_was_deleted_meanwhile_it_goes_where_that_was(window, alice, abcd):
    page = open_move(window, abcd["d"])
    lists.edit(abcd["c"], deleted=True)
    press(window, open_move(window, abcd["a"]), "To the bottom")
    assert lists.texts(alice) == list("bda")
    press(window, open_move(window, abcd["d"]), "To the bottom")
    press(window, page, "Move up")
    assert lists.texts(alice) == list("bda")


def test_one_that_was_deleted_meanwhile_is_not_moved(window, alice, abcd):
    page = open_move(window, abcd["d"])
    lists.edit(abcd["d"], deleted=True)
    head = lists.head(alice)
    assert press(window, page, "Move up").address == "/"
    assert lists.head(alice) == head
    window.get(f"/todos/{abcd['d'].uid}/move/", status=404)


def test_nor_beside_one_that_was_emptied_meanwhile(window, alice, abcd):
    page = open_move(window, abcd["d"])
    lists.edit(abcd["c"], deleted=True, position="", text="")
    head = lists.head(alice)
    press(window, page, "Move up")
    assert lists.head(alice) == head


def test_m11_between_equal_keys_the_later_ones_get_new_ones(window, alice, abcd):
    for todo in abcd.values():
        lists.edit(todo, position="b00")
    one, two, three, four = lists.texts(alice)  # by their ids
    head = lists.head(alice)
    press(window, open_move(window, abcd[four]), "Move up")
    assert (lists.texts(alice), lists.head(alice)) == ([one, two, four, three], head + 2)
    assert [lists.fresh(abcd[text]).position for text in (one, two)] == ["b00", "b00"]
    press(window, open_move(window, abcd[two]), "To the top")
    assert lists.texts(alice) == [two, one, four, three]


def test_nobody_moves_anothers_todos_or_puts_own_ones_beside_them(window, bob, alice, abcd):
    (other,) = lists.add(bob, "of Bob")
    window.get(f"/todos/{other.uid}/move/", status=404)
    page = open_move(window, abcd["a"])
    form = page.one("form")
    heads = lists.head(alice), lists.head(bob)
    assert window.submit(page, form, before=str(other.uid)).response.status_code == 302
    form.attrs["action"] = f"/todos/{other.uid}/move/"
    answer = window.submit(page, form, before=str(abcd["b"].uid)).response
    assert answer.status_code == 404
    assert (lists.head(alice), lists.head(bob)) == heads


@pytest.mark.parametrize("fields", [{}, {"before": ""}, {"after": str(lists.some_uid())}])
def test_a_form_that_names_nobody_moves_nothing(window, alice, abcd, fields):
    page = open_move(window, abcd["a"])
    head = lists.head(alice)
    assert window.submit(page, page.one("form"), **fields).response.status_code == 302
    assert lists.head(alice) == head


def test_a_form_made_by_hand_is_no_form_of_this_page(window, abcd):
    page = open_move(window, abcd["a"])
    assert window.submit(page, page.one("form"), before="b").response.status_code == 404


def test_a_form_sent_without_a_session_leads_back_to_its_page(window, abcd):
    page = open_move(window, abcd["d"])
    del window.client.cookies["sessionid"]
    answer = window.submit(page, page.one("form"), before=str(abcd["a"].uid)).response
    assert answer.status_code == 302
    assert f"/todos/{abcd['d'].uid}/move/" in answer["Location"]
