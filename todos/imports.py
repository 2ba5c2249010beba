"""Brings back what todos/export.py has written, on the server or on a device: one more join.

What the file has and what is there are merged like two devices' edits: twice changes nothing more,
and what is there and newer stays, while the file's older values go to the history (M1, M2). Bad
entries are named, and block no other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from django.utils import timezone

from accounts.models import User
from todos import protocol, rows, sync
from todos.export_format import NAMES, VERSION, upgraded
from todos.fields import FIELDS
from todos.horizon import Horizon
from todos.json_members import NotReadable, members
from todos.merge import Lost
from todos.protocol import Incoming
from todos.pruning import begin_no_earlier
from todos.sync import Ledger

AT_ONCE = 500  # entries in one transaction, so that nobody who writes waits for long
MOST_NAMED = 100  # bad entries; of more, only their number is said
SHOWN = 60  # characters of a text

UNREADABLE = "The file is no JSON, or not all of it. Nothing was imported."
STRANGE = "The file is not an export of SimpleSync. Nothing was imported."
NEWER = (
    "The file was made by a newer version of SimpleSync: its format is number {},"
    f" and this server knows up to {VERSION}. Nothing was imported."
)
NO_TODO = "Its todo is not here."
BAD_TIME = "The time when it was replaced is not one."


class Unreadable(Exception):
    """A file of which nothing is imported; the argument is the sentence that says why."""


@dataclass
class Refusal:
    """An entry that was not imported: which one of its kind, counted from 1, and why."""

    kind: str  # "todo" or "value"
    number: int
    text: str
    reason: str


@dataclass
class Report:
    """What came of an import, in todos but for `values`, those new in the history."""

    added: int = 0
    changed: int = 0
    same: int = 0
    deleted: int = 0  # that were deleted in the file already, and not known here
    values: int = 0
    refused: int = 0  # todos and values
    refusals: list[Refusal] = field(default_factory=list)  # the first of them
    unnamed: int = 0  # the others

    def refuse(self, kind: str, number: int, text: Any, reason: str) -> None:
        """Name an entry that is not imported."""
        self.refused += 1
        if len(self.refusals) == MOST_NAMED:
            self.unnamed += 1
            return
        shown = text[:SHOWN] if isinstance(text, str) else ""
        self.refusals.append(Refusal(kind, number, shown, reason))


def load(user: User, file: IO[bytes]) -> Report:
    """Join a file into a person's list. Raises Unreadable before anything has been changed."""
    version, begins = check(file)
    report = Report()
    if begins:  # first: should the rest not come through, nothing passes for whole
        with sync.writing(user, []) as ledger:
            begin_no_earlier(ledger.state, begins)
    for first, batch in batches(file, version, "todos"):
        join_todos(user, batch, first, report)
    for first, batch in batches(file, version, "history"):
        join_history(user, batch, first, report)
    return report


def check(file: IO[bytes]) -> tuple[int, datetime.datetime | None]:
    """Read all of a file once; return the version of its format, and where its history begins, if
    that is not whole. Raises Unreadable."""
    head: dict[str, Any] = {}
    try:
        for name, value in members(file):
            if name in ("format", "version", "historyBegins"):
                head[name] = value
    except NotReadable:
        raise Unreadable(UNREADABLE) from None
    version = head.get("version")
    if head.get("format") not in NAMES or type(version) is not int or version < 1:
        raise Unreadable(STRANGE)
    if version > VERSION:
        raise Unreadable(NEWER.format(version))
    return version, read_time(head.get("historyBegins"))


def batches(file: IO[bytes], version: int, member: str) -> Iterator[tuple[int, list[Any]]]:
    """Give the entries of a member, some at a time, each time with the number of the first."""
    entries = (upgraded(version, name, entry) for name, entry in members(file) if name == member)
    first = 1
    while batch := list(islice(entries, AT_ONCE)):
        yield first, batch
        first += len(batch)


# Todos


def join_todos(user: User, entries: list[Any], first: int, report: Report) -> None:
    """Join versions of todos, all in one transaction, each as /sync would (M4 to M9)."""
    todos = [protocol.read_todo(entry) for entry in entries]
    with sync.writing(user, [todo.uid for todo in todos if todo.uid]) as ledger:
        horizon = horizon_for(ledger, todos)
        for number, (entry, todo) in enumerate(zip(entries, todos, strict=True), start=first):
            before = ledger.todos.get(todo.uid)
            verdict = sync.admit(ledger, todo, horizon)
            count(report, before, ledger.todos.get(todo.uid))
            if verdict["status"] != "stored":
                report.refuse("todo", number, text_of(entry, "text"), reason_of(verdict))


