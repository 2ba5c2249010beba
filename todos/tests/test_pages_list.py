"""The pages `/`, `/active` and `/completed`: what they show, to whom, and in which order."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simplesync.tests.pages import Browser
from todos.tests import lists
from todos.tests.devices import Device

NASTY = """<script>alert(1)</script> <b>"bold"</b> 'single' &amp; {{ 7|add:7 }} --> ]]>"""


def rows(page):
    return page.one("ul", class_="todo-list").all("li")


def titles(page):
    return [row.one("label").raw for row in rows(page)]


def links(page):
    return {link.text: link.attrs["href"] for link in page.all("a")}


def test_the_list_shows_all_todos(alice):
    lists.add(alice, "Buy milk", "Call Bob")
    lists.add(alice, "Sow beans", completed=True)
    page = Browser(alice).get("/")
    assert titles(page) == ["Buy milk", "Call Bob", "Sow beans"]
    assert page.one("h1").text == "todos"


@pytest.mark.parametrize(
    ("address", "shown", "link"),
    [
        ("/", ["Buy milk", "Sow beans"], "All"),
        ("/active", ["Buy milk"], "Active"),
        ("/completed", ["Sow beans"], "Completed"),
    ],
)
def test_each_page_shows_its_part_and_says_which(alice, address, shown, link):
    lists.add(alice, "Buy milk")
    lists.add(alice, "Sow beans", completed=True)
    lists.add(alice, "Gone", deleted=True)
    page = Browser(alice).get(address)
    assert titles(page) == shown
    assert page.one("a", class_="selected").text == link
    assert page.one("a", aria_current="page").attrs["href"] == address


@pytest.mark.parametrize("address", ["/", "/active", "/completed"])
def test_the_count_is_of_the_whole_list(alice, address):
    lists.add(alice, "Buy milk", "Call Bob")
    lists.add(alice, "Sow beans", completed=True)
    lists.add(alice, "Gone", deleted=True)
    count = Browser(alice).get(address).one(data_testid="todo-count")
    assert count.text == "2 items left"
    assert count.one("strong").text == "2"


def test_one_item_is_counted_in_the_singular(alice):
    lists.add(alice, "Buy milk")
    assert Browser(alice).get("/").one(data_testid="todo-count").text == "1 item left"


@pytest.mark.parametrize(
    ("completed", "hidden"), [((), {"main", "footer", "clear-completed"}), ((True,), set())]
)
def test_what_an_empty_list_does_not_need_is_hidden(alice, completed, hidden):
    for done in completed:
        lists.add(alice, "Sow beans", completed=done)
    page = Browser(alice).get("/")
    named = {name: page.one(class_=name) for name in ("main", "footer", "clear-completed")}
    assert {name for name, element in named.items() if "hidden" in element.attrs} == hidden


def test_clear_completed_is_hidden_when_nothing_is_completed(alice):
    lists.add(alice, "Buy milk")
    assert "hidden" in Browser(alice).get("/").one(class_="clear-completed").attrs


def test_m11_the_order_is_by_position_and_then_by_id(alice):
    device = Device(alice)
    low, high = sorted(str(uuid.uuid4()) for _ in range(2))
    for uid, position, text in [
        (high, "a1", "third"),
        (str(uuid.uuid4()), "aZ", "fourth"),
        (low, "a1", "second"),
        (str(uuid.uuid4()), "aa", "fifth"),
        (str(uuid.uuid4()), "Zz", "first"),
    ]:
        values = {"text": text, "completed": False, "position": position, "deleted": False}
        device.sync(device.edit(uid, **values))
    assert titles(Browser(alice).get("/")) == ["first", "second", "third", "fourth", "fifth"]


def test_c3_a_row_carries_its_id_its_position_and_its_stamps(alice):
    (todo,) = lists.add(alice, "Buy milk", completed=True)
    (row,) = rows(Browser(alice).get("/"))
    assert row.attrs["data-testid"] == "todo-item"
    assert row.attrs["data-id"] == str(todo.uid)
    assert row.attrs["data-position"] == todo.position
    assert json.loads(row.attrs["data-clocks"]) == {
        "text": todo.text_stamp,
        "completed": todo.completed_stamp,
        "position": todo.position_stamp,
        "deleted": todo.deleted_stamp,
    }
    assert row.attrs["class"] == "completed"
    assert "checked" in row.one("input", class_="toggle").attrs


def test_controls_have_the_names_that_people_hear(alice):
    lists.add(alice, "Buy milk")
    page = Browser(alice).get("/")
    (row,) = rows(page)
    assert row.one("input", class_="toggle").attrs["aria-label"] == "Toggle Todo: Buy milk"
    assert row.one("button", class_="destroy").attrs["aria-label"] == "Delete Buy milk"
    assert row.one("a", class_="edit-link").attrs["aria-label"] == "Edit Buy milk"
    new = page.one("input", class_="new-todo").attrs
    assert new["placeholder"] == new["aria-label"] == "What needs to be done?"


def test_the_template_for_new_rows_is_an_empty_row(alice):
    lists.add(alice, "Buy milk")
    blank = Browser(alice).get("/").one("template", id="todo-row").one("li")
    assert blank.attrs["data-id"] == str(uuid.UUID(int=0))
    assert blank.one("label").raw == ""


def test_the_page_tells_the_script_whose_it_is(alice):
    html = Browser(alice).get("/").one("html").attrs
    assert html["data-account"] == str(alice.account)
    assert html["data-user"] == "alice"
    assert html["data-show"] == "all"


# Whose


@pytest.mark.parametrize("address", ["/", "/active", "/completed"])
def test_a_list_shows_only_the_persons_own_todos(alice, bob, address):
    lists.add(alice, "Buy milk", "Call Bob")
    lists.add(alice, "Sow beans", completed=True)
    page = Browser(bob).get(address)
    assert rows(page) == []
    assert page.one(data_testid="todo-count").text == "0 items left"
    assert "alice" not in page.response.content.decode()


@pytest.mark.parametrize("address", ["/", "/active", "/completed", "/?after=a0.b"])
def test_anonymous_people_are_led_to_the_login_and_back(db, address):
    response = Browser().client.get(address, follow=True)
    assert response.redirect_chain[0][1] == 302
    assert response.request["PATH_INFO"] == "/accounts/login/"
    assert response.context["next"] == address


@pytest.mark.parametrize("address", ["/", "/active", "/completed"])
def test_no_cache_keeps_a_list(alice, address):
    assert Browser(alice).get(address).response["Cache-Control"] == "no-store, private"


def test_a_list_answers_head_like_get(alice):
    assert Browser(alice).client.head("/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/active", "/completed"])
def test_a_list_takes_no_post(alice, address):
    browser = Browser(alice)
    token = {"csrfmiddlewaretoken": browser.get("/").all(name="csrfmiddlewaretoken")[0]}
    token = {name: field.attrs["value"] for name, field in token.items()}
    assert browser.client.post(address, token).status_code == 405


# What stands in it


def test_html_in_a_text_is_shown_as_text(alice):
    (todo,) = lists.add(alice, NASTY)
    browser = Browser(alice)
    page = browser.get("/")
    assert titles(page) == [NASTY]
    assert rows(page)[0].one("button", class_="destroy").attrs["aria-label"] == f"Delete {NASTY}"
    assert "<script>alert" not in page.response.content.decode()
    rename = browser.get(f"/todos/{todo.uid}/edit/")
    assert rename.one("input", name="text").attrs["value"] == NASTY
    assert rename.all("script") == rename.all("b") == []


def test_html_that_was_typed_and_refused_is_shown_as_text(alice):
    browser = Browser(alice)
    page = browser.get("/")
    typed = NASTY + "x" * 2000
    refused = browser.submit(page, page.one("form", class_="add-form"), text=typed)
    assert refused.one("input", class_="new-todo").attrs["value"] == typed
    assert "<script>alert" not in refused.response.content.decode()


def test_html_in_an_address_is_shown_as_text(alice):
    lists.add(alice, "Buy milk")
    page = Browser(alice).get('/?after="><script>alert(1)</script>')
    assert "<script>alert" not in page.response.content.decode()


# Pages of a long list


def test_a_long_list_comes_in_pages_of_a_hundred(alice):
    lists.add_many(Device(alice), 250)
    browser = Browser(alice)
    page, seen, sizes = browser.get("/"), [], []
    while True:
        assert page.one(data_testid="todo-count").text == "250 items left"
        seen += titles(page)
        sizes.append(len(rows(page)))
        if "More" not in links(page):
            break
        page = browser.get(links(page)["More"])
    assert sizes == [100, 100, 50]
    assert seen == [f"Todo {n:03}" for n in range(250)]
    assert links(page)["Back to the start"] == "/"


def test_paging_loses_nobody_among_equal_positions(alice):
    device = Device(alice)
    device.sync(*(device.new(f"Todo {n}", position="a1") for n in range(150)))
    browser = Browser(alice)
    page = browser.get("/")
    seen = titles(page) + titles(browser.get(links(page)["More"]))
    assert sorted(seen) == sorted(f"Todo {n}" for n in range(150))


def test_paging_is_by_place_so_a_deleted_row_before_it_shifts_nothing(alice):
    lists.add_many(Device(alice), 150)
    browser = Browser(alice)
    page = browser.get("/")
    lists.edit(alice.todos.get(text="Todo 099"), deleted=True)
    assert titles(browser.get(links(page)["More"]))[0] == "Todo 100"


def test_the_pages_of_a_part_stay_in_that_part(alice):
    device = Device(alice)
    lists.add_many(device, 120, completed=True)
    lists.add(alice, "Buy milk")
    browser = Browser(alice)
    page = browser.get("/completed")
    following = browser.get(links(page)["More"])
    assert len(rows(following)) == 20
    assert links(following)["Back to the start"] == "/completed"


@pytest.mark.parametrize("count", [0, 1, 100])
def test_a_list_that_fits_has_no_pager(alice, count):
    lists.add_many(Device(alice), count)
    page = Browser(alice).get("/")
    assert len(rows(page)) == count
    assert page.all("p", class_="pager") == []


@pytest.mark.parametrize(
    "after", ["", ".", "x", "a1.", "a1.not-a-uuid", ".%00", "%00", "%FF%FE", "é", "1" * 1500]
)
def test_a_bad_place_is_the_start(alice, after):
    lists.add(alice, "Buy milk")
    assert titles(Browser(alice).get(f"/?after={after}")) == ["Buy milk"]


@pytest.mark.parametrize("position", ["%00", "a%00", "%FF", "é", "%3Cb%3E", "'; --", "1"])
def test_a_place_that_is_no_position_is_the_start_too(alice, position):
    """PostgreSQL takes no NUL at all."""
    lists.add(alice, "Buy milk")
    page = Browser(alice).get(f"/?after={position}.{lists.some_uid()}")
    assert titles(page) == ["Buy milk"]


def test_the_number_of_queries_does_not_grow_with_the_list(alice, bob):
    counts = []
    for user, size in ((alice, 3), (bob, 80)):
        lists.add_many(Device(user), size)
        browser = Browser(user)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(rows(browser.get("/"))) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
