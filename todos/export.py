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

from accounts.models import Device
from todos import rows
from todos.export_format import FORMAT, VERSION
from todos.merge import Version
from todos.models import Revision, Todo

AT_ONCE = 500  # rows in one query


def account(user) -> Iterator[str]:
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


def history(user) -> Iterator[dict[str, Any]]:
    """Give the values that were replaced, by todo, field and stamp."""
    kept = Revision.objects.filter(user=user, todo__user=user)
    in_order = kept.order_by("todo__uid", "field", "stamp", "value_digest")
    columns = ("todo__uid", "field", "value", "stamp", "created_at", "conflict")
    values = in_order.values_list(*columns)
    for todos in keys_and_ids(user):
        keys, ids = zip(*todos, strict=True)
        # The ids say nothing that the keys do not; but PostgreSQL finds both tables' rows by them.
        some = values.filter(todo__in=keys, todo__uid__gte=ids[0], todo__uid__lte=ids[-1])
        for uid, field, value, stamp, replaced_at, conflict in some.iterator(AT_ONCE):
            entry = {"todo": str(uid), "field": field, "value": value, "stamp": stamp}
            entry["replacedAt"] = written(replaced_at)
            yield entry | ({"conflict": True} if conflict else {})


def keys_and_ids(user) -> Iterator[list[tuple[int, UUID]]]:
    """Give the key and the id of each todo, by id, a batch at a time."""
    todos = Todo.objects.filter(user=user).order_by("uid").values_list("pk", "uid")
    batch = list(todos[:AT_ONCE])
    while batch:
        yield batch
        batch = list(todos.filter(uid__gt=batch[-1][1])[:AT_ONCE])


def devices(user) -> Iterator[dict[str, Any]]:
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
