"""What a todo can do without: each such field is stored, met, kept, restored, shown and emptied."""

import json

import pytest
from django.core.management import call_command

from simplesync.tests.pages import Browser
from todos import imports, protocol, pruning
from todos.fields import DETAILS, FIELDS
from todos.models import Revision, Todo
from todos.tests import lists
from todos.tests.devices import Device, only
from todos.tests.files import a_file, exported, imported
from todos.tests.test_export import calendar

# Of each field one value and another, what a history says of the first, and the form's fields.
VALUES = {
    "notes": (
        "At the corner,\n\n  behind the “bakery”",
        "In town",
        "Notes set to “At the corner,\n\n  behind the “bakery””.",
        {"notes": "At the corner,\r\n\r\n  behind the “bakery”"},
    ),
    "due": (
        "2026-12-01T09:00Z",
        "2027-01-09",
        "Due date set to 1 Dec 2026 09:00.",
        {"due_day": "2026-12-01", "due_time": "09:00"},
    ),
}
# And what is refused, with its code.
WRONG = [
    ("notes", 5, "notes_invalid"),
    ("notes", None, "notes_invalid"),
    ("notes", "a\0b", "notes_invalid"),
    ("notes", "half \ud83d", "notes_invalid"),
    ("notes", "a\r\nb", "notes_invalid"),
    ("notes", "x" * 10_001, "notes_too_long"),
    ("due", 5, "due_invalid"),
    ("due", None, "due_invalid"),
    ("due", "2026-02-29", "due_invalid"),
    ("due", "2026-12-01T09:00", "due_invalid"),
]
# What a form refuses, by its inputs.
TYPED_WRONG = {"notes": {"notes": "x" * 10_001}, "due": {"due_day": "", "due_time": "09:00"}}

pytestmark = pytest.mark.django_db
each_detail = pytest.mark.parametrize("name", DETAILS)


@pytest.fixture
def milk(phone, laptop):
    """A todo that both devices have, without any details."""
    todo = phone.new("Milk")
    phone.sync(todo)
    laptop.sync()
    return todo


@pytest.fixture
def window(alice):
    return Browser(alice)


def forget(name, monkeypatch):
    """Let the server be one that does not know a field yet, whatever comes in."""
    for module in (protocol, imports):
        known = {other: field for other, field in FIELDS.items() if other != name}
        monkeypatch.setattr(module, "FIELDS", known)


def test_each_detail_is_tried():
    assert set(VALUES) == set(DETAILS) == {name for name, _, _ in WRONG}


# Over the wire


@each_detail
def test_it_comes_to_the_other_device_and_a_todo_needs_none(phone, laptop, milk, name):
    assert name not in Device(phone.user).pull()[milk["id"]]
    first, *_ = VALUES[name]
    assert only(phone.sync(phone.edit(milk["id"], **{name: first})))["status"] == "stored"
    [row] = laptop.sync()["todos"]
    assert row[name] == first
    assert row["clocks"].keys() == {"text", "completed", "position", "deleted", name}


@pytest.mark.parametrize(("name", "value", "code"), WRONG)
def test_m5_what_is_wrong_with_it_has_a_code_and_blocks_nothing_else(
    phone, milk, name, value, code
):
    edit = phone.edit(milk["id"], **{name: value}, completed=True)
    result = only(phone.sync(edit))
    assert (result["error"], result["fields"]) == (code, [name])
    assert result["message"] == FIELDS[name].errors[code]
    todo = Todo.objects.get()
    assert (getattr(todo, name), todo.completed) == ("", True)


@pytest.mark.parametrize("notes", ["", "x" * 10_000, "\U0001f600" * 10_000, "\n\ta \n", "a\u2028b"])
def test_m6_notes_are_stored_as_they_are(phone, laptop, milk, notes):
    assert only(phone.sync(phone.edit(milk["id"], notes=notes)))["status"] == "stored"
    assert laptop.sync()["todos"][0]["notes"] == notes


@each_detail
def test_m12_two_first_values_meet_if_both_makers_say_that_there_was_none(
    phone, laptop, milk, name
):
    first, second, *_ = VALUES[name]
    nothing = {"seen": {name: "000000000000000-0000-0000000000000000"}}
    phone.sync(phone.edit(milk["id"], **{name: first}) | nothing)
    [row] = laptop.sync(laptop.edit(milk["id"], **{name: second}) | nothing)["todos"]
    assert (row[name], row["conflict"]) == (second, True)
    assert Revision.objects.get(conflict=True).value == first


