"""The Trash: what was deleted is found there with its newest text, and can be restored."""

import datetime
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from simplesync.tests.pages import Browser
from todos import origins, protocol, pruning, sync, trash, trash_views
from todos.models import Todo
from todos.tests import lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def window(alice):
    return Browser(alice)


@pytest.fixture
def milk(alice):
    """A todo of Alice's that is deleted."""
    return lists.add(alice, "Buy milk", deleted=True)[0]


def shown(window, address="/trash/"):
    """Return the texts in the Trash, in their order."""
    return [row.one("p", dir="auto").text for row in rows(window.get(address))]


def rows(page):
    return page.all("li", data_testid="deleted-todo")


def restore(window, page=None):
    """Press the first row's button."""
    page = page or window.get("/trash/")
    return window.submit(page, rows(page)[0].one("form")).response


def age_and_prune():
    lists.age(100)
    call_command("prune")


def test_the_list_leads_there_and_back(window):
    assert window.get("/").one("a", href="/trash/").text == "Trash"
    assert window.get("/trash/").one("a", href="/").text == "Back to the list"


def test_it_shows_what_was_deleted_the_last_first_and_nothing_else(window, alice):
    for text in ("first", "second"):
        lists.add(alice, text, deleted=True)
    lists.add(alice, "lives")
    assert shown(window) == ["second", "first"]


def test_an_empty_one_says_so(window):
    assert window.get("/trash/").one("p", class_="empty").text == "The Trash is empty."


@pytest.mark.usefixtures("milk")
def test_nobody_sees_or_restores_anothers(bob, milk):
    window = Browser(bob)
    assert shown(window) == []
    lists.add(bob, "own", deleted=True)
    page = window.get("/trash/")
    form = rows(page)[0].one("form")
    form.attrs["action"] = f"/todos/{milk.uid}/restore/"
    assert window.submit(page, form).response.status_code == 404
    assert lists.fresh(milk).deleted


def test_it_says_until_when_a_todo_is_kept(window, milk, settings):
    settings.TOMBSTONE_DAYS = 30
    [row] = rows(window.get("/trash/"))
    goes = lists.fresh(milk).trashed_at + datetime.timedelta(days=30)
    assert row.one("time").text == f"{goes.day} {goes:%B %Y}"


def test_m10_restoring_is_a_new_edit_and_the_todo_is_where_it_was(window, alice):
    milk, _ = lists.add(alice, "Buy milk", "Call mum")
    lists.edit(milk, deleted=True)
    milk = lists.fresh(milk)
    answer = restore(window)
    assert (answer.status_code, answer["Location"]) == (302, "/trash/")
    assert lists.texts(alice) == ["Buy milk", "Call mum"]
    now = lists.fresh(milk)
    assert now.deleted_stamp > milk.deleted_stamp
    assert now.deleted_stamp[21:] == origins.FORM
    assert now.text_stamp == milk.text_stamp
    assert shown(window) == []


def test_what_was_restored_elsewhere_meanwhile_is_left_alone(window, alice, milk):
    page = window.get("/trash/")
    lists.edit(milk, deleted=False)
    stamp = lists.fresh(milk).deleted_stamp
    restore(window, page)
    assert lists.fresh(milk).deleted_stamp == stamp


def test_an_edit_made_on_a_device_that_had_not_heard_of_the_deletion_is_in_the_trash(
    window, phone, alice
):
    milk = phone.new("Buy milk")
    phone.sync(milk)
    lists.edit(Todo.objects.get(user=alice), deleted=True)
    phone.sync(phone.edit(milk["id"], text="Buy oat milk"))
    assert shown(window) == ["Buy oat milk"]


@pytest.fixture
def late(phone, laptop, alice):
    """An edit that a device sends when the todo was deleted and emptied long ago."""
    milk = phone.new("Buy milk")
    phone.sync(milk)
    laptop.pull()
    edit = laptop.edit(milk["id"], text="Buy soy milk")
    phone.sync(phone.edit(milk["id"], deleted=True))
    age_and_prune()
    assert Todo.objects.get(user=alice).text == ""
    laptop.sync(edit)
    return edit


