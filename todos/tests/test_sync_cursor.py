"""What `POST /sync` sends back: the cursor and the pages, rules R1 to R6 and R8."""

import base64
import json
import uuid

import pytest

from todos import sync, views
from todos.cursor import Cursor, unpack
from todos.models import Head, Revision, SyncState, Todo
from todos.protocol import read_todo
from todos.tests.devices import Device

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(sync.changes_after, "__defaults__", (3,))


def backup():
    """Copy the tables of the sync, as a backup of the database would."""
    return [(model, list(model.objects.all())) for model in (SyncState, Head, Todo, Revision)]


def restore(tables):
    """Put the tables back as they were."""
    for model, _ in reversed(tables):
        model.objects.all().delete()
    for model, rows in tables:
        model.objects.bulk_create(rows)


def test_it_works(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    assert laptop.pull() == {milk["id"]: milk}


def test_after_a_pull_only_what_changed_comes(phone, laptop):
    milk, bread = phone.new("milk"), phone.new("bread")
    phone.sync(milk, bread)
    laptop.pull()
    phone.sync(phone.edit(milk["id"], completed=True))
    assert list(laptop.pull()) == [milk["id"]]
    assert laptop.pull() == {}


def test_a_deletion_comes_as_a_tombstone(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    laptop.pull()
    phone.sync(phone.edit(milk["id"], deleted=True))
    assert laptop.pull()[milk["id"]]["deleted"] is True


def test_r1_the_cursor_has_the_head_after_the_requests_own_writes(phone, alice):
    phone.sync(phone.new())
    cursor = unpack(phone.cursor)
    head = Head.objects.filter(user=alice).latest("number")
    assert (cursor.position, cursor.number, cursor.token) == (1, 1, head.token)


@pytest.mark.usefixtures("small_pages")
def test_r1_the_cursor_of_a_page_stands_at_its_end_and_has_the_newest_head(phone, laptop):
    phone.sync(*(phone.new(str(n)) for n in range(7)))
    reply = laptop.sync()
    cursor = unpack(laptop.cursor)
    assert (len(reply["todos"]), reply["more"]) == (3, True)
    assert (cursor.position, cursor.number) == (3, 7)


@pytest.mark.usefixtures("small_pages")
def test_pages_together_bring_each_todo_once(phone, laptop):
    phone.sync(*(phone.new(str(n)) for n in range(7)))
    seen, more = [], True
    while more:
        reply = laptop.sync()
        seen += [todo["text"] for todo in reply["todos"]]
        more = reply["more"]
    assert seen == [str(n) for n in range(7)]


@pytest.mark.usefixtures("small_pages")
def test_a_last_page_that_is_just_full_is_the_last(phone, laptop):
    phone.sync(*(phone.new(str(n)) for n in range(3)))
    assert laptop.sync()["more"] is False


@pytest.mark.usefixtures("small_pages")
def test_what_is_written_between_two_pages_comes_too(phone, laptop):
    todos = [phone.new(str(n)) for n in range(6)]
    phone.sync(*todos)
    laptop.sync()
    phone.sync(phone.edit(todos[0]["id"], text="changed"), phone.new("new"))
    texts = {todo["text"] for todo in laptop.pull().values()}
    assert {"changed", "new", "3", "4", "5"} <= texts


@pytest.mark.usefixtures("small_pages")
def test_a_big_push_from_behind_gets_its_acknowledgements_and_a_page(phone, laptop):
    phone.sync(*(phone.new(f"phone {n}") for n in range(5)))
    reply = laptop.sync(*(laptop.new(f"laptop {n}") for n in range(5)))
    assert {result["status"] for result in reply["results"]} == {"stored"}
    assert reply["more"] is True
    rest = laptop.pull()
    assert len({todo["id"] for todo in reply["todos"]} | rest.keys()) == 10


def test_r2_a_new_client_gets_live_todos_only(phone, laptop):
    milk, bread = phone.new("milk"), phone.new("bread")
    phone.sync(milk, bread)
    phone.sync(phone.edit(milk["id"], deleted=True))
    assert list(laptop.pull()) == [bread["id"]]


@pytest.mark.usefixtures("small_pages")
def test_r2_no_page_of_a_first_pull_has_tombstones(phone, laptop):
    todos = [phone.new(str(n)) for n in range(9)]
    phone.sync(*todos)
    phone.sync(*(phone.edit(todo["id"], deleted=True) for todo in todos[:2]))
    assert {todo["deleted"] for todo in laptop.pull().values()} == {False}


def test_r2_what_is_deleted_between_a_page_and_the_first_sync_comes_as_a_tombstone(phone, laptop):
    """The page showed it, so its reader has it (C3): the page's own cursor knows that."""
    milk = phone.new()
    phone.sync(milk)
    laptop.cursor = laptop.look()
    phone.sync(phone.edit(milk["id"], deleted=True))
    assert laptop.pull()[milk["id"]]["deleted"] is True


@pytest.mark.usefixtures("small_pages")
def test_r2_what_is_deleted_during_the_first_pull_comes_as_a_tombstone(phone, laptop):
    todos = [phone.new(str(n)) for n in range(5)]
    phone.sync(*todos)
    laptop.sync()  # has 0, 1 and 2
    phone.sync(phone.edit(todos[0]["id"], deleted=True))
    assert laptop.pull()[todos[0]["id"]]["deleted"] is True


@pytest.mark.usefixtures("small_pages")
def test_r2_who_had_the_todos_gets_tombstones_on_every_page(phone, laptop):
    todos = [phone.new(str(n)) for n in range(7)]
    phone.sync(*todos)
    laptop.pull()
    phone.sync(*(phone.edit(todo["id"], deleted=True) for todo in todos))
    pulled = laptop.pull()
    assert pulled.keys() == {todo["id"] for todo in todos}
    assert {todo["deleted"] for todo in pulled.values()} == {True}


def test_r2_what_is_deleted_while_the_page_is_made_comes_as_a_tombstone(phone, laptop, monkeypatch):
    """Whichever is read second, the cursor or the rows, the deletion comes just before it."""
    milk = phone.new()
    phone.sync(milk)
    deletion = read_todo(phone.edit(milk["id"], deleted=True))
    calls = []

    def deleting_before_the_second(read):
        def reading(*arguments):
            calls.append(read)
            if len(calls) == 2:
                sync.push(phone.user, [deletion], uuid.UUID(phone.id))
            return read(*arguments)

        return reading

    with monkeypatch.context() as patched:
        for owner, name in ((SyncState, "of"), (views, "page_of")):
            patched.setattr(owner, name, deleting_before_the_second(getattr(owner, name)))
        laptop.cursor = laptop.look()
    assert len(calls) >= 2
    assert laptop.pull()[milk["id"]]["deleted"] is True


@pytest.mark.usefixtures("small_pages")
def test_r2_what_the_new_client_itself_deletes_comes_back_to_it(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    reply = laptop.sync(laptop.edit(milk["id"], deleted=True))
    assert reply["todos"][0]["deleted"] is True


def test_r4_null_never_resets(phone):
    assert phone.sync(cursor=None)["reset"] is False


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "!!!!",
        "AAAA",
        "é",
        "\ud800",
        "x" * 501,
        5,
        [],
        {},
        True,
        base64.urlsafe_b64encode(b'[1, 0, 0, "\\ud800", 0]').decode(),
        base64.urlsafe_b64encode(b'[1, 0, 0, "\\u0000", 0]').decode(),
        base64.urlsafe_b64encode(b"[1]").decode(),
        base64.urlsafe_b64encode(b'[1, "1", 1, "x", 0]').decode(),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(json.dumps([2, 0, 0, "x", 0]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([1, True, 0, "x", 0]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([1, 10**400, 0, "x", 0]).encode()).decode()[:500],
        Cursor(0, 2**70, "x", 0).pack(),
        Cursor(0, 0, "of another database", 0).pack(),
    ],
)
def test_r4_a_cursor_that_this_database_did_not_write_is_reset(phone, cursor):
    reply = phone.sync(cursor=cursor)
    assert (reply["reset"], reply["cursor"], reply["more"]) == (True, None, False)
    assert reply["todos"] == []


def test_r4_a_position_past_the_head_is_reset(phone, alice):
    phone.sync(phone.new())
    known = unpack(phone.cursor)
    assert phone.sync(cursor=known._replace(position=2).pack())["reset"] is True
    assert phone.sync(cursor=known._replace(position=-1).pack())["reset"] is True
    assert phone.sync(cursor=known.pack())["reset"] is False


def test_r4_somebody_elses_cursor_is_reset(phone, bob):
    phone.sync(phone.new())
    other = Device(bob)
    other.sync(other.new())
    assert Device(bob).sync(cursor=phone.cursor)["reset"] is True


def test_r4_a_cursor_from_after_a_restored_backup_is_reset(phone):
    phone.sync(phone.new("before"))
    tables = backup()
    phone.sync(phone.new("after"))
    restore(tables)
    assert phone.sync()["reset"] is True


def test_r4_it_is_reset_even_when_the_server_has_moved_on_past_its_number(phone, laptop):
    phone.sync(phone.new("before"))
    laptop.pull()
    tables = backup()
    phone.sync(phone.new("lost by the restore"))
    restore(tables)
    for number in range(5):
        laptop.sync(laptop.new(str(number)))
    assert phone.sync()["reset"] is True


@pytest.mark.usefixtures("small_pages")
def test_r4_it_is_reset_in_the_middle_of_a_paged_pull(phone, laptop):
    phone.sync(*(phone.new(str(n)) for n in range(7)))
    tables = backup()
    phone.sync(phone.new("after"))
    laptop.sync()  # stands at 3, far before the backup's end, but has seen head 8
    restore(tables)
    assert laptop.sync()["reset"] is True


def test_r4_a_cursor_from_before_the_backup_goes_on(phone):
    phone.sync(phone.new("before"))
    tables = backup()
    restore(tables)
    assert phone.sync()["reset"] is False


def test_r5_what_comes_with_a_reset_is_stored_and_acknowledged(phone):
    reply = phone.sync(phone.new(), cursor="nonsense")
    assert reply["reset"] is True
    assert [result["status"] for result in reply["results"]] == ["stored"]
    assert Todo.objects.count() == 1


def test_r5_a_reset_brings_no_row_of_what_came_with_it_either(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    late = laptop.edit(milk["id"], completed=True)
    assert len(laptop.sync(late, cursor=phone.cursor)["todos"]) == 1
    reply = laptop.sync(late, cursor="nonsense")
    assert (reply["reset"], reply["todos"]) == (True, [])


def test_r6_after_a_restore_what_a_device_offers_brings_all_back(phone, laptop):
    milk = phone.new()
    phone.sync(milk)
    tables = backup()
    rename = phone.edit(milk["id"], text="Buy oat milk")
    bread = phone.new("bread")
    phone.sync(rename, bread)
    restore(tables)
    assert phone.sync()["reset"] is True
    whole = {**milk, **rename, "clocks": milk["clocks"] | rename["clocks"]}
    phone.sync(whole, bread, cursor=None)
    assert {todo["text"] for todo in laptop.pull().values()} == {"Buy oat milk", "bread"}


def test_r8_a_device_that_has_seen_a_page_of_a_lost_database_is_reset(phone, laptop):
    """Its cursor is from before the backup, and so tells nothing."""
    phone.sync(phone.new("before"))
    laptop.pull()
    tables = backup()
    phone.sync(phone.new("lost by the restore"))
    page = laptop.look()
    restore(tables)
    cursor = laptop.cursor
    assert laptop.sync()["reset"] is False
    laptop.cursor = cursor
    reply = laptop.sync(pages=[page])
    assert (reply["reset"], reply["cursor"], reply["todos"]) == (True, None, [])


def test_r8_every_page_since_the_last_reply_counts(phone, laptop):
    phone.sync(phone.new("before"))
    tables = backup()
    phone.sync(phone.new("lost by the restore"))
    lost = laptop.look()
    restore(tables)
    laptop.pull()
    assert laptop.sync(pages=[laptop.look()])["reset"] is False
    assert laptop.sync(pages=[lost, laptop.look()])["reset"] is True


def test_r8_a_page_of_this_database_resets_nothing_however_old(phone, laptop):
    pages = [laptop.look()]
    phone.sync(phone.new())
    pages.append(laptop.look())
    laptop.cursor = pages[0]
    reply = laptop.sync(pages=pages)
    assert (reply["reset"], len(reply["todos"])) == (False, 1)


@pytest.mark.parametrize("named", ["", "nonsense", None, 5, {}, []])
def test_r8_a_page_that_cannot_be_read_is_unknown(phone, named):
    assert phone.sync(pages=[named])["reset"] is True


def test_r8_so_many_pages_and_no_more_may_be_named(phone):
    page = phone.look()
    assert phone.sync(pages=[page] * 100)["reset"] is False
    refused = phone.post(phone.body(pages=[page] * 101))
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("pages: ")


def test_a_pull_makes_no_change(phone, alice):
    phone.sync(phone.new())
    before = backup()
    phone.sync()
    assert [rows for _, rows in backup()] == [rows for _, rows in before]


def test_r3_what_is_written_between_reading_the_head_and_the_rows_is_not_missed(
    phone, laptop, monkeypatch
):
    """Whichever is read second, a write comes in just before it."""
    phone.sync(phone.new("before"))
    calls = []

    def writing_before_the_second(read):
        def reading(*arguments):
            calls.append(read)
            if len(calls) == 2:
                sync.push(phone.user, [read_todo(phone.new("in between"))], uuid.UUID(phone.id))
            return read(*arguments)

        return reading

    for owner, name in ((SyncState, "of"), (sync, "rows_after")):
        monkeypatch.setattr(owner, name, writing_before_the_second(getattr(owner, name)))
    replies = [laptop.sync(), laptop.sync()]
    assert len(calls) >= 2
    texts = [todo["text"] for reply in replies for todo in reply["todos"]]
    assert texts == ["before", "in between"]


def test_r9_what_was_sent_is_not_sent_back(phone, laptop):
    milk = phone.new()
    assert phone.sync(milk)["todos"] == []
    assert phone.sync()["todos"] == []
    assert laptop.pull() == {milk["id"]: milk}


def test_r9_what_is_not_just_what_was_sent_comes_back(phone):
    milk = phone.new()
    phone.sync(milk)
    edit = phone.edit(milk["id"], completed=True)
    stands = milk | {"completed": True, "clocks": milk["clocks"] | edit["clocks"]}
    assert phone.sync(edit)["todos"] == [stands]
    assert phone.sync()["todos"] == []


def test_r9_who_was_behind_gets_what_the_others_did(phone, laptop):
    milk, bread, tea = phone.new("milk"), laptop.new("bread"), phone.new("tea")
    laptop.sync()
    phone.sync(milk)
    reply = laptop.sync(bread)
    assert milk in reply["todos"]
    assert not reply["more"]
    phone.sync(tea)
    assert laptop.sync()["todos"] == [tea]


@pytest.mark.usefixtures("small_pages")
def test_r9_who_was_many_pages_behind_gets_them_all(phone, laptop):
    theirs = [phone.new(str(number)) for number in range(7)]
    laptop.sync()
    phone.sync(*theirs)
    reply = laptop.sync(laptop.new("mine"))
    texts = {todo["text"] for todo in reply["todos"]}
    texts |= {todo["text"] for todo in laptop.pull().values()}
    assert texts >= {todo["text"] for todo in theirs}


def test_r9_a_reply_that_was_lost_loses_nothing(phone):
    """Whoever does not hear it stands where it stood, and so is behind."""
    milk = phone.new()
    before = phone.cursor
    phone.sync(milk)
    phone.cursor = before
    assert phone.sync(milk)["todos"] == [milk]
