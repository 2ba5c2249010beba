"""Pruning: old tombstones are emptied of text and history (rule M3).

The row stays for ever, with its id and stamps, so that nothing that was deleted comes back, however
long a device was away. Emptying is an edit like any other: it reaches the devices, which empty
their copies too. It never makes a cursor unknown.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from todos import origins, sync
from todos.models import Revision, Todo

EMPTY = {"text": "", "completed": False, "position": ""}
AT_ONCE = 500  # todos in one transaction, so that nobody who writes waits for long


class Pruned(NamedTuple):
    """What was done."""

    todos: int = 0
    revisions: int = 0
    people: int = 0


def prune(days: int) -> Pruned:
    """Empty every todo that was deleted and has not been changed for so many days."""
    before = timezone.now() - datetime.timedelta(days=days)
    done = Pruned()
    for user in list(User.objects.order_by("pk")):
        todos = revisions = 0
        for uids in batches(user, before):
            emptied, gone = empty(user, uids, before)
            todos, revisions = todos + emptied, revisions + gone
        done = Pruned(done.todos + todos, done.revisions + revisions, done.people + bool(todos))
    return done


def full_tombstones(user, before: datetime.datetime) -> QuerySet[Todo]:
    """Return a person's old tombstones that still have something to empty.

    What a device that was away has brought since is kept for as long again.
    """
    old = Todo.objects.filter(user=user, deleted=True, updated_at__lt=before)
    history = Revision.objects.filter(user=user, todo=OuterRef("pk"))
    full = old.filter(~Q(**EMPTY) | Exists(history))
    return full.exclude(Exists(history.filter(created_at__gte=before))).order_by("change")


def batches(user, before: datetime.datetime) -> Iterator[list]:
    """Give the ids of what is to be emptied, some at a time, until there are none."""
    while uids := list(full_tombstones(user, before).values_list("uid", flat=True)[:AT_ONCE]):
        yield uids


def empty(user, uids: list, before: datetime.datetime) -> tuple[int, int]:
    """Empty some todos, unless they were changed meanwhile; return how many, and of revisions."""
    with sync.writing(user, map(str, uids)) as ledger:
        stamp = ledger.stamp(origins.PRUNING)
        old = list(full_tombstones(user, before).filter(uid__in=uids))
        for todo in old:
            ledger.join(str(todo.uid), {**EMPTY, "clocks": dict.fromkeys(EMPTY, stamp)})
            ledger.forget(str(todo.uid))
        gone, _ = Revision.objects.filter(user=user, todo__in=old).delete()
    return len(old), gone
