"""Pruning: old tombstones are emptied of text and history, and history goes by its age (rule M3).

The row stays for ever, with its id and stamps, so that nothing that was deleted comes back, however
long a device was away. Emptying is an edit like any other: it reaches the devices, which empty
their copies too. It never makes a cursor unknown. Devices hold no history: its pruning is no edit.
"""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from todos import origins, sync
from todos.fields import EMPTIED, NEEDED, UNSET
from todos.models import Revision, SyncState, Todo

AT_ONCE = 500  # rows in one transaction, so that nobody who writes waits for long


class Pruned(NamedTuple):
    """What was done."""

    todos: int = 0
    revisions: int = 0
    people: int = 0

    def plus(self, todos: int, revisions: int) -> Pruned:
        """Add what was done to one person's list."""
        done = bool(todos or revisions)
        return Pruned(self.todos + todos, self.revisions + revisions, self.people + done)


def days_ago(days: int) -> datetime.datetime:
    """Return the time so many days before now."""
    return timezone.now() - datetime.timedelta(days=days)


def people_with(found: QuerySet[Any]) -> list[User]:
    """Return the people of whose rows a query finds any."""
    return list(User.objects.filter(Exists(found.filter(user=OuterRef("pk")))).order_by("pk"))


# Tombstones


def prune_tombstones(days: int) -> Pruned:
    """Empty every todo that was deleted and not heard of for so many days."""
    full = full_tombstones(days_ago(days))
    done = Pruned()
    for user in people_with(full):
        done = done.plus(*empty_all(user, full.filter(user=user)))
    return done


def full_tombstones(before: datetime.datetime) -> QuerySet[Todo]:
    """Return everybody's tombstones that have something to empty and were last heard of before.

    What a device that was away has brought since is kept for as long again.
    """
    return Todo.objects.filter(trashed_at__lt=before)


def empty_all(user: User, todos: QuerySet[Todo]) -> tuple[int, int]:
    """Empty what a query of a person's deleted todos finds, some at a time, until it finds none.

    Return how many todos, and how many entries of their history.
    """
    emptied = revisions = 0
    todos = todos.filter(trashed_at__isnull=False)  # what is emptied is found no more
    oldest = todos.order_by("trashed_at", "change").values_list("uid", flat=True)
    while uids := list(oldest[:AT_ONCE]):
        done = empty(user, uids, todos)
        emptied, revisions = emptied + done[0], revisions + done[1]
    return emptied, revisions


def empty(user: User, uids: list[UUID], todos: QuerySet[Todo]) -> tuple[int, int]:
    """Empty those of some todos that the query still finds: they may have changed meanwhile."""
    with sync.writing(user, map(str, uids)) as ledger:
        stamp = ledger.stamp(origins.PRUNING)
        found = list(todos.filter(uid__in=uids))
        for todo in found:
            left = emptied(todo)
            ledger.join(str(todo.uid), {**left, "clocks": dict.fromkeys(left, stamp)})
            ledger.forget(str(todo.uid))
        gone, _ = Revision.objects.filter(user=user, todo__in=found).delete()
    return len(found), gone


def emptied(todo: Todo) -> dict[str, Any]:
    """Return what is left in the fields of a todo that is emptied, but for those that it can do
    without and never had."""
    had = todo.version()["clocks"]
    return {name: UNSET[name] for name in EMPTIED if name in NEEDED or name in had}


# History


def prune_history(days: int) -> Pruned:
    """Delete every value that was replaced more than so many days ago."""
    before = days_ago(days)
    old = old_revisions(before)
    done = Pruned()
    for user in people_with(old):
        done = done.plus(0, forget_all(user, old.filter(user=user), before))
    return done


def old_revisions(before: datetime.datetime) -> QuerySet[Revision]:
    """Return everybody's entries of the history of before.

    But what came late for a deleted todo that has no text itself is all that the Trash can show of
    it: that goes with the todo.
    """
    return Revision.objects.filter(created_at__lt=before).exclude(todo__deleted=True, todo__text="")


def forget_all(user: User, revisions: QuerySet[Revision], before: datetime.datetime) -> int:
    """Delete what a query of a person's history finds, some at a time; return how much."""
    forgotten = 0
    while keys := list(revisions.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE]):
        forgotten += forget(user, keys, before)
    return forgotten


def forget(user: User, keys: list[int], before: datetime.datetime) -> int:
    """Delete some entries of a person's history, and note where it begins now."""
    with sync.writing(user, []) as ledger:
        gone, _ = Revision.objects.filter(user=user, pk__in=keys).delete()
        begin_no_earlier(ledger.state, before)
    return gone


def begin_no_earlier(state: SyncState, moment: datetime.datetime) -> None:
    """Note, under the person's lock, that the history is not whole before."""
    begins = max(state.history_begins, round(moment.timestamp() * 1000))
    SyncState.objects.filter(pk=state.pk).update(history_begins=begins)


def history_begins(user: User) -> int:
    """Return where a person's history begins, in ms of Unix time: what was replaced before is kept
    no longer. 0 when nothing was pruned; what was emptied with a deleted todo does not count.
    """
    return SyncState.of(user).history_begins
