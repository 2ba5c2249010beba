"""The database of a server that is tested: made, asked, copied and put back, past the app."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

Rows = list[tuple[Any, ...]]


class SQLite:
    """A file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.address = f"sqlite:///{file}"

    def rows(self, sql: str, *parameters: object) -> Rows:
        """Return what a statement finds, and keep what it changes; `?` stands for a parameter."""
        with closing(sqlite3.connect(self.file, timeout=20)) as connection, connection:
            return connection.execute(sql, parameters).fetchall()

    def begin_as(self, other: Path) -> None:
        """Begin as a copy of a database that nobody uses."""
        shutil.copy(other, self.file)

    def back_up(self, to: Path) -> None:
        """Keep a copy, also while it is used."""
        copy(self.file, to)

    def restore(self, backup: Path) -> None:
        """Put a copy in its place."""
        copy(backup, self.file)


def copy(source: Path, target: Path) -> None:
    """Let SQLite itself copy a database."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


class PostgreSQL:
    """One that is new on a server; its programs are on the PATH (e2e/on_postgresql.py).

    What its name is stands in a file.
    """

    def __init__(self, server: str, file: Path) -> None:
        self.server = server
        self.name = f"e2e_{secrets.token_hex(8)}"
        self.address = urlsplit(server)._replace(path=f"/{self.name}").geturl()
        file.write_text(self.name)
        self.tell_server(f"CREATE DATABASE {self.name}")

    def tell_server(self, sql: str) -> None:
        """Execute what belongs to no one database."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql)

    def rows(self, sql: str, *parameters: object) -> Rows:
        """Return what a statement finds, and keep what it changes; `?` stands for a parameter."""
        with psycopg.connect(self.address) as connection:
            found = connection.execute(sql.replace("?", "%s"), parameters)
            return found.fetchall() if found.description else []

    def begin_as(self, other: Path) -> None:
        """Begin as a copy of a database that nobody uses."""
        self.tell_server(f"DROP DATABASE {self.name}")
        self.tell_server(f"CREATE DATABASE {self.name} TEMPLATE {other.read_text()}")

    def back_up(self, to: Path) -> None:
        """Keep a copy, also while it is used."""
        run("pg_dump", "--format=custom", f"--file={to}", self.address)

    def restore(self, backup: Path) -> None:
        """Put a copy in its place."""
        run("pg_restore", "--clean", "--if-exists", "--no-owner", "--dbname", self.address, backup)


def run(*command: str | Path) -> None:
    """Run a program to its end; what it says against that goes into the error."""
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def new_database(file: Path) -> SQLite | PostgreSQL:
    """Return a database that is not there yet, or empty: this file, or one on the PostgreSQL on
    which the tests run, whose name stands there."""
    server = os.environ.get("DATABASE_URL", "")
    return PostgreSQL(server, file) if server.startswith("postgres") else SQLite(file)


def past_the_pooler(address: str) -> str:
    """Return the same database's own address, where the tests run behind a pooler: else ""."""
    direct = os.environ.get("LISTEN_DATABASE_URL", "")
    return urlsplit(direct)._replace(path=urlsplit(address).path).geturl() if direct else ""
