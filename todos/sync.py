"""The one write path, and the changes after a cursor: the server half of static/js/sync.mjs.

Whoever changes a todo, `/sync`, a form, the admin or a command, does it inside `writing`: one
transaction that locks the person's row, joins what comes with what is there, numbers what changed,
keeps what was replaced, and announces the new head once it is committed.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.dispatch import Signal

from accounts.models import User
from todos import conflicts, hlc, merge, origins, position, protocol, rows
from todos.cursor import Cursor
from todos.fields import NEEDED, UNSET
from todos.horizon import Horizon
from todos.merge import Lost, Version
from todos.models import Head, SyncState, Todo
from todos.protocol import Incoming
from todos.rows import Row
from todos.turns import Turn, writers_turn
from todos.uuid7 import uuid7

ALL = frozenset(NEEDED)
PIECE = 2 * rows.IN_A_STATEMENT  # todos that are written before it is asked whether somebody waits
BLANK = {field: UNSET[field] for field in NEEDED}

head_moved = Signal()  # sent after a commit, with the state


def now_ms() -> int:
    """Return the server's time: Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


# Writing


@contextmanager
def writing(user: User, ids: Iterable[str]) -> Iterator[Ledger]:
    """Lock the person's list and yield it, with the todos of these ids; save it at the end.

    An exception inside leaves everything as it was.
    """
    ids = set(ids)
    with writers_turn(much=len(ids) > PIECE) as turn, transaction.atomic():
        ledger = Ledger(SyncState.locked(user), ids, turn)
        yield ledger
        ledger.save()


class Ledger:
    """One person's todos, as far as they are being written, by id, under that person's lock."""

    def __init__(self, state: SyncState, ids: Collection[str], turn: Turn) -> None:
        self.state = state
        self.turn = turn
        self.began = state.head
        found = rows.todos_with(state.user_id, ids)
        self.todos = {row.version["id"]: row.version for row in found}
        self.keys = {row.version["id"]: row.key for row in found}
        self.trashed = {row.version["id"] for row in found if row.in_trash}
        self.changed: dict[str, Version] = {}
        self.lost: dict[str, list[Lost]] = {}
        self.conflicts: set[tuple[str, Lost]] = set()  # of these: who lost to one unknown to it

    def stamp(self, node: str) -> str:
        """Return a stamp greater than any that this person has, for an edit made here (S6)."""
        return hlc.tick(self.state.greatest_stamp or hlc.ZERO, now_ms(), node)

    def end(self) -> str:
        """Return a position after every live todo's."""
        stored = last_position(self.state.user_id)
        last = max([stored, *(version["position"] for version in self.changed.values())])
        # With no room left after it, the last key itself: ties go by id, and the site's own new
        # ids are greater than older ones.
        return position.between(last or None, None, position.jitter()) or last

    def version(self, uid: str) -> Version:
        """Return a todo as it stands now, without any stamps when there is none."""
        return self.todos.get(uid) or {"id": uid, **BLANK, "clocks": {}}

    def join(self, uid: str, version: Version, contested: Collection[str] = ()) -> None:
        """Merge a version into a todo, or make the todo; note what changed and what lost, in the
        contested fields by a conflict (M12)."""
        stands = self.todos.get(uid)
        if stands and (lost := merge.lost(stands, version)):
            self.lost.setdefault(uid, []).extend(lost)
            self.conflicts |= {(uid, each) for each in lost if each.field in contested}
        merged = merge.merge(stands, version) if stands else {**self.version(uid), **version}
        if merged == stands:
            return
        self.todos[uid] = self.changed[uid] = merged
        if stands:
            self.state.count(stands, -1)
        self.state.count(merged, +1)
        self.state.greatest_stamp = max(self.state.greatest_stamp, *merged["clocks"].values())

    def has_lost(self, uid: str, field: str, stamp: str) -> bool:
        """Tell whether a todo had a value under this stamp before."""
        just_now = [(each.field, each.stamp) for each in self.lost.get(uid, [])]
        return (field, stamp) in just_now or rows.has_revision(
            self.state.user_id, self.keys.get(uid, 0), field, stamp
        )

    def forget(self, uid: str) -> None:
        """Keep nothing of what a todo has lost, here or before: it is being emptied (M3)."""
        self.lost.pop(uid, None)
        self.trashed.discard(uid)

    def save(self) -> None:
        """Write what is not written yet, and how far the list has come by it."""
        self.write()
        if self.state.head > self.began:
            rows.put_state(self.state)
            Head.trim_now_and_then(self.state.user_id)
            announce(self.state)

    def write(self) -> None:
        """Number what changed, and write it with its history."""
        if self.changed:
            first = self.state.head + 1
            self.state.move(self.state.head + len(self.changed))
            self.trashed |= self.lost.keys()
            rows.put_todos(self.state.user_id, self.changed, first, self.trashed)
        if self.lost:
            self.save_revisions()
        self.changed, self.lost = {}, {}

    def save_revisions(self) -> None:
        """Keep each value that lost, once, however often it was sent (M2)."""
        if new := self.lost.keys() - self.keys:
            found = rows.todos_with(self.state.user_id, new)
            self.keys |= {row.version["id"]: row.key for row in found}
        losses = [
            (self.keys[uid], each, (uid, each) in self.conflicts)
            for uid, lost in self.lost.items()
            for each in lost
        ]
        late = [uid for uid in self.lost.keys() - self.changed.keys() if self.todos[uid]["deleted"]]
        rows.put_revisions(self.state.user_id, losses, [self.keys[uid] for uid in late])