@each_detail
def test_m7_a_server_that_does_not_know_it_refuses_it_by_name_and_stores_the_rest(
    phone, milk, name, monkeypatch
):
    forget(name, monkeypatch)
    edit = phone.edit(milk["id"], **{name: VALUES[name][0]}, completed=True)
    result = only(phone.sync(edit))
    assert (result["error"], result["fields"]) == ("unknown_field", [name])
    assert Todo.objects.get().completed


# What becomes of it


@each_detail
def test_m3_it_goes_with_an_emptied_todo_and_one_that_had_none_gets_no_stamp(phone, alice, name):
    had, had_not = lists.add(alice, "Milk", "Bread")
    lists.edit(had, **{name: VALUES[name][0]})
    lists.edit(had, deleted=True)
    lists.edit(had_not, deleted=True)
    lists.age(100)
    assert pruning.prune_tombstones(90).todos == 2
    todos = phone.pull() if phone.cursor else {}
    emptied, other = lists.fresh(had).version(), lists.fresh(had_not).version()
    assert (emptied[name], emptied["text"]) == ("", "")
    assert name not in other["clocks"]
    assert todos == {}  # a new device gets neither
    assert not Revision.objects.exists()


@each_detail
def test_the_history_tells_it_and_restores_it(window, alice, name):
    first, second, says, _ = VALUES[name]
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, **{name: first})
    lists.edit(milk, **{name: second})
    page = window.get(f"/todos/{milk.uid}/history/")
    sentences = [p.raw for p in page.all("p", dir="auto")]
    assert says in sentences
    [form] = [
        form for form in page.all("form") if form.attrs.get("action", "").endswith("restore/")
    ]
    window.submit(page, form)
    assert getattr(lists.fresh(milk), name) == first
    assert lists.fresh(milk).text == "Milk"


@each_detail
def test_a_removed_one_is_restored_to_a_deleted_todo_which_comes_back(window, alice, name):
    first, _, says, _ = VALUES[name]
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, **{name: first})
    lists.edit(milk, **{name: "", "deleted": True})
    page = window.get(f"/todos/{milk.uid}/history/")
    [form] = [form for form in page.all("form") if says in (form.parent.raw if form.parent else "")]
    window.submit(page, form)
    now = lists.fresh(milk)
    assert (getattr(now, name), now.text, now.deleted) == (first, "Milk", False)


@each_detail
def test_it_is_in_the_export_and_an_import_brings_it_back(phone, milk, bob, name):
    first, second, *_ = VALUES[name]
    phone.sync(phone.edit(milk["id"], **{name: first}))
    phone.sync(phone.edit(milk["id"], **{name: second}))
    file = exported(phone)
    assert imported(Device(bob), file)["refused"] == 0
    assert getattr(bob.todos.get(), name) == second
    assert Revision.objects.get(user=bob).value == first
    assert imported(Device(bob), file)["same"] == 1


@each_detail
def test_a_server_that_does_not_know_it_imports_the_rest_and_names_it(
    phone, milk, bob, name, monkeypatch
):
    phone.sync(phone.edit(milk["id"], **{name: VALUES[name][0]}))
    file = exported(phone)
    with monkeypatch.context() as older:
        forget(name, older)
        report = imported(Device(bob), file)
    assert (report["added"], report["refused"]) == (1, 1)
    assert report["refusals"][0]["reason"] == "This server does not know the field."
    assert imported(Device(bob), file)["changed"] == 1  # once it does
    assert getattr(bob.todos.get(), name) == VALUES[name][0]


def test_a_file_of_before_there_were_details_is_imported_without(phone):
    assert imported(phone, a_file(phone.new("Milk")))["added"] == 1
    todo = Todo.objects.get()
    assert {name: getattr(todo, name) for name in DETAILS} == dict.fromkeys(DETAILS, "")


@each_detail
def test_the_report_for_support_has_none_of_it(alice, name, capsys):
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, **{name: VALUES[name][0]})
    call_command("syncreport", "alice")
    assert VALUES[name][0] not in capsys.readouterr().out


# On the pages


def edit_page(window, todo):
    return window.get(f"/todos/{todo.uid}/edit/")


