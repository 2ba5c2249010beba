"""The Trash: what was deleted and can still be read, until it is emptied (M3)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from todos import pruning, sync
from todos.models import Revision, SyncState, Todo

AT_ONCE = 500  # todos restored in one transaction
EPOCH = datetime.datetime.fromtimestamp(0, datetime.UTC)
TICK = datetime.timedelta(microseconds=1)  # as finely as the database keeps the time


class Place(NamedTuple):
    """A place in the Trash: when a todo was last heard of, and the number of its change."""

    at: datetime.datetime
    change: int

    @classmethod
    def of(cls, todo: Todo) -> Place:
        """Return the place of a todo that is there."""
        return cls(todo.trashed_at or EPOCH, todo.change)

    @classmethod
    def now(cls, user: User) -> Place:
        """Return one that no todo of this person's has passed yet."""
        return cls(timezone.now(), SyncState.of(user).head)

    @classmethod
    def unpack(cls, text: str) -> Place | None:
        """Read a place from a form or an address; None if it is none."""
        if not re.fullmatch(r"[0-9]{1,16}\.[0-9]{1,18}", text):
            return None
        at, change = map(int, text.split("."))
        return cls(EPOCH + at * TICK, change)

    def pack(self) -> str:
        """Return the same as text."""
        return f"{(self.at - EPOCH) // TICK}.{self.change}"


# What is there


def deleted(user: User) -> QuerySet[Todo]:
    """Return a person's deleted todos that have a text, those last heard of first.

    An edit that came after the emptying, from a device that was away, stands in the history only:
    the newest is `late_text`.
    """
    texts = Revision.objects.filter(user=user, todo=OuterRef("pk"), field="text")
    newest = texts.order_by("-stamp").values("value")[:1]
    return (
        Todo.objects.filter(user=user, trashed_at__isnull=False)
        .annotate(late_text=Subquery(newest))
        .filter(~Q(text="") | Q(late_text__isnull=False))
        .order_by("-trashed_at", "-change")
    )


def after(todos: QuerySet[Todo], place: Place) -> QuerySet[Todo]:
    """Return those that the Trash shows after a place."""
    rest = todos.filter(trashed_at__lte=place.at)
    return rest.exclude(trashed_at=place.at, change__gte=place.change)


def seen(todos: QuerySet[Todo], place: Place) -> QuerySet[Todo]:
    """Return those that were there at a place's time: neither deleted, nor added to, since (F1).

    The number tells what was deleted since, whatever the clocks; what came too late to change a
    todo has no number, and is told by the time.
    """
    return todos.filter(trashed_at__lte=place.at, change__lte=place.change)


def last_text(todo: Todo) -> str:
    """Return the newest text of one of these."""
    return todo.text or str(todo.late_text)  # type: ignore[attr-defined]  # of deleted()


def goes_at(todo: Todo) -> datetime.datetime:
    """Return when one of these will be old enough to be emptied."""
    return Place.of(todo).at + datetime.timedelta(days=settings.TOMBSTONE_DAYS)


# What can be done with it


class Restored(NamedTuple):
    """How many todos live again, and for how many the list had no room (M8)."""

    restored: int = 0
    left: int = 0


def restore(user: User, uids: Collection[UUID], node: str) -> Restored:
    """Take deletions back: a new edit (M10), which gives again what pruning has taken.

    A todo that is not deleted any more stays as it is.
    """
    restored = left = 0
    with sync.writing(user, map(str, uids)) as ledger:
        stamp = ledger.stamp(node)
        for todo in deleted(user).filter(uid__in=uids):
            if sync.is_full(ledger):
                left += 1
                continue
            values = sync.revival(ledger, str(todo.uid))
            if not todo.text:
                values["text"] = last_text(todo)
            ledger.join(str(todo.uid), {**values, "clocks": dict.fromkeys(values, stamp)})
            restored += 1
    return Restored(restored, left)


def restore_all(user: User, place: Place, node: str) -> Restored:
    """Restore what was in the Trash at a place's time, some at a time, while there is room."""
    todos = seen(deleted(user), place)
    restored = 0
    while uids := list(todos.values_list("uid", flat=True)[:AT_ONCE]):
        done = restore(user, uids, node)
        restored += done.restored
        if done.left:
            return Restored(restored, todos.count())
    return Restored(restored)


def empty(user: User, place: Place) -> int:
    """Empty for good what was in the Trash at a place's time; return how many todos."""
    emptied, _ = pruning.empty_all(user, seen(deleted(user), place))
    return emptied
