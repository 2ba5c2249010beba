"""The one write path, and the changes after a cursor: the server half of static/js/sync.mjs.

Whoever changes a todo, `/sync`, a form, the admin or a command, does it inside `writing`: one
transaction that locks the person's row, joins what comes with what is there, numbers what changed,
keeps what was replaced, and announces the new head once it is committed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.dispatch import Signal

from todos import hlc, merge, position, protocol
from todos.cursor import Cursor
from todos.horizon import Horizon
from todos.merge import Lost, Version
from todos.models import Head, Revision, SyncState, Todo
from todos.protocol import FIELDS, Incoming
from todos.uuid7 import uuid7

head_moved = Signal()  # sent after a commit, with the new head


def now_ms() -> int:
    """Return the server's time: Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


# Writing


@contextmanager
def writing(user, uids: Iterable[UUID]) -> Iterator[Ledger]:
    """Lock the person's list and yield it, with the todos of these ids; save it at the end.

    An exception inside leaves everything as it was.
    """
    with transaction.atomic():
        SyncState.of(user)
        state = SyncState.objects.select_for_update().get(user=user)
        ledger = Ledger(state, Todo.objects.filter(user=user, uid__in=set(uids)))
        yield ledger
        ledger.save()


class Ledger:
    """One person's todos, as far as they are being written, under that person's lock."""

    def __init__(self, state: SyncState, todos: Iterable[Todo]) -> None:
        self.state = state
        self.todos = {todo.uid: todo for todo in todos}
        self.changed: dict[UUID, Todo] = {}
        self.lost: dict[UUID, list[Lost]] = {}

    def version(self, uid: UUID) -> Version | None:
        """Return a todo as it stands now, None when there is none."""
        return self.todos[uid].version() if uid in self.todos else None

    def stamp(self, node: str) -> str:
        """Return a stamp greater than any that this person has, for an edit made here (S6)."""
        return hlc.tick(self.state.greatest_stamp or hlc.ZERO, now_ms(), node)

    def end(self) -> str:
        """Return a position after every live todo's."""
        stored = last_position(self.state.user_id)
        last = max([stored, *(todo.position for todo in self.changed.values())])
        # With no room left after it, the last key itself: ties go by id, and the site's own new
        # ids are greater than older ones.
        return position.between(last or None, None, position.jitter()) or last

    def join(self, uid: UUID, version: Version) -> None:
        """Merge a version into a todo, or make the todo; note what changed and what lost."""
        todo = self.todos.get(uid) or Todo(user_id=self.state.user_id, uid=uid)
        stands = todo.version()
        merged = merge.merge(stands, version)
        self.lost.setdefault(uid, []).extend(merge.lost(stands, version))
        if merged == stands:
            return
        todo.take(merged)
        self.todos[uid] = self.changed[uid] = todo
        self.state.count(stands, -1)
        self.state.count(merged, +1)
        greatest = max(merged["clocks"].values())
        self.state.greatest_stamp = max(self.state.greatest_stamp, greatest)

    def forget(self, uid: UUID) -> None:
        """Keep nothing of what a todo has lost here: its history is being emptied (M3)."""
        self.lost.pop(uid, None)

    def save(self) -> None:
        """Number what changed, and write it with its history and the log of heads."""
        if self.changed:
            for todo in self.changed.values():
                self.state.head += 1
                todo.change = self.state.head
            self.state.save()
            head = Head.log(self.state.user_id, self.state.head)
            upsert(list(self.changed.values()))
            announce(head)
        self.save_revisions()

    def save_revisions(self) -> None:
        """Keep each value that lost, once, however often it was sent (M2)."""
        Revision.objects.bulk_create(
            [
                Revision(
                    user_id=self.state.user_id,
                    todo=self.todos[uid],
                    field=lost.field,
                    value=lost.value,
                    value_digest=Revision.digest_of(lost.value),
                    stamp=lost.stamp,
                )
                for uid, losses in self.lost.items()
                for lost in losses
            ],
            ignore_conflicts=True,
        )


def announce(head: Head) -> None:
    """Tell who listens, once the numbers can be seen by others."""
    transaction.on_commit(lambda: head_moved.send(sender=Head, head=head), robust=True)


def upsert(todos: list[Todo]) -> None:
    """Insert or update rows by (user, id)."""
    columns = [*FIELDS, *(f"{field}_stamp" for field in FIELDS), "change", "updated_at"]
    Todo.objects.bulk_create(
        todos, update_conflicts=True, unique_fields=["user", "uid"], update_fields=columns
    )


# Edits that are made on the server: forms, the admin, commands


def edit(user, edits: dict[UUID, dict[str, Any]], node: str) -> None:
    """Set fields of todos that exist, all with one stamp that is greater than all before (S6)."""
    if not edits:
        return
    with writing(user, edits) as ledger:
        stamp = ledger.stamp(node)
        for uid, values in edits.items():
            version = {**values, "clocks": dict.fromkeys(values, stamp)}
            if uid in ledger.todos and not in_part(ledger, uid, version):
                ledger.join(uid, version)


def add(user, uid: UUID, text: str, node: str) -> None:
    """Append a todo under the id that its form brought (F2).

    The same form sent twice adds one todo. An id that stands for another todo means a form that was
    used again (Back, then add): then the id is derived from it and the text, so that this form too
    may be sent twice. Raises Rejected when the list is full.
    """
    ids = [uid, uuid5(uid, text), uuid7()]
    with writing(user, ids) as ledger:
        while known := ledger.version(ids[0]):
            if known["text"] == text and not known["deleted"]:
                return
            ids.pop(0)
        if is_full(ledger):
            raise Rejected("too_many_todos")
        values = {"text": text, "completed": False, "position": ledger.end(), "deleted": False}
        clocks = dict.fromkeys(values, ledger.stamp(node))
        ledger.join(ids[0], {**values, "clocks": clocks})