def announce(state: SyncState) -> None:
    """Tell who listens, once the numbers can be seen by others."""
    transaction.on_commit(lambda: head_moved.send(sender=SyncState, state=state), robust=True)


# Edits that are made on the server: forms, the admin, commands


def edit(user: User, edits: dict[UUID, dict[str, Any]], node: str) -> None:
    """Set fields of todos that exist, all with one stamp that is greater than all before (S6)."""
    if not edits:
        return
    by_id = {str(uid): values for uid, values in edits.items()}
    with writing(user, by_id) as ledger:
        stamp = ledger.stamp(node)
        for uid, values in by_id.items():
            version = {**values, "clocks": dict.fromkeys(values, stamp)}
            if uid in ledger.todos and not in_part(ledger, uid, version):
                ledger.join(uid, version)


def add(user: User, uid: UUID, text: str, node: str) -> None:
    """Append a todo under the id that its form brought (F2).

    The same form sent twice adds one todo. An id that stands for another todo means a form that was
    used again (Back, then add): then the id is derived from it and the text, so that this form too
    may be sent twice. Raises Rejected when the list is full.
    """
    ids = [str(uid), str(uuid5(uid, text)), str(uuid7())]
    with writing(user, ids) as ledger:
        while known := ledger.todos.get(ids[0]):
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


def revival(ledger: Ledger, uid: str) -> dict[str, Any]:
    """Return what a deleted todo needs to live again, but for a text (M4)."""
    version = ledger.version(uid)
    values: dict[str, Any] = {"deleted": False}
    if not version["position"]:
        values["position"] = ledger.end()
    if "completed" not in version["clocks"]:
        values["completed"] = False
    return values


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
        return protocol.rejected(todo.id, dict.fromkeys(NEEDED, "too_many_todos"))
    if version["clocks"]:
        contested = conflicts.contested(ledger, todo, version, horizon.device)
        ledger.join(todo.uid, version, contested)
        if contested:
            mark = {"conflict": True, "clocks": {"conflict": ledger.stamp(origins.CONFLICT)}}
            ledger.join(todo.uid, mark)
        if lives_emptied(ledger.todos[todo.uid]):
            again = {"deleted": True, "clocks": {"deleted": ledger.stamp(origins.PRUNING)}}
            ledger.join(todo.uid, again)
    return protocol.rejected(todo.id, refused) if refused else protocol.stored(todo.id)


def in_part(ledger: Ledger, uid: str, version: Version) -> bool:
    """Tell whether a version would leave a todo that lives without all of its fields (M4)."""
    known = ledger.todos.get(uid, {"clocks": {}})
    if known["clocks"].keys() | version["clocks"].keys() >= ALL:
        return False
    return not merge.merge(known, version).get("deleted")


def lives_emptied(version: Version) -> bool:
    """Tell whether a todo lives of which nothing is left: its deletion was taken back on a device
    that had not heard that it was emptied (M3)."""
    stamp = version["clocks"].get("text", "")
    return not version["deleted"] and stamp.endswith(origins.PRUNING)


