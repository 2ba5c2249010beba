"""The history of a todo: every value that it had, who set it, and how to have it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from accounts.models import Device, User
from todos import hlc, origins, pruning, sync
from todos.fields import WRITTEN
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


def names(user: User, values: Iterable[Value]) -> dict[str, str]:
    """Return who made these values, in words, by the node of their stamps."""
    nodes = {hlc.node_of(value.stamp) for value in values}
    devices = Device.objects.filter(user=user, prefix__in={node[:8] for node in nodes})
    by_prefix = {device.prefix: str(device) for device in devices}
    return {
        node: origins.NAMES.get(node) or by_prefix.get(node[:8], "a device that is not known")
        for node in nodes
    }


def restore(user: User, uid: UUID, stamp: str, node: str) -> bool:
    """Give a todo again what was written in it under a stamp: an edit like any other (M10).

    One that is deleted comes back with it, if that gives it a text. Returns whether there was
    anything. Raises sync.Rejected when the list has no room for one more.
    """
    written = written_under(stamp, Todo.objects.filter(user=user, uid=uid).first())
    if not written:
        return False
    with sync.writing(user, [str(uid)]) as ledger:
        stands = ledger.version(str(uid))
        values = {field: value for field, value in written.items() if stands.get(field) != value}
        if stands["deleted"] and (written.get("text") or stands["text"]):
            if sync.is_full(ledger):
                raise sync.Rejected("too_many_todos")
            values |= sync.revival(ledger, str(uid))
        ledger.join(str(uid), {**values, "clocks": dict.fromkeys(values, ledger.stamp(node))})
    return True


def written_under(stamp: str, todo: Todo | None) -> dict[str, str]:
    """Return what was written in a todo under a stamp, by field; it may stand."""
    if todo is None:
        return {}
    past = Revision.objects.filter(user=todo.user_id, todo=todo, stamp=stamp)
    values = [*current(todo), *(Value(*row) for row in past.values_list("field", "value", "stamp"))]
    return {
        each.field: each.value
        for each in values
        if each.stamp == stamp and each.field in WRITTEN and each.value
    }
