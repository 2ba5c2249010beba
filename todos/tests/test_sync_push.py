"""What `POST /sync` does with what it is sent: the rules M1 to M9 and S1 to S5."""

import pytest

from todos import protocol
from todos.models import Revision, SyncState, Todo
from todos.protocol import LIMITS, SyncReply
from todos.tests.devices import DAY, Device, only
from todos.uuid7 import uuid7

pytestmark = pytest.mark.django_db


def test_it_works(phone, alice):
    milk = phone.new("Buy milk")
    reply = phone.sync(milk)
    assert SyncReply.model_validate(reply, strict=True)
    assert reply["ok"] is reply["success"] is True
    assert reply["results"] == [{"id": milk["id"], "status": "stored"}]
    assert Todo.objects.get(user=alice).text == "Buy milk"


def test_an_edit_brings_only_the_fields_that_changed(phone):
    milk = phone.new()
    phone.sync(milk)
    reply = phone.sync(phone.edit(milk["id"], completed=True))
    assert only(reply)["status"] == "stored"
    todo = Todo.objects.get()
    assert (todo.text, todo.completed) == ("Buy milk", True)


def test_a_value_beside_no_stamp_is_no_edit(phone):
    milk = phone.new()
    phone.sync(milk)
    edit = phone.edit(milk["id"], completed=True) | {"text": "not an edit"}
    phone.sync(edit)
    assert Todo.objects.get().text == "Buy milk"


