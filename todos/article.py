"""The client of the article that this project began with: its requests are served as they are.

It sends `{"todos": [{id, text, completed, updatedAt, synced, userId}]}`: whole records, with one
time for all fields. Rules A1 to A3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from todos import hlc, origins, protocol, sync
from todos.fields import NEEDED
from todos.horizon import Horizon
from todos.protocol import Incoming
from todos.sync import Ledger


def is_article(body: dict[str, Any]) -> bool:
    """Tell whether a request is the article's: it names no version of the protocol (A1)."""
    return "protocol" not in body


def push(user: User, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Store the good ones of the article's todos and return the verdict on each.

    Raises Refused when the request is no list of todos, and when one of them was refused: this
    client marks all as synced at any 200 (A3).
    """
    raw = body.get("todos")
    if not isinstance(raw, list):
        raise protocol.Refused("malformed")
    if len(raw) > protocol.LIMITS["todosPerRequest"]:
        raise protocol.Refused("too_large")
    todos = [read_todo(todo, user.get_username(), sync.now_ms()) for todo in raw]
    results = join(user, todos) if todos else []
    if any(result["status"] != "stored" for result in results):
        raise protocol.Refused("rejected", results=results)
    return results


def read_todo(raw: Any, username: str, now: int) -> Incoming:
    """Check one todo and give each of its fields the stamp of its `updatedAt` (A1)."""
    if not isinstance(raw, dict):
        return protocol.refuse({}, {}, "malformed")
    if raw.get("userId", username) != username:
        return protocol.refuse(raw, {}, "other_account")
    updated = raw.get("updatedAt")
    if not isinstance(updated, (int, float)) or isinstance(updated, bool):
        return protocol.refuse(raw, {}, "malformed")
    if not 0 <= updated <= hlc.MAX_MS:
        return protocol.refuse(raw, {}, "malformed")
    stamp = hlc.pack(min(int(updated), now), 0, origins.ARTICLE)
    fields = {name: raw[name] for name in NEEDED if name in raw}
    clocks = dict.fromkeys(fields, stamp)
    return protocol.read_todo({"id": raw.get("id"), **fields, "clocks": clocks})


def join(user: User, todos: list[Incoming]) -> list[dict[str, Any]]:
    """Join the todos in their order, all in one transaction."""
    with sync.writing(user, [todo.uid for todo in todos if todo.uid]) as ledger:
        horizon = Horizon(ledger.state, sync.now_ms())
        results = []
        for todo in todos:
            complete(ledger, todo)
            results.append(sync.admit(ledger, todo, horizon))
    return results


def complete(ledger: Ledger, todo: Incoming) -> None:
    """Leave out what is no edit of a known todo; give a new one a place at the end (A2)."""
    if todo.uid is None:
        return
    known = ledger.version(todo.uid)
    if known["clocks"]:
        same = [name for name in todo.version["clocks"] if todo.version[name] == known[name]]
        todo.version = sync.without(todo.version, same)
    elif todo.version["clocks"] and not todo.refused:
        stamp = max(todo.version["clocks"].values())
        missing: dict[str, Callable[[], str | bool]]
        missing = {"position": ledger.end, "deleted": lambda: False}
        for name in missing.keys() - todo.version["clocks"].keys():
            todo.version[name] = missing[name]()
            todo.version["clocks"][name] = stamp
