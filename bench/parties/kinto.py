"""Kinto, in memory, installed from PyPI into the folder."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.parties import Connection, Todo, serves
from e2e.server import free_port

SETTINGS = """
    [server:main]
    use = egg:waitress#main
    host = 127.0.0.1
    port = %(http_port)s

    [app:main]
    use = egg:kinto
    kinto.includes = kinto.plugins.default_bucket
    kinto.storage_backend = kinto.core.storage.memory
    kinto.cache_backend = kinto.core.cache.memory
    kinto.permission_backend = kinto.core.permission.memory
    kinto.userid_hmac_secret = bench
    kinto.default_bucket_hmac_secret = bench
    kinto.batch_max_requests = 1000
    multiauth.policies = basicauth
"""
COLLECTION = "/v1/buckets/default/collections/todos"


@contextmanager
def kinto(folder: Path) -> Iterator[Callable[[], Collection]]:
    """Install and start it; yield what makes an account, which is a person's collection."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / "bin"
    subprocess.run([programs / "pip", "install", "-qq", "kinto"], check=True)
    version = "from importlib.metadata import version; print('Kinto', version('kinto'))"
    subprocess.run([programs / "python", "-c", version], check=True)
    settings, port = folder / "kinto.ini", free_port()
    settings.write_text("\n".join(line.strip() for line in SETTINGS.splitlines()))
    start = [str(programs / "kinto"), "start", "--ini", str(settings), "--port", str(port)]
    with serves(start, port):
        yield lambda: Collection(port)


class Collection(Connection):
    """A collection of somebody, and the time up to which a device has it."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        person = b64encode(f"{secrets.token_hex(6)}:bench".encode()).decode()
        self.headers = {"Authorization": f"Basic {person}"}
        self.ask("PUT", COLLECTION, {}, **self.headers)
        self.known: list[Todo] = []
        self.since = 0

    def made(self, todos: list[Todo]) -> str:
        """Make new records; return them as they go over the wire."""
        requests = [
            {"path": f"{COLLECTION}/records/{todo['id']}", "body": {"data": todo}} for todo in todos
        ]
        self.known += todos
        return json.dumps({"defaults": {"method": "PUT"}, "requests": requests})

    def push(self, made: str) -> None:
        """Store what was made."""
        answer = json.loads(self.ask("POST", "/v1/batch", made, **self.headers))
        assert all(response["status"] == 201 for response in answer["responses"])

    def catch_up(self) -> None:
        """Ask what has changed."""
        changes = json.loads(self.changes(self.since))["data"]
        self.since = max([self.since, *(record["last_modified"] for record in changes)])

    def changes(self, since: int) -> bytes:
        """Return what has changed, as it came."""
        return self.ask("GET", f"{COLLECTION}/records?_since={since}", **self.headers)

    def change(self, number: int) -> None:
        """Write one record again, and ask what has changed."""
        todo = self.known[number] | {"completed": number % 2 == 0}
        self.ask("PUT", f"{COLLECTION}/records/{todo['id']}", {"data": todo}, **self.headers)
        self.catch_up()

    def take_all(self) -> list[bytes]:
        """Ask for all records."""
        return [self.changes(0)]
