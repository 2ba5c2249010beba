"""Who writes to SQLite, and who waits meanwhile."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from todos import turns
from todos.turns import writers_turn


@pytest.fixture(autouse=True)
def a_file(monkeypatch, tmp_path):
    """A database in a file, whichever one the tests have."""
    name = {"NAME": tmp_path / "todos.sqlite3"}
    database = SimpleNamespace(vendor="sqlite", is_in_memory_db=lambda: False, settings_dict=name)
    monkeypatch.setattr(turns, "connection", database)


@pytest.fixture
def writer():
    """Return what starts a thread that writes, notes when it did, and ends with the test."""
    threads = []

    def start(order, name, much=False):
        def write():
            with writers_turn(much):
                order.append(name)

        threads.append(threading.Thread(target=write))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join()


def wait_until_wanted(turn):
    while not turn.is_wanted():
        pass


def test_nobody_wants_the_turn_of_who_is_alone():
    with writers_turn() as turn:
        assert not turn.is_wanted()
    with writers_turn(much=True) as turn:
        assert not turn.is_wanted()


def test_who_writes_sees_that_somebody_waits_and_it_does_not_write_meanwhile(writer):
    order = []
    with writers_turn(much=True) as turn:
        writer(order, "a little")
        wait_until_wanted(turn)
        assert order == []
        order.append("much")
    with writers_turn():
        assert order == ["much", "a little"]


def test_who_gives_way_gets_the_turn_back_only_after_who_waited(writer):
    order = []
    for piece in range(20):
        with writers_turn(much=True) as turn:
            order.append(f"piece {piece}")
            writer(order, f"in between {piece}")
            wait_until_wanted(turn)
    with writers_turn():
        pass
    assert order == [f"{what} {piece}" for piece in range(20) for what in ("piece", "in between")]


def test_of_those_who_write_much_one_at_a_time_is_before_who_writes_a_little(writer, monkeypatch):
    order, asks = [], threading.Event()
    opened = turns.opened

    def noted(database, queue):
        if threading.current_thread() is not threading.main_thread():
            asks.set()
        return opened(database, queue)

    monkeypatch.setattr(turns, "opened", noted)
    with writers_turn(much=True) as turn:
        also_much = writer(order, "also much", much=True)
        asks.wait()
        a_little = writer(order, "a little")
        wait_until_wanted(turn)
    also_much.join()
    a_little.join()
    assert order == ["a little", "also much"]


def test_a_write_that_fails_lets_go_of_the_turn():
    with pytest.raises(ZeroDivisionError), writers_turn(much=True):
        raise ZeroDivisionError
    with writers_turn(much=True) as turn:
        assert not turn.is_wanted()


def test_a_database_that_knows_who_waits_has_no_turns(monkeypatch, tmp_path):
    monkeypatch.setattr(turns, "connection", SimpleNamespace(vendor="postgresql"))
    with writers_turn(much=True) as turn, writers_turn():
        assert not turn.is_wanted()
    assert list(tmp_path.iterdir()) == []
