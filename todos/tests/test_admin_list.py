"""The todos in the admin: who sees them, what is shown of them, what can be found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simplesync.tests.pages import Browser
from todos import origins, sync
from todos.models import Todo
from todos.tests import lists
from todos.tests.devices import Device

LIST = "/admin/todos/todo/"
NASTY = "<script>alert(1)</script><b>bold</b>"


@pytest.fixture
def window(olga):
    return Browser(olga)


def rows(page):
    """Return the rows of the list: their cells by the name of the column."""
    body = [
        row for table in page.all("table", id="result_list") for row in table.one("tbody").all("tr")
    ]
    return [
        {
            cell.attrs["class"].split("field-")[1].split()[0]: cell
            for cell in row.all()
            if "field-" in cell.attrs.get("class", "")
        }
        for row in body
    ]


def shown(page):
    return sorted(row["__str__"].text for row in rows(page))


def change_page(todo):
    return f"{LIST}{todo.pk}/change/"


def device_column(page):
    return [row["made_by"].text for row in rows(page)]


def test_olga_sees_everybodys_todos_live_and_deleted(window, alice, bob):
    lists.add(alice, "Buy milk")
    lists.add(alice, "Gone", deleted=True)
    lists.add(bob, "Call Alice", completed=True)
    assert shown(window.get(LIST)) == ["Buy milk", "Call Alice", "Gone"]


def test_each_row_says_whose_from_where_which_change_and_when(window, alice):
    (todo,) = lists.add(alice, "Buy milk", deleted=True)
    (row,) = rows(window.get(LIST))
    assert row["user"].text == "alice"
    assert row["made_by"].text == origins.NAMES[origins.FORM]
    assert row["change"].text == str(todo.change) == "2"
    assert f"{todo.updated_at:%Y}" in row["updated_at"].text
    flags = {name: row[name].one("img").attrs["alt"] for name in ("completed", "deleted")}
    assert flags == {"completed": "False", "deleted": "True"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("deleted=yes", ["Gone"]),
        ("deleted=perhaps", ["Buy milk", "Call Alice", "Gone"]),
        ("q=milk", ["Buy milk"]),
        ("q=MILK", ["Buy milk"]),
        ("q=bob", ["Call Alice"]),
        ("q=alice", ["Buy milk", "Call Alice", "Gone"]),
        ("q=nothing", []),
    ],
)
def test_todos_are_filtered_and_searched_by_text_and_person(window, alice, bob, query, found):
    lists.add(alice, "Buy milk")
    lists.add(alice, "Gone", deleted=True)
    lists.add(bob, "Call Alice", completed=True)
    assert shown(window.get(f"{LIST}?{query}")) == found


def test_the_newest_todo_comes_first(window, alice):
    lists.add(alice, "first", "second")
    assert [row["__str__"].text for row in rows(window.get(LIST))] == ["second", "first"]


def test_a_todo_without_text_can_be_told_and_opened(window, alice):
    (todo,) = lists.add(alice, "Buy milk", text="")
    page = window.get(LIST)
    assert shown(page) == [f"(no text) {todo.uid}"]
    assert window.get(change_page(todo))


def test_the_page_of_a_todo_says_all_that_is_known_of_it(window, alice):
    (todo,) = lists.add(alice, "Buy milk")
    page = window.get(change_page(todo))
    said = {
        row.attrs["class"].split("field-")[1]: row.text
        for row in page.all("div", class_="form-row")
    }
    assert "alice" in said["user"]
    assert str(todo.uid) in said["uid"]
    assert todo.position in said["position"]
    assert str(todo.change) in said["change"]
    assert origins.NAMES[origins.FORM] in said["made_by"]
    assert {"created_at", "updated_at"} <= said.keys()


# The device column


@pytest.mark.parametrize("node", list(origins.NAMES))
def test_an_edit_made_on_the_server_is_named_by_its_way(window, alice, node):
    (todo,) = lists.add(alice, "Buy milk")
    sync.edit(alice, {todo.uid: {"text": "Buy oat milk"}}, node)
    assert device_column(window.get(LIST)) == [origins.NAMES[node]]


def test_an_edit_made_on_a_device_is_named_by_its_browser(window, alice):
    phone = Device(alice)
    phone.post(phone.body(phone.new("Buy milk")), **{"User-Agent": "Phone 1.0"})
    assert device_column(window.get(LIST)) == ["Phone 1.0"]
    assert "Phone 1.0" in window.get(change_page(Todo.objects.get())).text


def test_a_device_that_is_not_known_is_named_by_its_node(window, alice):
    (todo,) = lists.add(alice, "Buy milk")
    sync.edit(alice, {todo.uid: {"text": "Buy oat milk"}}, "12345678aaaaaaaa")
    assert device_column(window.get(LIST)) == ["12345678aaaaaaaa"]


def test_the_device_is_that_of_the_latest_edit_and_of_the_todos_owner(window, alice, bob):
    phone, stranger = Device(alice), Device(bob)
    stranger.id = phone.id[:8] + stranger.id[8:]
    stranger.post(stranger.body(), **{"User-Agent": "Bob's"})
    sent = phone.new("Buy milk")
    phone.post(phone.body(sent), **{"User-Agent": "Alice's"})
    assert device_column(window.get(LIST)) == ["Alice's"]
    lists.edit(Todo.objects.get(), completed=True)
    assert device_column(window.get(LIST)) == [origins.NAMES[origins.COMMAND]]


# The history beside a todo


def test_the_history_stands_below_newest_first(window, alice):
    (todo,) = lists.add(alice, "one")
    for text in ("two", "three"):
        lists.edit(todo, text=text)
    inline = window.get(change_page(todo)).one(id="revisions-group")
    values = [cell.text for cell in inline.all("td", class_="field-old_value")]
    assert values == ["two", "one"]
    names = [cell.text for cell in inline.all("td", class_="field-made_by")]
    assert names == [origins.NAMES[origins.COMMAND], origins.NAMES[origins.FORM]]


def test_of_a_long_history_the_newest_values_are_shown(window, alice):
    (todo,) = lists.add(alice, "0")
    for n in range(1, 103):
        lists.edit(todo, text=str(n))
    inline = window.get(change_page(todo)).one(id="revisions-group")
    values = [cell.text for cell in inline.all("td", class_="field-old_value")]
    assert values == [str(n) for n in range(101, 1, -1)]


def test_the_history_cannot_be_written(window, alice):
    (todo,) = lists.add(alice, "one")
    lists.edit(todo, text="two")
    inline = window.get(change_page(todo)).one(id="revisions-group")
    names = {element.attrs.get("name", "") for element in inline.all()}
    assert {name for name in names if name.startswith("revisions-")} <= {
        "revisions-TOTAL_FORMS",
        "revisions-INITIAL_FORMS",
        "revisions-MIN_NUM_FORMS",
        "revisions-MAX_NUM_FORMS",
        "revisions-0-id",
        "revisions-0-todo",
    }


def test_html_is_shown_as_text_in_the_list_the_form_and_the_history(window, alice):
    (todo,) = lists.add(alice, NASTY)
    assert shown(window.get(LIST)) == [NASTY]
    lists.edit(todo, text=f"{NASTY}!")
    phone = Device(alice)
    phone.post(phone.body(phone.new("Call Bob")), **{"User-Agent": NASTY})
    for address in (LIST, change_page(todo), f"{LIST}?q=<script>alert(1)</script>"):
        content = window.get(address).response.content.decode()
        assert "<script>alert" not in content
        assert "<b>bold" not in content
    page = window.get(change_page(todo))
    assert page.one("textarea", name="text").raw.removeprefix("\n").strip() == f"{NASTY}!"
    assert NASTY in page.one(id="revisions-group").one("td", class_="field-old_value").text


# Who may see it


@pytest.mark.parametrize("address", [LIST, "/admin/", "/admin/accounts/user/", LIST + "1/change/"])
def test_bob_who_is_not_staff_gets_no_admin(bob, alice, address):
    lists.add(alice, "Alice's secret")
    window = Browser(bob)
    response = window.client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
    assert "admin" not in {link.text.lower() for link in window.get("/").all("a")}


@pytest.mark.parametrize("address", [LIST, "/admin/", LIST + "1/change/"])
def test_anonymous_people_get_no_admin(db, address):
    response = Browser().client.get(address)
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_olga_is_led_from_her_list_to_the_admin(window):
    links = {link.text: link.attrs["href"] for link in window.get("/").all("a")}
    assert links["Admin"] == "/admin/"


# Speed


@pytest.mark.parametrize("address", [LIST, f"{LIST}?q=Todo", f"{LIST}?deleted__exact=0"])
def test_the_number_of_queries_does_not_grow_with_the_list(window, alice, bob, address):
    window.get(address)
    counts = []
    for user, size, total in ((alice, 3, 3), (bob, 80, 83)):
        lists.add_many(Device(user), size)
        with CaptureQueriesContext(connection) as queries:
            assert len(rows(window.get(address))) == total
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_number_of_queries_does_not_grow_with_the_history(window, alice):
    (todo,) = lists.add(alice, "0")
    window.get(change_page(todo))
    counts = []
    for edits in (2, 40):
        for n in range(edits):
            lists.edit(todo, text=f"{edits} {n}")
        with CaptureQueriesContext(connection) as queries:
            window.get(change_page(todo))
        counts.append(len(queries))
    assert counts[0] == counts[1]
