"""Editing todos in the admin: every edit goes through the one write path, and no row goes away."""

import re

import pytest
from django.db.models import Max

from simplesync.tests.pages import Browser
from todos import hlc, origins, sync
from todos.models import Head, Revision, SyncState, Todo
from todos.tests import lists
from todos.tests.devices import Device

LIST = "/admin/todos/todo/"


@pytest.fixture
def window(olga):
    return Browser(olga)


@pytest.fixture
def milk(alice):
    return lists.add(alice, "Buy milk")[0]


def open_form(window, todo):
    return window.get(f"{LIST}{todo.pk}/change/")


def save(window, page, **typed):
    return window.submit(page, page.one("form", id="todo_form"), **typed)


def act(window, action, *todos):
    """Run an action of the list on some of its rows."""
    page = window.get(LIST)
    chosen = [str(todo.pk) for todo in todos]
    form = page.one("form", id="changelist-form")
    typed = {"_selected_action": chosen, "action": action, "index": "0"}
    return window.submit(page, form, **typed)


def errors(page):
    return [element.text for element in page.all("ul", class_="errorlist")]


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ({"text": " Buy oat milk "}, "text", "Buy oat milk"),
        ({"completed": "on"}, "completed", True),
        ({"deleted": "on"}, "deleted", True),
    ],
)
def test_a_field_is_changed_through_the_write_path(window, alice, milk, typed, field, value):
    before, greatest = SyncState.of(alice), SyncState.of(alice).greatest_stamp
    answer = save(window, open_form(window, milk), **typed).response
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    now = lists.fresh(milk)
    stamp = getattr(now, f"{field}_stamp")
    assert getattr(now, field) == value
    assert now.change == lists.head(alice) == before.head + 1
    assert Head.objects.filter(user=alice, number=now.change).exists()
    assert (hlc.node_of(stamp), stamp > greatest) == (origins.ADMIN, True)
    kept = Revision.objects.get(todo=milk)
    assert (kept.field, kept.value) == (field, getattr(milk, field))
    others = [name for name in ("text", "completed", "deleted") if name != field]
    assert {getattr(now, f"{name}_stamp") for name in others} == {milk.text_stamp}


def test_s6_the_stamp_is_greater_than_all_before_whatever_the_clock_says(window, alice):
    fast = Device(alice, now=lambda: sync.now_ms() + 50_000)
    fast.sync(fast.new("Buy milk"))
    todo = alice.todos.get()
    save(window, open_form(window, todo), text="Buy oat milk")
    assert lists.fresh(todo).text_stamp > todo.text_stamp


def test_a_device_gets_what_was_changed_in_the_admin(window, alice, milk):
    phone = Device(alice)
    phone.pull()
    save(window, open_form(window, milk), text="Buy oat milk")
    assert phone.pull()[str(milk.uid)]["text"] == "Buy oat milk"


def test_the_counts_are_kept(window, alice, milk):
    save(window, open_form(window, milk), completed="on")
    assert (SyncState.of(alice).live, SyncState.of(alice).completed) == (1, 1)
    save(window, open_form(window, milk), deleted="on")
    assert (SyncState.of(alice).live, SyncState.of(alice).completed) == (0, 0)


@pytest.mark.parametrize("text", ["Buy milk", " padded ", "two\nlines", "  two\r\nlines", "  "])
def test_f1_a_form_that_was_not_changed_makes_no_edit(window, alice, text):
    device = Device(alice)
    device.sync(device.new(text))
    todo = alice.todos.get()
    answer = save(window, open_form(window, todo)).response
    assert answer.status_code == 302
    assert lists.fresh(todo).version() == todo.version()
    assert lists.head(alice) == 1


@pytest.mark.parametrize(
    ("elsewhere", "typed"),
    [
        ({"text": "Buy oat milk"}, {"completed": "on"}),
        ({"text": "Buy oat milk", "completed": True}, {"deleted": "on"}),
        ({"completed": True, "deleted": True}, {"text": "Buy soy milk"}),
    ],
)
def test_f1_only_what_was_changed_is_saved_when_a_device_changed_the_rest(
    window, milk, elsewhere, typed
):
    page = open_form(window, milk)
    lists.edit(milk, **elsewhere)
    save(window, page, **typed)
    now = lists.fresh(milk)
    assert {name: getattr(now, name) for name in elsewhere} == elsewhere
    nodes = {name: hlc.node_of(getattr(now, f"{name}_stamp")) for name in (*elsewhere, *typed)}
    assert nodes == dict.fromkeys(elsewhere, origins.COMMAND) | dict.fromkeys(typed, origins.ADMIN)


def test_f1_only_what_was_changed_is_saved_after_an_error_too(window, milk):
    page = open_form(window, milk)
    refused = save(window, page, text="x" * 2001, completed="on")
    assert errors(refused)
    lists.edit(milk, text="Buy oat milk")
    save(window, refused, text="Buy milk")
    now = lists.fresh(milk)
    assert (now.text, now.completed) == ("Buy oat milk", True)


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "Buy\0milk"])
def test_a_bad_text_is_refused_in_place(window, alice, milk, text):
    answer = save(window, open_form(window, milk), text=text)
    assert answer.response.status_code == 200
    assert errors(answer)
    assert lists.head(alice) == 1


