"""The history of a todo: every value that it had, who set it, and how to have it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from accounts.models import Device
from todos import hlc, origins, pruning, sync
from todos.models import Revision, Todo
from todos.sentences import Value

PAGE = 200  # values


class Past(NamedTuple):
    """Some of the values that a todo has and had, newest first."""

    values: list[Value]
    older: str | None  # the stamp before which there are more
    begins: int  # ms: what was replaced before is no longer kept; 0: all is


def of(todo: Todo, before: str | None = None) -> Past:
    """Return the values of a todo; with `before`, those that it had under older stamps."""
    rows = Revision.objects.filter(user=todo.user_id, todo=todo).order_by("-stamp")
    if before:
        rows = rows.filter(stamp__lt=before)
    found = [
        Value(*row) for row in rows.values_list("field", "value", "stamp", "conflict")[: PAGE + 1]
    ]
    older = None
    if len(found) > PAGE:  # what was set under one stamp stays together
        found = [value for value in found if value.stamp > found[-1].stamp]
        older = found[-1].stamp
    begins = pruning.history_begins(todo.user)
    return Past(([] if before else current(todo)) + found, older, begins)


def current(todo: Todo) -> list[Value]:
    """Return the values that stand."""
    version = todo.version()
    return [Value(field, version[field], stamp) for field, stamp in version["clocks"].items()]


def names(user, values: Iterable[Value]) -> dict[str, str]:
    """Return who made these values, in words, by the node of their stamps."""
    nodes = {hlc.node_of(value.stamp) for value in values}
    devices = Device.objects.filter(user=user, prefix__in={node[:8] for node in nodes})
    by_prefix = {device.prefix: str(device) for device in devices}
    return {
        node: origins.NAMES.get(node) or by_prefix.get(node[:8], "a device that is not known")
        for node in nodes
    }


def restore(user, uid: UUID, stamp: str, node: str) -> bool:
    """Give a todo a text again that it had under a stamp: an edit like any other (M10).

    One that is deleted comes back with it. Returns whether there was such a text. Raises
    sync.Rejected when the list has no room for one more.
    """
    todo = Todo.objects.filter(user=user, uid=uid).first()
    past = Revision.objects.filter(user=user, todo=todo, field="text", stamp=stamp)
    text = past.values_list("value", flat=True).first()
    if not text:
        return False
    with sync.writing(user, [str(uid)]) as ledger:
        values = {"text": text}
        if ledger.version(str(uid))["deleted"]:
            if sync.is_full(ledger):
                raise sync.Rejected("too_many_todos")
            values |= sync.revival(ledger, str(uid))
        ledger.join(str(uid), {**values, "clocks": dict.fromkeys(values, ledger.stamp(node))})
    return True
