"""The Trash: what was deleted is found there with its newest text, and can be restored."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from simplesync.tests.pages import Browser
from todos import origins, sync, trash_views
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
    assert window.get("/trash/").one("p", class_="empty").text == "Nothing was deleted."


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
