"""Who is measured: each party holds accounts, to which a device pushes and from which it pulls."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from select import select
from typing import Any, Protocol

TEXT = "Buy 40 characters of milk, number {:06}."
LONGEST_WAIT = 120  # s, for one answer

Todo = dict[str, Any]


class Account(Protocol):
    """A new account of somebody, and a device that is at its head."""

    def made(self, todos: list[Todo]) -> str:
        """Make new todos; return what a device sends to store them, as it goes over the wire."""

    def push(self, made: str) -> None:
        """Store what was made, and have its acknowledgement."""

    def catch_up(self) -> None:
        """Come to the head, if pushing has not brought the device there."""

    def change(self, number: int) -> None:
        """Change one of the todos that were pushed, and pull what has changed."""

    def take_all(self) -> list[bytes]:
        """Take everything as a new device does; return the bodies of the answers, unread."""


class Party(Protocol):
    """Starts in a folder of its own; then makes accounts, until it ends."""

    def __call__(self, folder: Path) -> AbstractContextManager[Callable[[], Account]]: ...


class Connection:
    """An HTTP connection that stays."""

    def __init__(self, port: int) -> None:
        self.http = HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT)
        self.connect()

    def connect(self) -> None:
        """Connect, again if the server has grown tired of waiting."""
        self.http.close()
        self.http.connect()
        self.http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, content: Any = None, **headers: str) -> bytes:
        """Send JSON (text is sent as it is); return the body of the answer, which must be good."""
        body = content if content is None or isinstance(content, str) else json.dumps(content)
        if select([self.http.sock], [], [], 0)[0]:
            self.connect()
        self.http.request(method, path, body, {"Content-Type": "application/json", **headers})
        response = self.http.getresponse()
        answer = response.read()
        assert response.status < 300, answer[:500]
        return answer


@contextmanager
def serves(command: list[str], port: int) -> Iterator[None]:
    """Let a server run, from when it takes connections."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + LONGEST_WAIT
        while not takes_connections(port):
            assert process.poll() is None, command
            assert time.monotonic() < deadline, command
        yield
    finally:
        process.kill()
        process.wait()


def takes_connections(port: int) -> bool:
    """Tell whether somebody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