def horizon_for(ledger: Ledger, todos: list[Incoming]) -> Horizon:
    """Return what may be stamped by a file, which relays others' stamps and has none itself."""
    horizon = Horizon(ledger.state, sync.now_ms())
    horizon.recall([todo.version for todo in todos if todo.uid])
    return horizon


def count(report: Report, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    """Count what has become of one todo."""
    if after is None:
        return
    if before is None:
        report.deleted += after["deleted"]
        report.added += not after["deleted"]
    else:
        report.changed += after != before
        report.same += after == before


def text_of(entry: Any, name: str) -> Any:
    """Return that by which a person may know a bad entry."""
    return entry.get(name) if isinstance(entry, dict) else None


def reason_of(verdict: dict[str, Any]) -> str:
    """Return why a todo was not stored, or not all of it: a sentence for each code."""
    if verdict["status"] == "incomplete":
        return protocol.REJECTIONS["incomplete"]
    codes = verdict["errors"].values() or [verdict["error"]]
    others = [code for code in dict.fromkeys(codes) if code != "incomplete"]
    return " ".join(protocol.REJECTIONS[code] for code in others)


# History


def join_history(user: User, entries: list[Any], first: int, report: Report) -> None:
    """Add values to the history of todos that are here, all in one transaction."""
    values = [read_value(entry) for entry in entries]
    with sync.writing(user, [value.todo.uid for value in values if value.todo.uid]) as ledger:
        horizon = horizon_for(ledger, [value.todo for value in values])
        kept = []
        for number, (entry, value) in enumerate(zip(entries, values, strict=True), start=first):
            reason = value.error or admit(ledger, value.todo, horizon)
            if reason:
                report.refuse("value", number, text_of(entry, "value"), reason)
            elif (uid := value.todo.uid) and value.former and not stands(ledger, uid, value.former):
                kept.append((ledger.keys[uid], *value.former))
        # Before the ledger is saved: a value that it has just lost keeps the time told here.
        report.values += rows.put_history(user.pk, kept)


Former = tuple[Lost, bool, datetime.datetime]  # what lost, whether by a conflict, and when


@dataclass
class Value:
    """One entry of the history, checked as far as that can be without the database."""

    todo: Incoming  # as an edit of that field
    error: str = ""  # why it is none
    former: Former | None = None  # else this


def read_value(raw: Any) -> Value:
    """Check one entry of the history."""
    if not isinstance(raw, dict):
        return Value(protocol.read_todo(raw), protocol.REJECTIONS["malformed"])
    name, value, stamp = raw.get("field"), raw.get("value"), raw.get("stamp")
    if not isinstance(name, str) or name not in FIELDS:
        return Value(protocol.read_todo({}), protocol.REJECTIONS["unknown_field"])
    todo = protocol.read_todo({"id": raw.get("todo"), name: value, "clocks": {name: stamp}})
    replaced_at = read_time(raw.get("replacedAt"))
    if replaced_at is None:
        return Value(todo, BAD_TIME)
    lost = Lost(name, value, str(stamp))
    return Value(todo, "", (lost, raw.get("conflict") is True, replaced_at))


def read_time(raw: Any) -> datetime.datetime | None:
    """Return a time in ISO 8601, no later than now; None if it is none."""
    try:
        told = datetime.datetime.fromisoformat(raw).astimezone(datetime.UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(told, timezone.now())


def admit(ledger: Ledger, todo: Incoming, horizon: Horizon) -> str:
    """Join a value, which is an edit if it is later than what stands; return why not, or ""."""
    if todo.uid and todo.uid not in ledger.keys:
        return NO_TODO
    verdict = sync.admit(ledger, todo, horizon)
    return "" if verdict["status"] == "stored" else reason_of(verdict)


def stands(ledger: Ledger, uid: str, former: Former) -> bool:
    """Tell whether a value is the todo's own now, rather than one of its former ones."""
    (name, value, stamp), now = former[0], ledger.version(uid)
    return (now[name], now["clocks"].get(name)) == (value, stamp)
