"""The real server in a process of its own, with a database of its own, to be killed at will."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

DATABASE = "simplesync.sqlite3"
ROOT = Path(__file__).resolve().parent.parent
LONGEST_START = 60  # seconds
LONGEST_END = 30  # seconds


@dataclass
class Output:
    """What a command has printed, once it has ended."""

    stdout: str = ""


class Server:
    """`manage.py runserver` in a folder of its own, as in production but for https.

    `made` is the folder of another that has been prepared: what was made there is not made again.
    """

    def __init__(
        self, folder: Path, root: Path = ROOT, made: Path | None = None, **environment: str
    ) -> None:
        self.folder = folder
        self.root = root  # the project's folder
        self.made = made
        self.database = folder / DATABASE
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        address = new_database(self.database)
        self.environment = os.environ | {
            "DATABASE_URL": address,
            "LISTEN_DATABASE_URL": past_the_pooler(address),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DEBUG": "false",
            "HTTPS": "false",
            "SECRET_KEY": "only-for-the-tests-and-known-to-everybody",
            "STATIC_ROOT": str((made or folder) / "static"),
            "SYNC_INTERVAL": "1",
            "SYNC_RATE": "100000/minute",
            "DJANGO_SETTINGS_MODULE": "e2e.settings",
            **environment,
        }

    def manage(self, *arguments: str, **environment: str) -> None:
        """Run a management command to its end."""
        command = [sys.executable, str(self.root / "manage.py"), *arguments]
        done = subprocess.run(
            command,
            env=self.environment | environment,
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout

    @contextmanager
    def managing(self, *arguments: str) -> Iterator[Output]:
        """Let a management command run beside what is done meanwhile; yield what it prints."""
        command = [sys.executable, str(self.root / "manage.py"), *arguments]
        process = subprocess.Popen(
            command, env=self.environment, cwd=self.root, stdout=subprocess.PIPE, text=True
        )
        output = Output()
        try:
            yield output
        finally:
            output.stdout, _ = process.communicate()
        assert process.returncode == 0, output.stdout

    def prepare(self) -> Server:
        """Make the tables, and collect the static files, unless another server has."""
        if self.made and self.environment["DATABASE_URL"].startswith("sqlite"):
            shutil.copy(self.made / DATABASE, self.database)
        else:
            self.manage("migrate", "--verbosity", "0")
        manifest = Path(self.environment["STATIC_ROOT"], "staticfiles.json")
        if self.environment["DEBUG"] == "false" and not manifest.exists():
            self.manage("collectstatic", "--noinput", "--verbosity", "0")
        return self

    def start(self) -> Server:
        """Start serving, and return once it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=self.environment, cwd=self.root, stdout=log, stderr=log
            )
        deadline = time.monotonic() + LONGEST_START
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
        return self

    def command(self) -> list[str]:
        """Return what serves."""
        address = f"127.0.0.1:{self.port}"
        return [sys.executable, str(self.root / "manage.py"), "runserver", "--noreload", address]

    def answers(self) -> bool:
        """Tell whether the server answers a request."""
        try:
            with urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def replace(self, version: Path, **environment: str) -> None:
        """Go on with another version of the project, in its folder: same database, same address."""
        self.kill()
        self.root, self.made = version, None
        self.environment |= {"STATIC_ROOT": str(version / "collected"), **environment}
        self.prepare().start()

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def back_up(self) -> None:
        """Keep a copy of the database beside it, made by SQLite itself."""
        copy(self.database, self.database.with_name("backup.sqlite3"))

    def restore(self) -> None:
        """End at once, put the copy in the place of the database, and start again."""
        self.kill()
        for suffix in ("-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        copy(self.database.with_name("backup.sqlite3"), self.database)
        self.start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let connections be taken, and nothing be answered."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database itself; `?` stands for a parameter."""
        if not self.environment["DATABASE_URL"].startswith("sqlite"):
            with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
                return connection.execute(sql.replace("?", "%s"), parameters).fetchall()
        with sqlite3.connect(self.database, timeout=20) as file:
            rows = file.execute(sql, parameters).fetchall()
        file.close()
        return rows


class Production(Server):
    """`manage.py serve`, the server that the documentation names for production."""

    def command(self) -> list[str]:
        """Return what serves."""
        return [sys.executable, str(self.root / "manage.py"), "serve"]

    def workers(self) -> list[int]:
        """Return the processes that it has started to serve."""
        assert self.process
        columns = ["ps", "-A", "-o", "pid=,ppid=,args="]
        done = subprocess.run(columns, capture_output=True, text=True, check=True)
        rows = [line.split(None, 2) for line in done.stdout.splitlines()]
        parent = str(self.process.pid)
        return [int(pid) for pid, ppid, args in rows if ppid == parent and "spawn" in args]

    def end(self) -> int:
        """Ask it to end, wait until it has, and return its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=LONGEST_END)
        self.process = None
        return code


def copy(source: Path, target: Path) -> None:
    """Let SQLite itself copy a database."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def new_database(file: Path) -> str:
    """Return the address of a database that is not there yet, or empty.

    It is that file, or a new one on the PostgreSQL on which the tests run (e2e/on_postgresql.py).
    """
    address = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not address.scheme.startswith("postgres"):
        return f"sqlite:///{file}"
    name = f"e2e_{secrets.token_hex(8)}"
    with psycopg.connect(address.geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address._replace(path=f"/{name}").geturl()


def past_the_pooler(address: str) -> str:
    """Return the same database's own address, where the tests run behind a pooler: else ""."""
    direct = os.environ.get("LISTEN_DATABASE_URL", "")
    return urlsplit(direct)._replace(path=urlsplit(address).path).geturl() if direct else ""


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
