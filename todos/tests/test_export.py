"""What the export of an account has in it, and that it is nobody else's."""

import datetime
import json
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from icalendar import Calendar

from todos import export, vtodos
from todos.fields import FIELDS
from todos.models import Todo
from todos.tests import lists
from todos.tests.devices import Device
from todos.tests.files import exported

SCHEMA = json.loads(
    Path(settings.BASE_DIR, "docs/reference/export-format.schema.json").read_text("utf-8")
)
ICS = "/accounts/export/todos.ics"


@pytest.fixture
def device(alice):
    return Device(alice)


def calendar(device):
    """Return what the iCalendar export has: the todos, as the library reads them."""
    response = device.client.get(ICS)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    return Calendar.from_ical(content).walk("VTODO")


def test_it_has_todos_tombstones_history_and_devices(alice, device):
    milk, call = lists.add(alice, "Buy milk", "Call mum")
    lists.edit(milk, text="Buy oat milk")
    lists.edit(call, deleted=True)
    device.sync()
    file = exported(device)
    assert {todo["id"]: todo for todo in file["todos"]} == {
        str(todo.uid): lists.fresh(todo).version() for todo in (milk, call)
    }
    values = {
        (each["todo"], each["field"], each["value"], each["stamp"]) for each in file["history"]
    }
    assert values == {
        (str(milk.uid), "text", "Buy milk", milk.text_stamp),
        (str(call.uid), "deleted", False, call.deleted_stamp),
    }
    assert [entry["id"] for entry in file["devices"]] == [device.id]
    assert device.secret not in json.dumps(file)
    assert (file["user"], file["account"]) == ("alice", str(alice.account))


def test_it_is_as_the_schema_says(alice, device):
    lists.edit(lists.add(alice, "Buy milk")[0], text="Buy oat milk")
    device.sync({"id": lists.some_uid().hex, "deleted": True, "clocks": {}})
    device.sync(device.edit(str(lists.some_uid()), deleted=True))  # a bare tombstone
    jsonschema.validate(exported(device), SCHEMA)


def test_an_account_without_todos_is_one_too(device):
    file = exported(device)
    jsonschema.validate(file, SCHEMA)
    assert (file["todos"], file["history"], file["devices"]) == ([], [], [])


def test_the_fields_of_the_schema_are_those_of_the_protocol():
    todo, value = SCHEMA["$defs"]["todo"], SCHEMA["$defs"]["value"]
    names = [*FIELDS]
    assert [*todo["properties"]] == ["id", *names, "clocks"]
    assert [*todo["properties"]["clocks"]["properties"]] == names
    assert value["properties"]["field"]["enum"] == names


def test_it_has_nothing_of_others(alice, bob, device):
    lists.edit(lists.add(bob, "Bob's secret")[0], text="Bob's other secret")
    Device(bob).sync()
    assert "Bob" not in json.dumps(exported(device))
    assert calendar(device) == []


@pytest.mark.parametrize("address", ["/accounts/export/", ICS])
def test_nobody_gets_it_without_a_log_in_or_by_a_post(client, device, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    token = {"csrfmiddlewaretoken": device.token}
    assert device.client.post(address, token).status_code == 405


def test_it_is_a_file_with_its_date_and_is_kept_by_no_cache(device):
    today = datetime.datetime.now(datetime.UTC).date()
    for address, suffix in (("/accounts/export/", "json"), (ICS, "ics")):
        response = device.client.get(address)
        name = f'attachment; filename="simplesync-{today}.{suffix}"'
        assert response["Content-Disposition"] == name
        assert response["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("most", [1, 2, 3, 500])
def test_however_many_are_read_at_once_it_is_the_same(monkeypatch, alice, device, most):
    for todo in lists.add(alice, "a", "b", "c", "d"):
        for text in ("e", "f", "g"):
            lists.edit(todo, text=text)
    whole = exported(device)
    assert (len(whole["todos"]), len(whole["history"])) == (4, 12)
    monkeypatch.setattr(export, "AT_ONCE", most)
    again = exported(device)
    assert (again["todos"], again["history"]) == (whole["todos"], whole["history"])


def test_a_todo_whose_id_is_all_zeros_is_in_it(device):
    zero = "00000000-0000-0000-0000-000000000000"
    device.sync({**device.new(), "id": zero})
    assert [todo["id"] for todo in exported(device)["todos"]] == [zero]


def test_what_is_edited_meanwhile_comes_once(monkeypatch, alice):
    monkeypatch.setattr(export, "AT_ONCE", 1)
    first, second = sorted(lists.add(alice, "Buy milk", "Call mum"), key=lambda todo: todo.uid)
    reading = export.todos(alice.pk)
    assert next(reading) == first.version()
    lists.edit(first, text="edited")
    lists.edit(second, text="edited too")
    assert [*reading] == [lists.fresh(second).version()]


# The calendar


def test_the_calendar_has_the_live_todos_in_their_order(alice, device):
    lists.add(alice, "Buy milk")
    lists.add(alice, "Call mum", completed=True)
    lists.add(alice, "deleted", deleted=True)
    milk, call = calendar(device)
    assert [str(todo["SUMMARY"]) for todo in (milk, call)] == ["Buy milk", "Call mum"]
    assert [todo["STATUS"] for todo in (milk, call)] == ["NEEDS-ACTION", "COMPLETED"]
    assert [todo["X-APPLE-SORT-ORDER"] for todo in (milk, call)] == ["1", "2"]
    stored = Todo.objects.get(text="Call mum")
    assert call["UID"] == str(stored.uid)
    ms = int(stored.completed_stamp[:15])
    at = datetime.datetime.fromtimestamp(ms // 1000, datetime.UTC)
    assert call.decoded("COMPLETED") == call.decoded("LAST-MODIFIED") == at
    assert "COMPLETED" not in milk
    assert abs(milk.decoded("CREATED") - at) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("most", [1, 2, 500])
def test_however_many_are_read_at_once_the_calendar_is_the_same(monkeypatch, device, most):
    """Some of them at one position: there the id decides."""
    ids = [f"0190a0a0-0000-7000-8000-00000000000{n}" for n in range(5)]
    for n, uid in enumerate(ids):
        device.sync({**device.new(str(n), position=f"b0{n // 2}"), "id": uid})
    monkeypatch.setattr(vtodos, "AT_ONCE", most)
    assert [str(todo["SUMMARY"]) for todo in calendar(device)] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("a\nEND:VTODO\r\nBEGIN:VEVENT", "a\nEND:VTODO\nBEGIN:VEVENT"),
        ('a; b, c\\ d: "e"', 'a; b, c\\ d: "e"'),
        ("bell \x07, escape \x1b, tab \t, delete \x7f", "bell , escape , tab \t, delete "),
        ("lines \u2028\u2029\x85", "lines \u2028\u2029\x85"),
        ("\U0001f600" * 2_000, "\U0001f600" * 2_000),
    ],
)
def test_no_text_breaks_out_of_its_line(device, text, summary):
    device.sync(device.new(text))
    [todo] = calendar(device)
    assert str(todo["SUMMARY"]) == summary