@pytest.mark.usefixtures("late")
def test_f50_even_when_the_todo_was_emptied_long_ago(window):
    assert shown(window) == ["Buy soy milk"]


@pytest.mark.usefixtures("late")
def test_m3_and_it_is_kept_from_then_on_as_long_as_any(window):
    call_command("prune")
    [row] = rows(window.get("/trash/"))
    goes = timezone.now() + datetime.timedelta(days=90)
    assert row.one("time").attrs["datetime"][:10] == f"{goes:%Y-%m-%d}"
    age_and_prune()
    assert shown(window) == []


@pytest.mark.usefixtures("late")
def test_m4_an_emptied_todo_is_restored_whole_at_the_end(window, alice, phone):
    lists.add(alice, "Call mum")
    restore(window)
    assert lists.texts(alice) == ["Call mum", "Buy soy milk"]
    restored = next(one for one in phone.pull().values() if one["text"] == "Buy soy milk")
    assert (restored["deleted"], restored["completed"]) == (False, False)
    assert restored["clocks"].keys() == {"text", "completed", "position", "deleted"}


def test_m4_so_is_one_of_which_only_the_deletion_and_a_text_came(window, phone, alice):
    milk = phone.new("Buy milk")
    phone.sync(phone.edit(milk["id"], deleted=True))
    assert shown(window) == []
    phone.sync(phone.edit(milk["id"], text="Buy oat milk"))
    restore(window)
    [todo] = phone.pull().values()
    assert lists.texts(alice) == ["Buy oat milk"]
    assert len(todo["clocks"]) == 4


@pytest.mark.usefixtures("milk")
def test_what_was_emptied_is_gone_from_it(window):
    age_and_prune()
    assert shown(window) == []


def test_a_long_one_comes_in_pages(window, alice, monkeypatch):
    monkeypatch.setattr(trash_views, "PAGE", 2)
    lists.add(alice, "1", "2", "3", "4", "5")
    for todo in Todo.objects.order_by("pk"):
        sync.edit(alice, {todo.uid: {"deleted": True}}, origins.FORM)
    first = window.get("/trash/")
    second = window.get("/trash/" + first.one("a", class_="more").attrs["href"])
    assert [row.one("p", dir="auto").text for row in rows(second)] == ["3", "2"]
    assert second.one("a", href="/trash/").text == "Back to the start"
    assert shown(window, "/trash/?before=1.1") == []


@pytest.mark.parametrize("before", ["x", "-1", "1", "9" * 30, "²", f"{'9' * 17}.1"])
@pytest.mark.usefixtures("milk")
def test_an_address_that_makes_no_sense_shows_the_start(window, before):
    assert shown(window, f"/trash/?before={before}") == ["Buy milk"]


def test_its_queries_do_not_grow_with_it(window, alice, django_assert_max_num_queries):
    lists.add(alice, *map(str, range(50)), deleted=True)
    with django_assert_max_num_queries(5):
        assert len(shown(window)) == 50


# All at once


def buttons(page):
    return page.one("form", class_="trash-actions")


def says(page):
    return [message.text for message in page.all("p", role="status")]


def restore_all(window, page=None):
    """Press the button, and return the page after it."""
    page = page or window.get("/trash/")
    assert window.submit(page, buttons(page)).response["Location"] == "/trash/"
    return window.get("/trash/")


def ask_to_empty(window, page=None):
    """Follow the link on the Trash's page, and return the page that asks."""
    page = page or window.get("/trash/")
    return window.get(urljoin("/trash/", buttons(page).one("a").attrs["href"]))


def empty(window, page=None):
    """Press the button of the page that asks, and return the page after it."""
    page = page or ask_to_empty(window)
    assert window.submit(page, page.one("form")).response["Location"] == "/trash/"
    return window.get("/trash/")


