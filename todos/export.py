"""An account as one JSON object, written piece by piece: docs/reference/export-format.md.

However large it is, no more than a batch of it is in memory. Todos are read by their ids, which
never change: what is edited meanwhile comes once, as it was or as it is.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Device, User
from todos import rows
from todos.export_format import FORMAT, VERSION
from todos.merge import Version
from todos.models import Revision, Todo
from todos.pruning import history_begins

AT_ONCE = 500  # rows in one query
HISTORIES_AT_ONCE = 100  # todos, whose values are in memory together


def account(user: User) -> Iterator[str]:
    """Write a person's todos, their history and the person's devices."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "from": "server",
        "complete": True,
        "exportedAt": written(timezone.now()),
        "user": user.get_username(),
        "account": str(user.account),
    }
    if begins := history_begins(user):
        head["historyBegins"] = written(
            datetime.datetime.fromtimestamp(begins / 1_000, datetime.UTC)
        )
    yield dumped(head)[:-1]
    yield from array("todos", todos(user.pk))
    yield from array("history", history(user))
    yield from array("devices", devices(user))
    yield "\n}\n"


def array(name: str, entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Write a member that is an array, with an entry on each line."""
    yield f",\n{dumped(name)}: ["
    comma = ""
    for entry in entries:
        yield f"{comma}\n{dumped(entry)}"
        comma = ","
    yield "\n]"


def todos(user_id: int) -> Iterator[Version]:
    """Give all todos as they stand, tombstones too, as on the wire."""
    last = None
    while batch := rows.todos_after(user_id, last, AT_ONCE):
        for row in batch:
            yield row.version
        last = batch[-1].version["id"]


def history(user: User) -> Iterator[dict[str, Any]]:
    """Give the values that were replaced, by todo, field and stamp.

    Without a join, which now and then made PostgreSQL read everybody's history: the ids are known.
    """
    columns = ("todo", "field", "value", "stamp", "created_at", "conflict")
    kept = Revision.objects.filter(user=user).order_by("todo", "field", "stamp", "value_digest")
    for todos in keys_and_ids(user):
        entries: dict[int, list[dict[str, Any]]] = {}
        found = kept.filter(todo__in=todos).values_list(*columns)
        for key, field, value, stamp, replaced_at, conflict in found.iterator(AT_ONCE):
            entry = {"todo": str(todos[key]), "field": field, "value": value, "stamp": stamp}
            entry["replacedAt"] = written(replaced_at)
            entries.setdefault(key, []).append(entry | ({"conflict": True} if conflict else {}))
        for key in todos:
            yield from entries.get(key, [])


def keys_and_ids(user: User) -> Iterator[dict[int, UUID]]:
    """Give the id of each todo by its key, in the order of the ids, some at a time."""
    todos = Todo.objects.filter(user=user).order_by("uid").values_list("pk", "uid")
    batch = dict(todos[:HISTORIES_AT_ONCE])
    while batch:
        yield batch
        last = [*batch.values()][-1]
        batch = dict(todos.filter(uid__gt=last)[:HISTORIES_AT_ONCE])


def devices(user: User) -> Iterator[dict[str, Any]]:
    """Give the devices that have synced, without their secrets."""
    for device in Device.objects.filter(user=user).order_by("created_at", "pk"):
        yield {
            "id": str(device.uid),
            "name": str(device),
            "userAgent": device.user_agent,
            "createdAt": written(device.created_at),
            "lastSeenAt": written(device.last_seen_at),
        }


def written(moment: datetime.datetime) -> str:
    """Return a time in ISO 8601, UTC."""
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def dumped(value: Any) -> str:
    """Return a value as JSON, in letters that a person can read."""
    return json.dumps(value, ensure_ascii=False)
