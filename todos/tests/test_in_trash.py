"""Each write marks what the Trash holds: a deleted todo that has something left to be emptied (M3).

The mark is the time when the todo was last heard of, and nothing has to look for it.
"""

import datetime
import importlib
from uuid import uuid4

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simplesync.tests.pages import Browser
from todos import origins, pruning, sync, trash
from todos.models import Revision, Todo
from todos.tests import lists
from todos.tests.devices import Device
from todos.tests.strategies import stamps, values, versions

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def milk(alice):
    return lists.add(alice, "Buy milk")[0]


def in_trash():
    """Return the only todo's time in the Trash; None when it is not there."""
    return Todo.objects.get().trashed_at


def is_now(time):
    return timezone.now() - datetime.timedelta(minutes=1) < time <= timezone.now()


def by_form(alice, milk):
    window = Browser(alice)
    page = window.get("/")
    window.submit(page, page.one("li", data_id=str(milk.uid)).one("form", class_="delete-form"))


def by_clearing(alice, milk):
    lists.edit(milk, completed=True)
    window = Browser(alice)
    window.submit(window.get("/"), window.get("/").one("form", class_="clear-form"))


def by_sync(alice, milk):
    phone = Device(alice)
    phone.pull()
    phone.sync(phone.edit(str(milk.uid), deleted=True))


def in_the_admin(alice, milk):
    window = Browser(alice._meta.model.objects.create_superuser("olga"))
    page = window.get(f"/admin/todos/todo/{milk.pk}/change/")
    window.submit(page, page.one("form", id="todo_form"), deleted="on")


WAYS = [by_form, by_clearing, by_sync, in_the_admin]


@pytest.mark.parametrize("delete", WAYS)
def test_whoever_deletes_puts_it_into_the_trash(alice, milk, delete):
    assert in_trash() is None
    delete(alice, milk)
    assert is_now(in_trash())


def test_what_is_restored_is_there_no_more(alice, milk):
    for restore in (trash.restore, lambda *_: lists.edit(milk, deleted=False)):
        lists.edit(milk, deleted=True)
        restore(alice, [milk.uid], origins.FORM)
        assert in_trash() is None


def test_an_edit_that_comes_late_is_heard(alice, phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    late = laptop.edit(milk["id"], completed=True)
    phone.last = laptop.last
    phone.sync(phone.edit(milk["id"], completed=True), phone.edit(milk["id"], completed=False))
    phone.sync(phone.edit(milk["id"], deleted=True))
    Todo.objects.update(trashed_at=LONG_AGO)
    laptop.sync(late)
    assert is_now(in_trash())
    Todo.objects.update(trashed_at=LONG_AGO)
    laptop.sync(late)  # nothing new
    assert in_trash() == LONG_AGO


def test_a_late_edit_of_a_todo_that_lives_puts_nothing_there(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    late = laptop.edit(milk["id"], text="late")
    phone.last = laptop.last
    phone.sync(phone.edit(milk["id"], text="later"))
    laptop.sync(late)
    assert Revision.objects.count() == 2
    assert in_trash() is None


def test_a_bare_tombstone_is_not_in_the_trash(phone):
    phone.sync(phone.edit(phone.new()["id"], deleted=True))
    assert in_trash() is None


def test_deleting_what_was_emptied_once_more_brings_nothing_back(alice, milk):
    lists.edit(milk, deleted=True)
    pruning.empty_all(alice, Todo.objects.all())
    assert in_trash() is None
    lists.edit(milk, deleted=True)
    assert lists.head(alice) == 4
    assert in_trash() is None


def test_but_what_came_late_stays_there_when_it_is_deleted_once_more(alice, phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    late = laptop.edit(milk["id"], text="late")
    phone.sync(phone.edit(milk["id"], deleted=True))
    pruning.empty_all(alice, Todo.objects.all())
    laptop.sync(late)
    phone.sync(phone.edit(milk["id"], deleted=True))
    assert is_now(in_trash())
    assert [trash.last_text(todo) for todo in trash.deleted(alice)] == ["late"]


def version(stamp, **fields):
    return fields | {"clocks": dict.fromkeys(fields, stamp)}


whole = st.builds(version, stamps, **values)
steps = st.lists(versions() | st.sampled_from(["empty", "forget"]), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(whole, steps)
def test_m3_a_todo_is_in_the_trash_while_it_is_deleted_and_has_anything_left(alice, first, steps):
    uid = str(uuid4())
    for step in [first, *steps]:
        if step == "empty":
            pruning.empty_all(alice, Todo.objects.filter(user=alice))
        elif step == "forget":
            soon = timezone.now() + datetime.timedelta(days=1)
            pruning.forget_all(alice, pruning.old_revisions(soon).filter(user=alice), soon)
        else:
            with sync.writing(alice, [uid]) as ledger:
                ledger.join(uid, step)
        todo = Todo.objects.get(user=alice, uid=uid)
        left = todo.text or todo.completed or todo.position or todo.revisions.exists()
        assert (todo.trashed_at is not None) == bool(todo.deleted and left)


def test_what_was_there_before_the_mark_was_is_marked_the_same(alice, phone, laptop):
    """By the migration."""
    milk, bare = phone.new(), phone.edit(phone.new()["id"], deleted=True)
    phone.sync(milk, bare, phone.new("lives"), phone.new(text="", position="a0", deleted=True))
    late = laptop.edit(milk["id"], text="late")
    phone.sync(phone.edit(milk["id"], deleted=True))
    pruning.empty_all(alice, Todo.objects.all())
    laptop.sync(late)
    phone.sync(phone.new("Call mum", deleted=True))
    marked = dict(Todo.objects.values_list("uid", "trashed_at"))
    assert sorted(time is None for time in marked.values()) == [False, False, True, True, True]
    Todo.objects.update(trashed_at=None)
    name = "0005_the_trash_and_how_long_history_is_kept"
    importlib.import_module(f"todos.migrations.{name}").mark(apps, None)
    assert dict(Todo.objects.values_list("uid", "trashed_at")) == marked