def test_m10_restore_all_restores_all(window, alice, bob):
    lists.add(bob, "Bob's", deleted=True)
    lists.add(alice, "lives", "Buy milk", "Call mum")
    for todo in Todo.objects.filter(user=alice).exclude(text="lives"):
        lists.edit(todo, deleted=True)
    page = restore_all(window)
    assert says(page) == ["Restored 2 todos."]
    assert rows(page) == []
    assert lists.texts(alice) == ["lives", "Buy milk", "Call mum"]
    assert lists.texts(bob) == []


@pytest.mark.usefixtures("late")
def test_m4_and_whole_what_was_emptied(window, alice, phone):
    restore_all(window)
    [todo] = phone.pull().values()
    assert (todo["text"], len(todo["clocks"])) == ("Buy soy milk", 4)


def test_more_than_go_into_one_transaction_are_restored_too(window, alice, monkeypatch):
    monkeypatch.setattr(trash, "AT_ONCE", 2)
    lists.add(alice, *"12345", deleted=True)
    assert says(restore_all(window)) == ["Restored 5 todos."]


@pytest.fixture
def room_for_two(monkeypatch):
    """A list is full with two todos."""
    monkeypatch.setitem(protocol.LIMITS, "todosPerUser", 2)


@pytest.mark.usefixtures("room_for_two")
@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_m8_what_the_list_has_no_room_for_stays_in_the_trash(window, alice, monkeypatch, at_once):
    monkeypatch.setattr(trash, "AT_ONCE", at_once)
    for text in "12345":
        lists.add(alice, text, deleted=True)
    full = protocol.REJECTIONS["too_many_todos"]
    page = restore_all(window)
    assert says(page) == ["Restored 2 todos.", f"3 todos not restored. {full}"]
    assert set(lists.texts(alice)) == {"4", "5"}
    assert shown(window) == ["3", "2", "1"]
    restore(window)
    assert says(window.get("/trash/")) == [f"1 todo not restored. {full}"]
    assert set(lists.texts(alice)) == {"4", "5"}


@pytest.mark.usefixtures("milk")
def test_f1_what_was_deleted_since_the_page_was_loaded_is_not_restored_with_it(window, alice):
    page = window.get("/trash/")
    lists.add(alice, "deleted since", deleted=True)
    restore_all(window, page)
    assert shown(window) == ["deleted since"]


@pytest.mark.usefixtures("milk")
def test_emptying_asks_first_and_says_how_many(window, alice):
    lists.add(alice, "Call mum", deleted=True)
    page = ask_to_empty(window)
    assert page.one("strong").text == "2 todos"
    assert "their history too" in page.one("form").text
    assert page.one("a", href="/trash/").text == "Cancel"
    assert len(shown(window)) == 2


def test_m3_emptying_takes_text_and_history_and_leaves_the_tombstone(window, alice, milk, phone):
    lists.edit(milk, text="Buy oat milk")
    phone.sync()
    page = empty(window)
    assert says(page) == ["Emptied: 1 todo gone for good."]
    assert rows(page) == []
    todo = lists.fresh(milk)
    assert (todo.text, todo.position, todo.deleted, todo.uid) == ("", "", True, milk.uid)
    assert todo.text_stamp[21:] == origins.PRUNING
    assert not todo.revisions.exists()
    [told] = phone.sync()["todos"]
    assert (told["text"], told["deleted"]) == ("", True)


def test_nobody_empties_or_restores_all_of_anothers(window, alice, bob):
    lists.add(alice, "Alice's", "Alice's", deleted=True)
    [todo] = lists.add(bob, "Bob's", deleted=True)
    before = lists.fresh(todo)
    empty(window)
    assert lists.fresh(todo).version() == before.version()
    lists.add(alice, "Alice's", deleted=True)
    restore_all(window)
    assert lists.fresh(todo).version() == before.version()


def test_more_than_go_into_one_transaction_are_emptied_too(window, alice, monkeypatch):
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    lists.add(alice, *"12345", deleted=True)
    assert says(empty(window)) == ["Emptied: 5 todos gone for good."]


