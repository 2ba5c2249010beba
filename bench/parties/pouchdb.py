"""PouchDB Server: express-pouchdb on leveldb, installed from npm into the folder."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.parties import Connection, Todo, serves
from e2e.server import free_port

PACKAGES = ["express@4", "express-pouchdb@4", "pouchdb@9"]
SCRIPT = """
    const express = require("express");
    const pouchdb = require("express-pouchdb");
    const [port, prefix] = process.argv.slice(2);
    const PouchDB = require("pouchdb").defaults({ prefix });
    // Without the parts that nobody asks for here.
    const options = { mode: "minimumForPouchDB", inMemoryConfig: true };
    express().use("/", pouchdb(PouchDB, options)).listen(Number(port), "127.0.0.1");
"""


@contextmanager
def pouchdb(folder: Path) -> Iterator[Callable[[], Database]]:
    """Install and start it; yield what makes an account, which is a database."""
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run([*npm, *PACKAGES], check=True)
    print(", ".join(version(folder, package) for package in PACKAGES))
    script, data, port = folder / "server.js", folder / "data", free_port()
    script.write_text(SCRIPT)
    data.mkdir()
    with serves(["node", str(script), str(port), f"{data}/"], port):
        yield lambda: Database(port)


class Database(Connection):
    """A database of somebody, and the sequence number up to which a device has it."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.name = f"/p{secrets.token_hex(8)}"
        self.ask("PUT", self.name)
        self.known: list[Todo] = []
        self.revisions: dict[str, str] = {}
        self.since: Any = 0

    def made(self, todos: list[Todo]) -> str:
        """Make new documents; return them as they go over the wire."""
        documents = [{"_id": todo["id"], **without_id(todo)} for todo in todos]
        self.known += documents
        return json.dumps(documents)

    def push(self, made: str) -> None:
        """Store what was made."""
        self.store(made)

    def store(self, documents: str) -> None:
        """Store documents, and note their revisions."""
        answer = self.ask("POST", f"{self.name}/_bulk_docs", f'{{"docs": {documents}}}')
        self.revisions |= {result["id"]: result["rev"] for result in json.loads(answer)}

    def catch_up(self) -> None:
        """Ask what has changed."""
        self.since = json.loads(self.changes(self.since))["last_seq"]

    def changes(self, since: Any) -> bytes:
        """Return what has changed, as it came."""
        return self.ask("GET", f"{self.name}/_changes?include_docs=true&since={since}")

    def change(self, number: int) -> None:
        """Write one document again, and ask what has changed."""
        document = self.known[number] | {"completed": number % 2 == 0}
        self.store(json.dumps([document | {"_rev": self.revisions[document["_id"]]}]))
        self.catch_up()

    def take_all(self) -> list[bytes]:
        """Ask for all changes."""
        return [self.changes(0)]


def version(folder: Path, package: str) -> str:
    """Return which version of a package was installed."""
    name, _, _ = package.partition("@")
    told = json.loads((folder / "node_modules" / name / "package.json").read_text())
    return f"{name} {told['version']}"


def without_id(todo: Todo) -> Todo:
    """Return the rest of a todo."""
    return {name: value for name, value in todo.items() if name != "id"}