def test_two_devices_edit_different_fields_and_both_edits_stay(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    laptop.sync()
    on_phone = phone.edit(milk["id"], completed=True)
    laptop.sync(laptop.edit(milk["id"], text="Buy oat milk"))
    reply = phone.sync(on_phone)
    [row] = reply["todos"]
    assert (row["text"], row["completed"]) == ("Buy oat milk", True)


def test_m1_the_later_edit_wins_whichever_comes_first(alice):
    for order in ((0, 1), (1, 0)):
        phone, laptop = Device(alice), Device(alice)
        milk = phone.new()
        phone.sync(milk)
        laptop.sync()
        edits = [(phone, phone.edit(milk["id"], text="earlier"))]
        laptop.last = phone.last
        edits.append((laptop, laptop.edit(milk["id"], text="later")))
        for index in order:
            device, edit = edits[index]
            device.sync(edit)
        todo = Todo.objects.get(uid=milk["id"])
        assert todo.text == "later"
        lost = {revision.value for revision in todo.revisions.filter(field="text")}
        assert lost == ({"Buy milk", "earlier"})


def test_m2_the_same_request_again_stores_one_todo_and_doubles_no_history(phone):
    milk = phone.new()
    rename = phone.edit(milk["id"], text="Buy oat milk")
    body = phone.body(milk, rename)
    for _ in range(3):
        assert phone.post(body).status_code == 200
    assert Todo.objects.get().text == "Buy oat milk"
    assert [revision.value for revision in Revision.objects.all()] == ["Buy milk"]
    assert SyncState.objects.get().head == 1


def test_m4_an_edit_of_an_unknown_todo_is_incomplete_and_not_stored(phone):
    reply = phone.sync(phone.edit(str(uuid7()), completed=True))
    assert only(reply)["status"] == "incomplete"
    assert not Todo.objects.exists()


def test_m4_a_todo_without_any_stamp_is_incomplete_too(phone):
    assert only(phone.sync({"id": str(uuid7()), "clocks": {}}))["status"] == "incomplete"


def test_m4_a_bare_deletion_of_an_unknown_todo_is_stored(phone):
    reply = phone.sync(phone.edit(str(uuid7()), deleted=True))
    assert only(reply)["status"] == "stored"
    assert Todo.objects.get().deleted


def test_m5_one_bad_todo_blocks_no_other(phone):
    bad, good = phone.new("x" * (LIMITS["text"] + 1)), phone.new("good")
    reply = phone.sync(bad, good)
    assert [result["status"] for result in reply["results"]] == ["rejected", "stored"]
    assert [result["id"] for result in reply["results"]] == [bad["id"], good["id"]]
    assert Todo.objects.get().text == "good"


@pytest.mark.parametrize("nonsense", [5, None, [], "x", True])
def test_m5_what_is_no_todo_at_all_blocks_no_other(phone, nonsense):
    good = phone.new("good")
    results = phone.sync(nonsense, good)["results"]
    assert [result["status"] for result in results] == ["rejected", "stored"]
    assert (results[0]["id"], results[0]["error"]) == (None, "malformed")


def test_m4_a_tombstone_without_the_rest_is_not_brought_back_in_part(phone):
    bare = phone.edit(str(uuid7()), deleted=True)
    phone.sync(bare)
    result = only(phone.sync(phone.edit(bare["id"], deleted=False)))
    assert result["status"] == "incomplete"
    assert Todo.objects.get().deleted
    whole = {**phone.new("Buy milk"), "id": bare["id"]}
    assert only(phone.sync(whole))["status"] == "stored"
    assert not Todo.objects.get().deleted


def test_m5_of_a_new_todo_each_field_has_its_own_code(phone):
    milk = phone.new()
    milk["clocks"]["text"] = f"{phone.now() + DAY:015d}-0000-{phone.node}"
    result = only(phone.sync(milk))
    assert result["error"] == "clock_wrong"
    held_back = dict.fromkeys(("completed", "position", "deleted"), "incomplete")
    assert result["errors"] == held_back | {"text": "clock_wrong"}
    assert not Todo.objects.exists()


def test_m5_of_a_known_todo_the_good_fields_are_stored(phone):
    milk = phone.new()
    phone.sync(milk)
    edit = phone.edit(milk["id"], text="x" * (LIMITS["text"] + 1), completed=True)
    result = only(phone.sync(edit))
    assert (result["status"], result["error"]) == ("rejected", "text_too_long")
    assert result["fields"] == ["text"]
    assert result["errors"] == {"text": "text_too_long"}
    todo = Todo.objects.get()
    assert (todo.text, todo.completed) == ("Buy milk", True)


def test_m5_a_too_long_text_blocks_no_later_delete(phone):
    milk = phone.new()
    phone.sync(milk)
    edit = phone.edit(milk["id"], text="x" * (LIMITS["text"] + 1))
    deletion = phone.edit(milk["id"], deleted=True)
    both = {**edit, **deletion, "clocks": edit["clocks"] | deletion["clocks"]}
    phone.sync(both)
    assert Todo.objects.get().deleted


def test_m5_a_new_todo_is_not_made_of_what_is_left_of_it(phone):
    result = only(phone.sync(phone.new("x" * (LIMITS["text"] + 1))))
    assert set(result["fields"]) == {"text", "completed", "position", "deleted"}
    assert not Todo.objects.exists()


def test_m5_a_deletion_makes_a_new_todo_of_what_is_left_of_it(phone):
    milk = phone.new("x" * (LIMITS["text"] + 1), deleted=True)
    result = only(phone.sync(milk))
    assert result["errors"] == {"text": "text_too_long"}
    todo = Todo.objects.get()
    assert (todo.deleted, todo.text) == (True, "")
    assert todo.version()["clocks"].keys() == {"completed", "position", "deleted"}


@pytest.mark.parametrize("text", ["  spaces  ", "é", "e\u0301", "\U0001f600", "a\tb\nc", "", "<b>"])
def test_m6_a_text_is_stored_as_it_is(phone, laptop, text):
    phone.sync(phone.new(text))
    assert laptop.sync()["todos"][0]["text"] == text
    assert Todo.objects.get().text == text


def test_m6_length_is_counted_in_code_points(phone):
    fits, too_long = phone.new("\U0001f600" * LIMITS["text"]), phone.new("é" * (LIMITS["text"] + 1))
    results = phone.sync(fits, too_long)["results"]
    assert [result["status"] for result in results] == ["stored", "rejected"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "a\0b"}, "text_invalid"),
        ({"text": "\ud83d"}, "text_invalid"),
        ({"text": "a\udfffb"}, "text_invalid"),
        ({"text": 5}, "text_invalid"),
        ({"text": None}, "text_invalid"),
        ({"text": ["a"]}, "text_invalid"),
        ({"completed": 1}, "bad_boolean"),
        ({"completed": "true"}, "bad_boolean"),
        ({"completed": None}, "bad_boolean"),
        ({"deleted": 0}, "bad_boolean"),
        ({"position": "0a"}, "position_invalid"),
        ({"position": "a b"}, "position_invalid"),
        ({"position": "é"}, "position_invalid"),
        ({"position": "a" * 101}, "position_invalid"),
        ({"position": 1}, "position_invalid"),
        ({"color": "red"}, "unknown_field"),
        ({"user": 1}, "unknown_field"),
    ],
)
def test_m7_and_m9_a_bad_value_is_refused_by_its_own_code(phone, values, code):
    milk = phone.new()
    phone.sync(milk)
    edit = phone.edit(milk["id"], **{"text": "good", **values})
    result = only(phone.sync(edit))
    [field] = values
    assert result["errors"] == {field: code}
    assert result["message"] == protocol.REJECTIONS[code]


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "nonsense",
        1790000000000,
        None,
        "1790000000000-0000-5f3c9a1b2d4e6f70",
        "001790000000000-0000-5F3C9A1B2D4E6F70",
        "001790000000000-0000-5f3c9a1b2d4e6f70 ",
    ],
)
def test_s1_a_malformed_stamp_is_refused(phone, stamp):
    milk = phone.new()
    phone.sync(milk)
    result = only(phone.sync({"id": milk["id"], "text": "x", "clocks": {"text": stamp}}))
    assert result["errors"] == {"text": "bad_clock"}
    assert Todo.objects.get().text == "Buy milk"