@pytest.mark.usefixtures("milk")
def test_f1_what_was_deleted_since_the_trash_was_looked_at_is_not_emptied(window, alice):
    page = window.get("/trash/")
    lists.add(alice, "deleted before it asked", deleted=True)
    asking = ask_to_empty(window, page)
    assert asking.one("strong").text == "1 todo"
    lists.add(alice, "deleted since", deleted=True)
    empty(window, asking)
    assert shown(window) == ["deleted since", "deleted before it asked"]


def test_f1_nor_is_that_to_which_a_late_edit_has_come_since(window, alice, phone, laptop):
    """It changes nothing in the todo, so its number tells nothing."""
    milk = phone.new()
    phone.sync(milk)
    late = laptop.edit(milk["id"], text="Buy soy milk")
    phone.last = laptop.last
    phone.sync(phone.edit(milk["id"], text="Buy oat milk"))
    phone.sync(phone.edit(milk["id"], deleted=True))
    page = ask_to_empty(window)
    laptop.sync(late)
    assert says(empty(window, page)) == ["Emptied: 0 todos gone for good."]
    assert shown(window) == ["Buy oat milk"]


def test_f1_nor_what_the_clock_says_was_deleted_before(window, alice, monkeypatch):
    lists.add(alice, "Buy milk", deleted=True)
    page = ask_to_empty(window)
    lists.add(alice, "deleted since", deleted=True)
    lists.age(1)  # as another server would write it, whose clock is behind
    empty(window, page)
    assert shown(window) == ["deleted since"]


def test_m3_what_comes_late_from_a_device_that_was_away_is_in_the_trash_again(
    window, phone, laptop, alice
):
    milk = phone.new()
    phone.sync(milk)
    late = laptop.edit(milk["id"], text="Buy soy milk")
    phone.sync(phone.edit(milk["id"], deleted=True))
    empty(window)
    laptop.sync(late)
    assert shown(window) == ["Buy soy milk"]
    assert lists.texts(alice) == []


def test_an_empty_one_has_no_such_buttons_and_is_not_asked_about(window):
    assert window.get("/trash/").all("form", class_="trash-actions") == []
    assert window.get("/trash/empty/", status=302).response["Location"] == "/trash/"


@pytest.mark.usefixtures("milk")
def test_without_a_place_it_asks_about_all_that_is_there_now(window):
    assert window.get("/trash/empty/").one("strong").text == "1 todo"
    assert window.get("/trash/empty/?upto=x").one("strong").text == "1 todo"


@pytest.mark.parametrize("upto", [None, "", "x", "1", "1.-1", "9" * 40])
@pytest.mark.parametrize("address", ["/trash/restore/", "/trash/empty/"])
def test_a_form_made_by_hand_does_nothing(window, milk, address, upto):
    page = window.get("/trash/")
    form = buttons(page)
    form.attrs["action"] = address
    assert window.submit(page, form, upto=upto).response.status_code == 404
    assert lists.fresh(milk).version() == milk.version()


def test_only_the_first_page_has_them(window, alice):
    """Where not all is seen that they are about, they are not."""
    lists.add(alice, "Buy milk", deleted=True)
    place = trash.Place.now(alice).pack()
    assert window.get(f"/trash/?before={place}").all("form", class_="trash-actions") == []


@pytest.mark.parametrize("address", ["/trash/restore/", "/trash/empty/"])
def test_without_the_token_nothing_is_done(alice, milk, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post(address, {"upto": trash.Place.now(alice).pack()})
    assert answer.status_code == 403
    assert lists.fresh(milk).version() == milk.version()


def test_what_was_heard_of_last_comes_first(window, alice, phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    late = laptop.edit(milk["id"], text="Buy soy milk")
    phone.sync(phone.edit(milk["id"], deleted=True))
    empty(window)
    lists.add(alice, "Call mum", deleted=True)
    laptop.sync(late)
    assert shown(window) == ["Buy soy milk", "Call mum"]
