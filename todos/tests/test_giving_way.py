"""A push of many todos gives way to who waits to write, and goes on afterwards (decision 35)."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from todos import rows, sync
from todos.cursor import unpack
from todos.models import Head, Revision, SyncState, Todo
from todos.turns import Turn

pytestmark = pytest.mark.django_db
MANY = 2 * sync.PIECE + 10  # todos, of a push in three pieces


@pytest.fixture(autouse=True)
def somebody_waits(monkeypatch):
    """Let the turn be wanted whenever it is asked."""
    monkeypatch.setattr(Turn, "is_wanted", lambda turn: True)


@pytest.fixture
def in_between(monkeypatch):
    """Return what lets something happen before each piece of a push but the first."""

    def let(happen):
        push, pieces = sync.push_in_turn, []

        def push_in_turn(user, todos, device):
            pieces.append(len(todos))
            if len(pieces) > 1:
                with monkeypatch.context() as meanwhile:
                    meanwhile.setattr(sync, "push_in_turn", push)
                    happen()
            return push(user, todos, device)

        monkeypatch.setattr(sync, "push_in_turn", push_in_turn)
        return pieces

    return let


def many(device):
    return [device.new(f"todo {number}") for number in range(MANY)]


def heads(user):
    return list(Head.objects.filter(user=user, number__gt=0).values_list("number", flat=True))


def test_it_is_kept_in_pieces_and_answered_as_one(phone, laptop, alice, in_between):
    todos, pieces = many(phone), in_between(lambda: None)
    reply = phone.sync(*todos)
    assert [result["id"] for result in reply["results"]] == [todo["id"] for todo in todos]
    assert {result["status"] for result in reply["results"]} == {"stored"}
    assert heads(alice) == [sync.PIECE, 2 * sync.PIECE, MANY]
    assert pieces == [MANY, MANY - sync.PIECE, MANY - 2 * sync.PIECE]
    assert laptop.pull() == {todo["id"]: todo for todo in todos}


def test_it_is_one_transaction_while_nobody_waits(phone, alice, monkeypatch):
    monkeypatch.setattr(Turn, "is_wanted", lambda turn: False)
    phone.sync(*many(phone))
    assert heads(alice) == [MANY]


def test_r9_what_was_sent_is_not_sent_back(phone):
    reply = phone.sync(*many(phone))
    assert (reply["todos"], reply["more"]) == ([], False)
    assert unpack(reply["cursor"]).position == MANY


def test_r9_what_is_not_just_what_was_sent_comes_back_from_any_piece(phone):
    milk, bread = phone.new("milk"), phone.new("bread")
    phone.sync(milk, bread)
    edits = [phone.edit(todo["id"], completed=True) for todo in (milk, bread)]
    reply = phone.sync(edits[0], *many(phone), edits[1])
    assert [todo["text"] for todo in reply["todos"]] == ["milk", "bread"]
    assert [todo["completed"] for todo in reply["todos"]] == [True, True]


def test_r9_what_others_do_in_between_is_not_missed(phone, laptop, in_between):
    laptop.pull()
    in_between(lambda: laptop.sync(laptop.new("in between")))
    reply = phone.sync(*many(phone))
    texts = [todo["text"] for todo in reply["todos"]]
    assert texts.count("in between") == 2
    assert phone.pull() == {}


def test_what_others_change_in_between_is_told_as_it_stands(phone, laptop, in_between):
    first = phone.new("Buy milk")
    laptop.pull()

    def change():
        if edits:
            laptop.sync(edits.pop())

    edits = [laptop.edit(first["id"], text="Buy bread")]
    in_between(change)
    told = {todo["id"]: todo for todo in phone.sync(first, *many(phone))["todos"]}
    assert told[first["id"]]["text"] == "Buy bread"
    assert [former.value for former in Revision.objects.all()] == ["Buy milk"]


def test_the_counts_and_the_digest_are_of_all_pieces(phone, alice):
    done = [phone.new("done", completed=True) for _ in range(sync.PIECE)]
    phone.sync(*many(phone), *done)
    state = SyncState.objects.get(user=alice)
    assert (state.live, state.completed) == (MANY + sync.PIECE, sync.PIECE)
    digests = [sync.merge.fingerprint(todo.version()) for todo in Todo.objects.all()]
    assert state.digest == sum(digests) % 2**32


def test_m2_a_todo_that_comes_in_several_pieces_keeps_its_history(phone):
    milk = phone.new("Buy milk")
    edits = [phone.edit(milk["id"], text=text) for text in ("Buy bread", "Buy salt")]
    phone.sync(milk, *many(phone)[: sync.PIECE], *edits)
    former = Revision.objects.filter(field="text").order_by("stamp")
    assert [each.value for each in former] == ["Buy milk", "Buy bread"]


def test_what_was_kept_stays_when_the_rest_fails_and_comes_again(phone, alice, monkeypatch):
    todos, put, calls = many(phone), rows.put_todos, []

    def put_the_first(*arguments):
        calls.append(arguments)
        if len(calls) > 1:
            raise OperationalError("database is locked")
        put(*arguments)

    with monkeypatch.context() as broken:
        broken.setattr(rows, "put_todos", put_the_first)
        assert phone.post(phone.body(*todos)).status_code == 503
    assert Todo.objects.count() == sync.PIECE
    phone.sync(*todos)
    assert Todo.objects.count() == MANY
    assert heads(alice)[0] == sync.PIECE
    assert heads(alice)[-1] == MANY
    assert not Revision.objects.exists()
