"""What docs/how-to/back-up-and-restore.md says of copies of SQLite's file, with its own command."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/how-to/back-up-and-restore.md").read_text(encoding="utf-8")
[COMMAND] = re.findall(r'^python3 -c "(.*)"$', PAGE, re.MULTILINE)


@pytest.fixture
def database(tmp_path):
    """A database that is in use, and whose newest row is in the file beside it."""
    (tmp_path / "var").mkdir()
    file = tmp_path / "var/simplesync.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE todos (text TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with connection:
            connection.execute("INSERT INTO todos VALUES ('Buy milk')")
        yield file


def texts(file):
    """Return what is in a database."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT text FROM todos").fetchall()


def test_the_copy_that_sqlite_makes_has_the_newest_writes(database, tmp_path):
    subprocess.run([sys.executable, "-c", COMMAND], cwd=tmp_path, check=True)
    assert texts(tmp_path / "backup.sqlite3") == [("Buy milk",)]


def test_a_copy_of_the_file_alone_lacks_them(database, tmp_path):
    shutil.copy(database, tmp_path / "copied.sqlite3")
    assert texts(tmp_path / "copied.sqlite3") == []


def test_what_is_left_beside_it_is_read_into_a_copy_that_takes_its_place(database, tmp_path):
    subprocess.run([sys.executable, "-c", COMMAND], cwd=tmp_path, check=True)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO todos VALUES ('after the backup')")
    moved = tmp_path / "moved.sqlite3"
    shutil.copy(tmp_path / "backup.sqlite3", moved)
    for suffix in ("-wal", "-shm"):
        shutil.copy(f"{database}{suffix}", f"{moved}{suffix}")
    assert ("after the backup",) in texts(moved)
