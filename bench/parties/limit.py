"""The limit: SQLite in this process, one transaction for each request's rows, and no more."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.parties import Todo

TABLE = """
    PRAGMA journal_mode=WAL;
    PRAGMA synchronous=FULL;
    CREATE TABLE todo (
        id INTEGER PRIMARY KEY, user, uid, text, completed, change,
        UNIQUE (user, uid), UNIQUE (user, change)
    );
"""
UPSERT = """
    INSERT INTO todo (user, uid, text, completed, change) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (user, uid) DO UPDATE SET
        text = excluded.text, completed = excluded.completed, change = excluded.change
"""
AFTER = "SELECT uid, text, completed FROM todo WHERE user = ? AND change > ? ORDER BY change"


@contextmanager
def limit(folder: Path) -> Iterator[Callable[[], Rows]]:
    """Make the table; yield what makes an account in it."""
    database = sqlite3.connect(folder / "limit.sqlite3", isolation_level=None)
    database.executescript(TABLE)
    try:
        yield lambda: Rows(database)
    finally:
        database.close()


class Rows:
    """An account's rows."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.user = secrets.token_hex(8)
        self.head = 0
        self.known: list[Todo] = []

    def made(self, todos: list[Todo]) -> str:
        """Make new todos; return them as a request would bring them."""
        self.known += todos
        return json.dumps(todos)

    def push(self, made: str) -> None:
        """Store what was made."""
        self.store(made)

    def store(self, body: str) -> None:
        """Store what a request would bring."""
        todos = json.loads(body)
        numbered = enumerate(todos, start=self.head + 1)
        self.database.execute("BEGIN IMMEDIATE")
        self.database.executemany(
            UPSERT,
            [
                (self.user, todo["id"], todo["text"], todo["completed"], change)
                for change, todo in numbered
            ],
        )
        self.database.execute("COMMIT")
        self.head += len(todos)

    def catch_up(self) -> None:
        """There is no device that would be behind."""

    def change(self, number: int) -> None:
        """Write one row again, and read what has changed."""
        before = self.head
        self.store(json.dumps([self.known[number] | {"completed": number % 2 == 0}]))
        self.rows(before)

    def take_all(self) -> list[bytes]:
        """Read all rows."""
        return [self.rows(0)]

    def rows(self, after: int) -> bytes:
        """Return the rows after a number, as an answer would bring them."""
        rows = self.database.execute(AFTER, (self.user, after))
        names = ("id", "text", "completed")
        return json.dumps([dict(zip(names, row, strict=True)) for row in rows]).encode()