def without(version: Version, fields: Collection[str]) -> Version:
    """Return the version less some fields."""
    if not fields:
        return version
    left = {name: value for name, value in version.items() if name not in fields}
    clocks = {name: stamp for name, stamp in version["clocks"].items() if name not in fields}
    return {**left, "clocks": clocks}


class Pushed(NamedTuple):
    """What a push came to: where the list stood before and after it, the verdicts, each row that is
    not just what was sent, how many values lost by a conflict (M12), and whether nobody else has
    changed the list meanwhile."""

    before: SyncState
    after: SyncState
    results: list[dict[str, Any]] = []
    differing: list[Version] = []
    conflicts: int = 0
    alone: bool = True

    def then(self, later: Pushed) -> Pushed:
        """Return what this and a later piece of the same push came to."""
        return Pushed(
            self.before,
            later.after,
            self.results + later.results,
            self.differing + later.differing,
            self.conflicts + later.conflicts,
            self.alone and later.before.head == self.after.head,
        )


def push(user: User, todos: list[Incoming], device: UUID) -> Pushed:
    """Join the todos of a device's request in their order: in one transaction, unless somebody else
    waits to write meanwhile (decision 35)."""
    if not todos:
        state = SyncState.of(user)
        return Pushed(state, state)
    pushed = push_in_turn(user, todos, device)
    while left := todos[len(pushed.results) :]:
        pushed = pushed.then(push_in_turn(user, left, device))
    return pushed


def push_in_turn(user: User, todos: list[Incoming], device: UUID) -> Pushed:
    """Join the first of some todos, all unless somebody else waits to write; one transaction."""
    with writing(user, [todo.uid for todo in todos if todo.uid]) as ledger:
        before = copy(ledger.state)
        horizon = Horizon(ledger.state, now_ms(), device.hex[:8])
        horizon.recall([todo.version for todo in todos if todo.uid])
        results: list[dict[str, Any]] = []
        for number, todo in enumerate(todos, start=1):
            results.append(admit(ledger, todo, horizon))
            if number % PIECE == 0:
                ledger.write()
                if ledger.turn.is_wanted():
                    break
    sent = {todo.uid: todo.version for todo in todos[: len(results)] if todo.uid in ledger.todos}
    differing = [ledger.todos[uid] for uid, version in sent.items() if ledger.todos[uid] != version]
    return Pushed(before, ledger.state, results, differing, len(ledger.conflicts))


def last_position(user_id: int) -> str:
    """Return the greatest position of a person's live todos, "" when there are none."""
    live = Todo.objects.filter(user=user_id, deleted=False)
    return live.order_by("-position").values_list("position", flat=True).first() or ""


# Pull


class Page(NamedTuple):
    """Some of the changes after a cursor, and the cursor after them."""

    todos: list[Version]
    cursor: Cursor
    more: bool


def changes_after(state: SyncState, cursor: Cursor, size: int = protocol.PAGE) -> Page:
    """Return the next changes, oldest first, at most `size` of them.

    The state has been read before the rows are (R3): what is written in between comes with the
    next page.
    """
    changes = rows_after(state, cursor, size + 1)
    more = len(changes) > size
    reached = changes[size - 1].change if more else state.head
    start = cursor.start if reached < cursor.start else 0
    following = Cursor(reached, state.head, state.token, start)
    return Page([row.version for row in changes[:size]], following, more)


def rows_after(state: SyncState, cursor: Cursor, size: int) -> list[Row]:
    """Return todos by number; up to the cursor's `start` live ones, by their own index (R2)."""
    found: list[Row] = []
    if cursor.position < cursor.start:
        last = min(cursor.start, state.head)
        found += rows.live_between(state.user_id, cursor.position, last, size)
    left = size - len(found)
    later = max(cursor.position, cursor.start)
    if left and later < state.head:
        found += rows.todos_between(state.user_id, later, state.head, left)
    return found


# The self-check


def has_digest(state: SyncState, cursor: Cursor, digest: int | None) -> bool | None:
    """Tell whether a client that stands at a cursor holds what is here, by its digest (R7).

    None when nobody asks, or when the client has not come to the head yet.
    """
    if digest is None or cursor.position != state.head:
        return None
    return state.digest == digest
