"""Two edits of one field that were made without knowing of each other (rule M12)."""

import pytest

from todos.models import Revision, Todo
from todos.tests.devices import Device, only

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk(phone, laptop):
    """A todo that both devices have."""
    todo = phone.new("Milk")
    phone.sync(todo)
    laptop.sync()
    return todo


def conflicts():
    """Return the values that lost by a conflict."""
    return list(Revision.objects.filter(conflict=True).values_list("value", flat=True))


def test_m12_an_edit_by_who_has_not_seen_the_other_marks_the_todo(phone, laptop, milk):
    phone.sync(phone.edit_of(milk, text="Oat milk"))
    [row] = laptop.sync(laptop.edit_of(milk, text="Soy milk"))["todos"]
    assert row["conflict"] is True
    assert row["text"] == "Soy milk"
    assert conflicts() == ["Oat milk"]


def test_m12_so_does_one_that_comes_late_and_loses(phone, laptop, milk):
    late = phone.edit_of(milk, text="Oat milk")
    laptop.last = phone.last
    laptop.sync(laptop.edit_of(milk, text="Soy milk"))
    [row] = phone.sync(late)["todos"]
    assert (row["text"], row["conflict"]) == ("Soy milk", True)
    assert conflicts() == ["Oat milk"]


def test_m12_all_devices_hear_of_it(phone, laptop, milk):
    phone.sync(phone.edit_of(milk, text="Oat milk"))
    laptop.sync(laptop.edit_of(milk, text="Soy milk"))
    [row] = phone.sync()["todos"]
    assert row["conflict"] is True


def test_m12_who_has_looked_takes_the_mark_away_for_all(phone, laptop, milk):
    phone.sync(phone.edit_of(milk, text="Oat milk"))
    laptop.sync(laptop.edit_of(milk, text="Soy milk"))
    phone.sync()
    assert only(phone.sync(phone.edit(milk["id"], conflict=False)))["status"] == "stored"
    [row] = laptop.sync()["todos"]
    assert row["conflict"] is False


def test_m12_the_next_conflict_marks_it_again(phone, laptop, milk):
    phone.sync(phone.edit_of(milk, text="Oat milk"))
    [row] = laptop.sync(laptop.edit_of(milk, text="Soy milk"))["todos"]
    phone.sync()
    phone.sync(phone.edit(milk["id"], conflict=False))
    phone.sync(phone.edit_of(row, text="Rice milk"))
    [again] = laptop.sync(laptop.edit_of(row, text="Almond milk"))["todos"]
    assert again["conflict"] is True


def test_m12_who_has_seen_the_other_edit_only_replaces_it(phone, laptop, milk):
    edit = phone.edit_of(milk, text="Oat milk")
    phone.sync(edit)
    [row] = laptop.sync()["todos"]
    laptop.sync(laptop.edit_of(row, text="Soy milk"))
    assert not Todo.objects.get().conflict
    assert conflicts() == []


def test_m12_edits_of_different_fields_do_not_meet(phone, laptop, milk):
    phone.sync(phone.edit_of(milk, completed=True))
    laptop.sync(laptop.edit_of(milk, text="Soy milk"))
    assert not Todo.objects.get().conflict


def test_m12_nor_do_two_that_want_the_same(phone, laptop, milk):
    phone.sync(phone.edit_of(milk, completed=True))
    laptop.sync(laptop.edit_of(milk, completed=True))
    assert not Todo.objects.get().conflict


def test_m12_nor_do_a_devices_own_edits(phone, milk):
    first, second = (phone.edit_of(milk, text=text) for text in ("Oat milk", "Soy milk"))
    phone.sync(first)
    phone.sync(second)
    assert not Todo.objects.get().conflict


def test_m12_moves_that_meet_are_nothing_to_look_at(phone, laptop, milk):
    phone.sync(phone.edit_of(milk, position="a21111"))
    laptop.sync(laptop.edit_of(milk, position="a31111"))
    assert not Todo.objects.get().conflict


def test_m12_a_late_copy_of_an_edit_that_had_its_time_is_no_conflict(phone, laptop, milk):
    edit = phone.edit_of(milk, text="Oat milk")
    phone.sync(edit)
    [row] = laptop.sync()["todos"]
    laptop.sync(laptop.edit_of(row, text="Soy milk"))
    phone.sync(edit)
    assert not Todo.objects.get().conflict
    assert conflicts() == []


def test_m12_nor_is_one_that_comes_twice_in_a_request(phone, laptop, milk):
    laptop.last = phone.last
    late = phone.edit_of(milk, text="Oat milk")
    laptop.last = phone.last
    laptop.sync(laptop.edit_of(milk, text="Soy milk"))
    phone.sync(late, late)
    assert conflicts() == ["Oat milk"]
    assert Todo.objects.get().change == 3


def test_a_device_that_says_nothing_of_what_it_has_seen_is_never_in_conflict(phone, laptop, milk):
    phone.sync(phone.edit(milk["id"], text="Oat milk"))
    laptop.sync(laptop.edit(milk["id"], text="Soy milk"))
    assert not Todo.objects.get().conflict


def test_a_todo_needs_no_such_mark_to_live(phone):
    milk = phone.new()
    assert "conflict" not in milk
    assert phone.sync(milk)["todos"] == []
    assert "conflict" not in Device(phone.user).sync()["todos"][0]


def test_what_was_seen_must_be_an_object(phone, milk):
    result = only(phone.sync(phone.edit(milk["id"], text="Oat milk") | {"seen": ["text"]}))
    assert result["error"] == "malformed"


@pytest.mark.parametrize("seen", [{"text": 5}, {"text": None}, {"nothing": "x"}, {"text": ["x"]}])
def test_what_was_seen_may_be_any_nonsense(phone, laptop, milk, seen):
    laptop.sync(laptop.edit(milk["id"], text="Soy milk"))
    result = only(phone.sync(phone.edit(milk["id"], text="Oat milk") | {"seen": seen}))
    assert result["status"] == "stored"