class Rejected(Exception):
    """An edit that is not made; the argument is one of `protocol.REJECTIONS`."""


def is_full(ledger: Ledger) -> bool:
    """Tell whether one more live todo would be one too many (M8)."""
    return ledger.state.live >= protocol.LIMITS["todosPerUser"]


# Push


def admit(ledger: Ledger, todo: Incoming, horizon: Horizon) -> dict[str, Any]:
    """Join one todo of a request as far as it is good, and return the verdict on it (M4 to M9)."""
    if todo.error or todo.uid is None:
        return protocol.rejected(todo.id, todo.refused, todo.error)
    refused = todo.refused | horizon.refused(todo.version)
    version = without(todo.version, refused)
    if in_part(ledger, todo.uid, version):
        if not refused:
            return protocol.incomplete(todo.id)
        held_back = dict.fromkeys(version["clocks"], "incomplete")
        return protocol.rejected(todo.id, refused | held_back)
    is_new = todo.uid not in ledger.todos and not version["deleted"]
    if is_new and is_full(ledger):
        return protocol.rejected(todo.id, dict.fromkeys(FIELDS, "too_many_todos"))
    if version["clocks"]:
        ledger.join(todo.uid, version)
    return protocol.rejected(todo.id, refused) if refused else protocol.stored(todo.id)


def in_part(ledger: Ledger, uid: UUID, version: Version) -> bool:
    """Tell whether a version would leave a todo that lives without all of its fields (M4)."""
    merged = merge.merge(ledger.version(uid) or {"clocks": {}}, version)
    return not merged.get("deleted") and merged["clocks"].keys() != set(FIELDS)


def without(version: Version, fields: Iterable[str]) -> Version:
    """Return the version less some fields."""
    left = {name: value for name, value in version.items() if name not in fields}
    clocks = {name: stamp for name, stamp in version["clocks"].items() if name not in fields}
    return {**left, "clocks": clocks}


class Pushed(NamedTuple):
    """What a push came to: the verdicts, each row that is not just what was sent, and how many
    edits came later than a greater one."""

    results: list[dict[str, Any]]
    differing: list[Version]
    late: int


def push(user, todos: list[Incoming], device: UUID) -> Pushed:
    """Join the todos of a device's request in their order, all in one transaction."""
    if not todos:
        return Pushed([], [], 0)
    with writing(user, [todo.uid for todo in todos if todo.uid]) as ledger:
        horizon = Horizon(ledger.state, now_ms(), device.hex[:8])
        horizon.recall([todo.version for todo in todos if todo.uid])
        results = [admit(ledger, todo, horizon) for todo in todos]
    sent = {todo.uid: todo.version for todo in todos if todo.uid in ledger.todos}
    stand = {uid: ledger.todos[uid].version() for uid in sent}
    differing = [stand[uid] for uid, version in sent.items() if stand[uid] != version]
    came = {stamp for version in sent.values() for stamp in version["clocks"].values()}
    late = sum(each.stamp in came for losses in ledger.lost.values() for each in losses)
    return Pushed(results, differing, late)


def last_position(user_id: int) -> str:
    """Return the greatest position of a person's live todos, "" when there are none."""
    live = Todo.objects.filter(user=user_id, deleted=False)
    return live.order_by("-position").values_list("position", flat=True).first() or ""


# Pull


def head_of(user) -> Head:
    """Return the newest entry of the person's log of heads."""
    heads = Head.objects.filter(user=user).order_by("-number")
    head = heads.first()
    if head is None:
        SyncState.of(user)
        head = heads.get()
    return head


def first_cursor(head: Head) -> Cursor:
    """Return the cursor of a client that has nothing yet, at the time of a head (R2)."""
    return Cursor(0, head.number, head.token, start=head.number)


class Page(NamedTuple):
    """Some of the changes after a cursor, and the cursor after them."""

    todos: list[Version]
    cursor: Cursor
    more: bool


def changes_after(user, cursor: Cursor, size: int = protocol.PAGE) -> Page:
    """Return the next changes, oldest first, at most `size` of them.

    The head is read before the rows (R3): what is written in between comes with the next page.
    """
    head = head_of(user)
    rows = rows_after(user, cursor, head.number, size + 1)
    more = len(rows) > size
    reached = rows[size - 1].change if more else head.number
    start = cursor.start if reached < cursor.start else 0
    following = Cursor(reached, head.number, head.token, start)
    return Page([todo.version() for todo in rows[:size]], following, more)


def rows_after(user, cursor: Cursor, head: int, size: int) -> list[Todo]:
    """Return rows by number; up to the cursor's `start` only live ones, by their own index (R2)."""
    rows: list[Todo] = []
    changed = Todo.objects.filter(user=user, change__lte=head).order_by("change")
    if cursor.position < cursor.start:
        live = changed.filter(deleted=False, change__lte=cursor.start)
        rows = list(live.filter(change__gt=cursor.position)[:size])
    later = max(cursor.position, cursor.start)
    return rows + list(changed.filter(change__gt=later)[: size - len(rows)])


# The self-check


def has_digest(user, cursor: Cursor, digest: int | None) -> bool | None:
    """Tell whether a client that stands at a cursor holds what is here, by its digest (R7).

    None when nobody asks, or when the client has not come to the head yet.
    """
    if digest is None:
        return None
    state = SyncState.objects.filter(user=user, head=cursor.position).first()
    return state.digest == digest if state else None
