"""SimpleSync: the server for production, with all that it does, asked as a device asks."""

from __future__ import annotations

import json
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.parties import Connection, Todo
from e2e.server import ROOT, Production
from e2e.torture.web import Web
from todos import hlc
from todos.fields import NEEDED


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Production]:
    """Start the server, in one process unless more are asked for, and end it afterwards."""
    server = Production(folder, ROOT, None, **{"WORKERS": "1", **environment})
    server.prepare().start()
    try:
        yield server
    finally:
        server.end()


@contextmanager
def simplesync(folder: Path) -> Iterator[Callable[[], Device]]:
    """Start the server; yield what makes an account with a device."""
    with serving(folder) as server:
        yield lambda: Device(new_person(server.port))


def new_person(port: int) -> Web:
    """Return a browser of a new person, on their list."""
    web = Web(port, "bench")
    web.sign_up(f"person-{secrets.token_hex(6)}")
    page = web.page()
    assert page
    web.facts = page.facts
    return web


class Device(Connection):
    """A device of a person, which has all there is."""

    def __init__(self, web: Web) -> None:
        super().__init__(web.port)
        self.headers = {"Cookie": web.cookie(), "X-CSRFToken": web.token()}
        self.account = web.facts["data-account"]
        self.id, self.secret = str(uuid.uuid4()), secrets.token_hex(16)
        self.node = self.id[:8] + secrets.token_hex(4)
        self.last = hlc.ZERO
        self.cursor: str | None = None
        self.known: list[str] = []
        self.catch_up()

    def sync(self, todos: list[Todo]) -> dict[str, Any]:
        """Push and pull a page; return the reply."""
        reply: dict[str, Any] = json.loads(self.answer(json.dumps(todos)))
        return reply

    def answer(self, todos: str) -> bytes:
        """Push todos that are JSON already, and pull a page; return the reply as it came."""
        who = {"account": self.account, "device": self.id, "secret": self.secret}
        rest = json.dumps({"protocol": 1, **who, "cursor": self.cursor})
        answer = self.ask("POST", "/sync", f'{rest[:-1]}, "todos": {todos}}}', **self.headers)
        reply = json.loads(without_todos(answer))
        assert all(result["status"] == "stored" for result in reply["results"]), answer[:500]
        self.cursor, self.more = reply["cursor"], reply["more"]
        return answer

    def stamp(self) -> str:
        """Return a new stamp."""
        self.last = hlc.tick(self.last, time.time_ns() // 1_000_000, self.node)
        return self.last

    def push(self, made: str) -> None:
        """Push what was made."""
        self.answer(made)

    def made(self, todos: list[Todo]) -> str:
        """Make todos at the end of the list; return them as they go over the wire."""
        rest = {"deleted": False, "clocks": dict.fromkeys(NEEDED, self.stamp())}
        numbers = range(len(self.known), len(self.known) + len(todos))
        places = [{"position": f"b{number:06}1"} for number in numbers]
        self.known += [todo["id"] for todo in todos]
        return json.dumps([todo | place | rest for todo, place in zip(todos, places, strict=True)])

    def catch_up(self) -> None:
        """Pull until there is no more."""
        self.sync([])
        while self.more:
            self.sync([])

    def change(self, number: int) -> None:
        """Tick a todo, or untick it."""
        clocks = {"completed": self.stamp()}
        self.sync([{"id": self.known[number], "completed": number % 2 == 0, "clocks": clocks}])

    def take_all(self) -> list[bytes]:
        """Pull from the beginning."""
        self.cursor = None
        answers = [self.answer("[]")]
        while self.more:
            answers.append(self.answer("[]"))
        return answers


def without_todos(answer: bytes) -> bytes:
    """Return a reply less the todos in it: what they take to be read is the device's time."""
    before, _, after = answer.partition(b'"todos":')
    return before + after[after.rindex(b'"cursor":') :]
