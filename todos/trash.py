"""The Trash: what was deleted and can still be read, until pruning empties it (M3)."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from todos import sync
from todos.models import Revision, Todo


def deleted(user) -> QuerySet[Todo]:
    """Return a person's deleted todos that have a text, those that were changed last first.

    An edit that came after the emptying, from a device that was away, stands in the history only:
    the newest is `late_text`. `touched_at` is when anything was last heard of the todo.
    """
    history = Revision.objects.filter(user=user, todo=OuterRef("pk"))
    late = history.filter(field="text").order_by("-stamp").values("value")[:1]
    heard = history.order_by("-created_at").values("created_at")[:1]
    touched_at = Greatest("updated_at", Coalesce(Subquery(heard), "updated_at"))
    return (
        Todo.objects.filter(user=user, deleted=True)
        .annotate(late_text=Subquery(late), touched_at=touched_at)
        .filter(~Q(text="") | Q(late_text__isnull=False))
        .order_by("-change")
    )


def last_text(todo: Todo) -> str:
    """Return the newest text of one of these."""
    return todo.text or todo.late_text


def goes_at(todo: Todo) -> datetime.datetime:
    """Return when one of these will be old enough to be emptied."""
    return todo.touched_at + datetime.timedelta(days=settings.TOMBSTONE_DAYS)


def restore(user, uids: Collection[UUID], node: str) -> None:
    """Take deletions back: a new edit (M10), which gives again what pruning has taken.

    A todo that is not deleted any more stays as it is.
    """
    with sync.writing(user, map(str, uids)) as ledger:
        stamp = ledger.stamp(node)
        for todo in deleted(user).filter(uid__in=uids):
            values = missing(todo, ledger) | {"deleted": False}
            ledger.join(str(todo.uid), {**values, "clocks": dict.fromkeys(values, stamp)})


def missing(todo: Todo, ledger: sync.Ledger) -> dict[str, Any]:
    """Return the fields without which a todo cannot live (M4)."""
    values: dict[str, Any] = {}
    if not todo.text:
        values["text"] = last_text(todo)
    if not todo.position:
        values["position"] = ledger.end()
    if not todo.completed_stamp:
        values["completed"] = False
    return values
