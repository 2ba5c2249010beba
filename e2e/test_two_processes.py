"""Two server processes over one database, written to at once: each write waits for its turn."""

from __future__ import annotations

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.files import locks

from e2e.actions import new_name
from e2e.server import Server
from e2e.torture.web import Web
from todos import hlc
from todos.cursor import unpack
from todos.sync import now_ms

WRITERS = 6
EDITS = 10  # by each


@pytest.fixture
def processes(own_server, tmp_path):
    """Two processes that serve the same database."""
    told = own_server.environment
    same = {name: told[name] for name in ("DATABASE_URL", "STATIC_ROOT")}
    other = tmp_path / "other"
    other.mkdir()
    second = Server(other, **same).start()
    yield [own_server, second]
    second.kill()


def at_once(processes, name, write):
    """Let many devices of a person write, at both processes; return all answers."""
    devices = [
        Web(processes[number % len(processes)].port, f"device {number}")
        for number in range(WRITERS)
    ]
    for device in devices:
        device.log_in(name)

    def write_all(device):
        return [write(device, f"{device.name}, edit {number}") for number in range(EDITS)]

    with ThreadPoolExecutor(WRITERS) as pool:
        return [answer for answers in pool.map(write_all, devices) for answer in answers]


def a_list(process):
    """Make an account with one todo; return its name and the todo's id."""
    name, first = new_name("alice"), Web(process.port, "first")
    first.sign_up(name)
    new = first.page().new_id
    assert first.submit("/todos/add/", id=new, text="Buy milk").status == 302
    return name, new


def texts_ever_held(server):
    """Return each text and its stamp, of the one todo and of its history, oldest first."""
    held = server.rows("SELECT text_stamp, text FROM todos_todo")
    lost = server.rows("SELECT stamp, CAST(value AS TEXT) FROM todos_revision WHERE field = 'text'")
    return sorted([*held, *((stamp, json.loads(value)) for stamp, value in lost)])


def test_s6_edits_made_on_the_server_at_once_each_beat_all_before_and_lose_none(processes):
    name, todo = a_list(processes[0])

    def edit(device, text):
        return device.submit(f"/todos/{todo}/edit/", shown="", text=text).status

    assert set(at_once(processes, name, edit)) == {302}
    ever = texts_ever_held(processes[0])
    written = [f"device {n}, edit {m}" for n in range(WRITERS) for m in range(EDITS)]
    assert sorted(text for _, text in ever) == sorted(["Buy milk", *written])
    assert len({stamp for stamp, _ in ever}) == len(ever)
    assert processes[0].rows("SELECT change FROM todos_todo") == [(1 + len(written),)]
    for device in range(WRITERS):
        mine = [text for _, text in ever if text.startswith(f"device {device},")]
        assert mine == [f"device {device}, edit {n}" for n in range(EDITS)]


def test_s6_devices_that_sync_at_once_get_numbers_of_their_own_without_a_gap(processes):
    name, todo = a_list(processes[0])

    def sync(device, text):
        facts = device.page().facts
        stamp = hlc.tick(hlc.ZERO, now_ms(), secrets.token_hex(8))
        body = {
            "protocol": 1,
            "account": facts["data-account"],
            "device": str(uuid4()),
            "secret": secrets.token_hex(16),
            "cursor": None,
            "todos": [{"id": todo, "text": text, "clocks": {"text": stamp}}],
        }
        told = {"Content-Type": "application/json", "X-CSRFToken": device.token()}
        answer = device.request("POST", "/sync", json.dumps(body), **told)
        return answer.status, *(each["status"] for each in json.loads(answer.body)["results"])

    assert set(at_once(processes, name, sync)) == {(200, "stored")}
    ever = texts_ever_held(processes[0])
    written = [f"device {n}, edit {m}" for n in range(WRITERS) for m in range(EDITS)]
    assert sorted(text for _, text in ever) == sorted(["Buy milk", *written])
    heads = processes[0].rows("SELECT number FROM todos_head ORDER BY number")
    assert heads == [(number,) for number in range(len(heads))]
    assert processes[0].rows("SELECT head FROM todos_syncstate") == [heads[-1]]
    assert processes[0].rows("SELECT change FROM todos_todo") == [heads[-1]]


def test_who_waits_at_one_process_hears_what_the_other_writes(processes, open_stream):
    name, _ = a_list(processes[0])
    alice = Web(processes[0].port, "alice")
    alice.log_in(name)
    streams = [open_stream(alice, port=process.port) for process in processes]
    for number, process in enumerate(processes, start=1):
        said = [stream.next() for stream in streams]
        assert [unpack(cursor).number for cursor in said] == [number] * len(streams)
        alice.port = process.port
        new = alice.page().new_id
        assert alice.submit("/todos/add/", id=new, text=f"todo {number}").status == 302
    assert [unpack(stream.next()).number for stream in streams] == [3, 3]


def break_off(server):
    """End all connections of the database, as its restart does."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    assert server.rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.mark.only_postgresql  # SQLite's file cannot be lost
def test_who_waits_hears_what_was_written_while_the_database_was_away_and_ever_after(
    processes, open_stream
):
    name, _ = a_list(processes[0])
    here, there = (Web(process.port, "alice") for process in processes)
    for web in (here, there):
        web.log_in(name)
    stream = open_stream(here)
    assert unpack(stream.next()).number == 1

    break_off(processes[0])
    there.submit("/todos/add/", id=there.page().new_id, text="Call mum")
    assert unpack(stream.next()).number == 2

    there.submit("/todos/add/", id=there.page().new_id, text="Buy bread")
    assert unpack(stream.next()).number == 3


@pytest.mark.only_postgresql  # SQLite has one writer at a time anyway
def test_a_write_waits_for_another_ones_end_on_the_list_of_the_same_person_only(processes):
    lists = {name: Web(processes[1].port, name) for name in (new_name("alice"), new_name("bob"))}
    alice, bob = lists.values()
    for name, web in lists.items():
        web.sign_up(name)
        web.page()
    address = processes[0].environment["DATABASE_URL"]
    with psycopg.connect(address) as other, ThreadPoolExecutor() as pool:
        mine = "SELECT id FROM accounts_user WHERE username = %s"
        other.execute(
            f"SELECT * FROM todos_syncstate WHERE user_id = ({mine}) FOR UPDATE", [alice.name]
        )
        writing = pool.submit(alice.submit, "/todos/add/", id=alice.page().new_id, text="Call mum")
        assert bob.submit("/todos/add/", id=bob.page().new_id, text="Buy milk").status == 302
        while not processes[0].rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert not writing.done()
        other.rollback()
        assert writing.result().status == 302
    assert [todo["text"] for todo in alice.page().todos] == ["Call mum"]


@pytest.mark.only_sqlite  # other databases know who has waited longest
def test_a_write_waits_for_its_turn_and_is_woken_when_it_comes(processes):
    name, _ = a_list(processes[0])
    alice = Web(processes[1].port, "alice")
    alice.log_in(name)
    new = alice.page().new_id
    with (
        Path(f"{processes[0].database.file}-turn").open("a") as turn,
        ThreadPoolExecutor() as pool,
    ):
        locks.lock(turn, locks.LOCK_EX)
        writing = pool.submit(alice.submit, "/todos/add/", id=new, text="Call mum")
        for _ in range(5):  # the server goes on
            assert [todo["text"] for todo in alice.page().todos] == ["Buy milk"]
        assert not writing.done()
        locks.unlock(turn)
        assert writing.result().status == 302
    assert [todo["text"] for todo in alice.page().todos] == ["Buy milk", "Call mum"]
