"""The real server in a process of its own, with a database of its own, to be killed at will."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.databases import new_database, past_the_pooler

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
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.database = new_database(folder / DATABASE)
        self.backup = folder / "backup"
        self.environment = os.environ | {
            "DATABASE_URL": self.database.address,
            "LISTEN_DATABASE_URL": past_the_pooler(self.database.address),
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
        if self.made:
            self.database.begin_as(self.made / DATABASE)
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
        """Keep a copy of the database beside it, made by the database itself."""
        self.database.back_up(self.backup)

    def restore(self) -> None:
        """End at once, put the copy in the place of the database, and start again."""
        self.kill()
        self.database.restore(self.backup)
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
        """Ask or change the database itself; `?` stands for a parameter."""
        return self.database.rows(sql, *parameters)


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


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