def save(window, page, **typed):
    return window.submit(page, page.one("form"), **typed).response


@each_detail
def test_a_form_sets_it_and_shows_it_and_takes_it_away(window, alice, name):
    first, _, _, typed = VALUES[name]
    [milk] = lists.add(alice, "Milk")
    save(window, edit_page(window, milk), **typed)
    assert getattr(lists.fresh(milk), name) == first
    assert lists.fresh(milk).text_stamp == milk.text_stamp
    before = lists.head(alice)
    save(window, edit_page(window, milk))
    assert lists.head(alice) == before  # what was not changed is no edit
    save(window, edit_page(window, milk), **dict.fromkeys(typed, ""))
    assert getattr(lists.fresh(milk), name) == ""


@each_detail
def test_f1_a_stale_form_overwrites_nothing(window, alice, name):
    first, second, *_ = VALUES[name]
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, **{name: first})
    page = edit_page(window, milk)
    lists.edit(milk, **{name: second})
    save(window, page, text="Oat milk")
    now = lists.fresh(milk)
    assert (now.text, getattr(now, name)) == ("Oat milk", second)


def test_notes_that_are_too_long_are_refused_and_what_was_typed_stays(window, alice):
    [milk] = lists.add(alice, "Milk")
    page = edit_page(window, milk)
    answer = save(window, page, text="Oat milk", notes="x" * 10_001)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "The notes are longer than 10000 characters." in text
    assert "x" * 10_001 in text
    assert lists.fresh(milk).version() == milk.version()


@each_detail
def test_what_is_refused_marks_its_inputs_and_describes_them_by_what_is_on_the_page(
    window, alice, name
):
    [milk] = lists.add(alice, "Milk")
    page = edit_page(window, milk)
    page = window.submit(page, page.one("form"), **TYPED_WRONG[name])
    wrong = [each.attrs for each in page.all(aria_invalid="true")]
    wrong = [each for each in wrong if each.get("type") != "hidden"]
    assert [each["name"] for each in wrong] == list(TYPED_WRONG[name])
    for each in wrong:
        described = [page.one(id=uid) for uid in each["aria-describedby"].split()]
        assert page.one("p", class_="error") in described


def test_each_description_that_is_named_is_on_the_page(window, alice):
    [milk] = lists.add(alice, "Milk")
    for page in (edit_page(window, milk), window.get("/")):
        for each in page.all():
            for uid in each.attrs.get("aria-describedby", "").split():
                assert page.one(id=uid), each.attrs


def test_notes_are_text_on_every_page_and_the_row_has_them_as_they_are(window, alice):
    notes = "<b>At</b>\n the corner"
    [milk, bread] = lists.add(alice, "Milk", "Bread")
    lists.edit(milk, notes=notes)
    row = window.get("/").one("ul", class_="todo-list").one("li", data_id=str(milk.uid))
    assert row.one("p", class_="notes").raw == notes
    assert json.loads(row.attrs["data-clocks"])["notes"] == lists.fresh(milk).notes_stamp
    lists.edit(milk, deleted=True)
    lists.edit(bread, deleted=True)
    assert [p.raw for p in window.get("/trash/").all("p", class_="notes")] == [notes]


@each_detail
def test_the_admin_shows_and_changes_it(olga, alice, name):
    first, second, *_ = VALUES[name]
    [milk] = lists.add(alice, "Milk")
    lists.edit(milk, **{name: first})
    stamp = getattr(lists.fresh(milk), f"{name}_stamp")
    window = Browser(olga)
    page = window.get(f"/admin/todos/todo/{milk.pk}/change/")
    form = page.one("form", id="todo_form")
    window.submit(page, form, completed="on")
    now = lists.fresh(milk)
    assert (now.completed, getattr(now, name)) == (True, first)
    assert getattr(now, f"{name}_stamp") == stamp  # was not changed, so is no edit
    window.submit(page, form, **{name: second})
    assert getattr(lists.fresh(milk), name) == second


def test_the_calendar_has_the_notes_as_its_description(phone, alice):
    milk, _ = lists.add(alice, "Milk", "Bread")
    lists.edit(milk, notes="At the corner;\nring, \x0btwice")
    with_notes, without = calendar(phone)
    assert str(with_notes["DESCRIPTION"]) == "At the corner;\nring, twice"
    assert "DESCRIPTION" not in without