def test_a_todo_without_text_can_be_changed_all_the_same(window, alice, milk):
    lists.edit(milk, text="", deleted=True)
    answer = save(window, open_form(window, milk), deleted=None)
    assert errors(answer) == []
    assert lists.fresh(milk).deleted is False


def test_f1_a_form_shown_without_text_is_saved_though_a_device_has_set_one_since(window, milk):
    lists.edit(milk, text="")
    page = open_form(window, milk)
    lists.edit(milk, text="Buy oat milk")
    assert errors(save(window, page, completed="on")) == []
    now = lists.fresh(milk)
    assert (now.text, now.completed) == ("Buy oat milk", True)


@pytest.mark.parametrize("field", ["user", "uid", "position", "change", "updated_at"])
def test_what_is_not_for_people_cannot_be_changed(window, olga, milk, field):
    page = open_form(window, milk)
    assert page.all(name=field) == []
    save(window, page, **{field: str(olga.pk), "completed": "on"})
    now = lists.fresh(milk)
    assert (now.user_id, now.uid, now.position) == (milk.user_id, milk.uid, milk.position)


# The actions


def test_todos_are_deleted_and_restored_by_the_actions(window, alice, bob):
    todos = lists.add(alice, "Buy milk", "Call Bob") + lists.add(bob, "Sow beans")
    answer = act(window, "delete_todos", *todos[1:])
    assert answer.response.status_code == 302
    assert (lists.texts(alice), lists.texts(bob)) == (["Buy milk"], [])
    assert {hlc.node_of(lists.fresh(todo).deleted_stamp) for todo in todos[1:]} == {origins.ADMIN}
    act(window, "restore_todos", *todos)
    assert lists.texts(alice) == ["Buy milk", "Call Bob"]
    assert lists.texts(bob) == ["Sow beans"]
    assert (lists.head(alice), lists.head(bob)) == (4, 3)


def test_the_actions_say_how_many_they_changed(window, alice, milk):
    act(window, "delete_todos", milk)
    assert "Deleted: 1." in window.get(LIST).text
    act(window, "delete_todos", milk)
    assert "Deleted: 0." in window.get(LIST).text


def test_an_action_makes_no_edit_of_what_is_so_already(window, alice, milk):
    act(window, "restore_todos", milk)
    assert lists.head(alice) == 1


def test_an_action_is_one_write_for_each_owner(window, alice):
    todos = lists.add(alice, "one", "two", "three")
    act(window, "delete_todos", *todos)
    stamps = {lists.fresh(todo).deleted_stamp for todo in todos}
    assert len(stamps) == 1
    assert set(Head.objects.filter(user=alice).values_list("number", flat=True)) == {0, 1, 2, 3, 6}


# No row goes away (M3)


def test_m3_there_is_no_way_to_add_a_todo_or_to_delete_a_row(window, milk):
    page = window.get(LIST)
    actions = {option.attrs["value"] for option in page.one("select", name="action").all("option")}
    assert actions == {"", "delete_todos", "restore_todos"}
    links = {
        link.attrs.get("href", "") for link in page.all("a") + open_form(window, milk).all("a")
    }
    assert not [link for link in links if re.search(r"todo/(\d+/delete|add)/", link)]


def test_m3_the_action_that_deletes_rows_does_nothing(window, alice, milk):
    act(window, "delete_selected", milk)
    page = window.get(LIST)
    token = page.all(name="csrfmiddlewaretoken")[0].attrs["value"]
    body = {"action": "delete_selected", "_selected_action": [str(milk.pk)], "post": "yes"}
    window.client.post(LIST, body | {"csrfmiddlewaretoken": token})
    assert lists.fresh(milk).version() == milk.version()
    assert lists.head(alice) == 1


@pytest.mark.parametrize("address", ["{}/delete/", "add/"])
def test_m3_the_addresses_to_delete_and_add_are_forbidden(window, alice, milk, address):
    address = LIST + address.format(milk.pk)
    token = window.get(LIST).all(name="csrfmiddlewaretoken")[0].attrs["value"]
    assert window.client.get(address).status_code == 403
    body = {"post": "yes", "text": "New", "csrfmiddlewaretoken": token}
    assert window.client.post(address, body).status_code == 403
    assert Todo.objects.count() == Todo.objects.aggregate(n=Max("change"))["n"] == 1


def test_m3_the_history_is_not_deleted_either(window, alice, milk):
    lists.edit(milk, text="Buy oat milk")
    page = open_form(window, milk)
    kept = Revision.objects.get()
    save(window, page, **{"revisions-0-id": str(kept.pk), "revisions-0-DELETE": "on"})
    assert Revision.objects.get() == kept


# Who may do it


def test_bob_who_is_not_staff_changes_nothing(olga, bob, milk):
    window = Browser(bob)
    token = window.get("/").all(name="csrfmiddlewaretoken")[0].attrs["value"]
    body = {"csrfmiddlewaretoken": token, "text": "Bob's now", "action": "delete_todos"}
    for address in (f"{LIST}{milk.pk}/change/", LIST):
        answer = window.client.post(address, body | {"_selected_action": [str(milk.pk)]})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")
    assert lists.fresh(milk).version() == milk.version()


def test_a_form_of_the_admin_without_its_token_is_refused(window, milk):
    page = open_form(window, milk)
    answer = save(window, page, completed="on", csrfmiddlewaretoken=None)
    assert answer.response.status_code == 403
    assert lists.fresh(milk).completed is False