@pytest.mark.parametrize(
    "clocks", [None, [], "x", {"completed": "001790000000000-0000-" + "a" * 16}]
)
def test_m7_stamps_that_fit_no_fields_make_a_todo_malformed(phone, clocks):
    milk = phone.new()
    phone.sync(milk)
    result = only(phone.sync({"id": milk["id"], "text": "x", "clocks": clocks}))
    assert (result["status"], result["error"]) == ("rejected", "malformed")


def test_m7_the_same_id_twice_is_joined_in_order(phone):
    milk = phone.new()
    reply = phone.sync(milk, phone.edit(milk["id"], text="Buy oat milk"))
    assert [result["status"] for result in reply["results"]] == ["stored", "stored"]
    assert [todo["text"] for todo in reply["todos"]] == ["Buy oat milk"]
    assert Revision.objects.get().value == "Buy milk"


def test_m8_a_full_list_refuses_only_creations(phone, monkeypatch):
    monkeypatch.setitem(protocol.LIMITS, "todosPerUser", 2)
    first, second, third = phone.new("1"), phone.new("2"), phone.new("3")
    results = phone.sync(first, second, third)["results"]
    assert [result.get("error") for result in results] == [None, None, "too_many_todos"]
    edits = [phone.edit(first["id"], text="one"), phone.edit(str(uuid7()), deleted=True)]
    assert {result["status"] for result in phone.sync(*edits)["results"]} == {"stored"}
    phone.sync(phone.edit(second["id"], deleted=True))
    assert only(phone.sync(third))["status"] == "stored"


@pytest.mark.parametrize(
    "id",
    [
        None,
        5,
        "",
        "x",
        "01A0C1D2-0000-7000-8000-000000000001",
        "{01a0c1d2-0000-7000-8000-000000000001}",
        "01a0c1d2000070008000000000000001",
        "01a0c1d2-0000-7000-8000-000000000001\n",
        "../../etc/passwd",
    ],
)
def test_m9_an_id_that_is_no_canonical_uuid_is_refused(phone, id):
    good = phone.new("good")
    results = phone.sync({**phone.new("bad"), "id": id}, good)["results"]
    assert [result.get("error") for result in results] == ["bad_id", None]
    assert results[0]["id"] == (id if isinstance(id, str) else None)
    assert Todo.objects.get().text == "good"


@pytest.mark.parametrize(
    "id",
    [
        "00000000-0000-0000-0000-000000000000",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "6d1c1e5e-6a0e-4f2c-9a52-0f6f3b1f5a11",
        "01a205a2-23b2-7b58-830c-46f0395919dc",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
)
def test_m9_a_uuid_of_any_version_is_accepted(phone, id):
    assert only(phone.sync({**phone.new(), "id": id})) == {"id": id, "status": "stored"}
    assert str(Todo.objects.get().uid) == id


def test_m9_a_todo_that_lost_is_stored_too(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    laptop.sync()
    late = laptop.edit(milk["id"], text="late")
    phone.last = max(phone.last, laptop.last)
    phone.sync(phone.edit(milk["id"], text="later"))
    reply = laptop.sync(late)
    assert only(reply)["status"] == "stored"
    assert reply["todos"][0]["text"] == "later"


def test_a_pushed_row_that_differs_from_what_was_sent_comes_back(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    laptop.pull()
    reply = laptop.sync({"id": milk["id"], "clocks": {}})
    assert [todo["text"] for todo in reply["todos"]] == ["Buy milk"]


def test_two_people_may_use_the_same_id(alice, bob):
    hers, his = Device(alice), Device(bob)
    milk = hers.new("Alice's")
    hers.sync(milk)
    his.sync({**his.new("Bob's"), "id": milk["id"]})
    assert {(todo.user, todo.text) for todo in Todo.objects.all()} == {
        (alice, "Alice's"),
        (bob, "Bob's"),
    }
    assert [todo["text"] for todo in Device(alice).pull().values()] == ["Alice's"]


def test_an_id_of_somebody_elses_reveals_nothing(alice, bob):
    hers, his = Device(alice), Device(bob)
    milk = hers.new("Alice's")
    hers.sync(milk)
    reply = his.sync(his.edit(milk["id"], completed=True))
    assert (only(reply)["status"], reply["todos"]) == ("incomplete", [])
