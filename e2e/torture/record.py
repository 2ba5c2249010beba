"""What a device keeps of one todo: the twin of static/js/record.mjs (rules C1 to C6). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from todos import hlc
from todos.fields import CONTESTED, NEEDED
from todos.merge import Version, merge

DEFAULTS = {"text": "", "completed": False, "position": "", "deleted": False}


@dataclass(frozen=True)
class Unsent:
    """An edit that the server has not acknowledged."""

    value: Any
    stamp: str
    wall: int  # the device's own time when it was made, ms
    seen: str  # the stamp of the server's copy then
    refused: str = ""  # why the server will not have it: parked


@dataclass(frozen=True)
class Anew:
    """With what a wrong stamp is made anew."""

    node: str
    correction: int  # ms
    latest: int  # ms


@dataclass(frozen=True)
class Record:
    """The server's copy of a todo and, apart from it, the device's own unsent fields."""

    id: str
    server: Version = field(default_factory=lambda: {"clocks": {}})
    unsent: dict[str, Unsent] = field(default_factory=dict)
    offered: tuple[Version, ...] = ()  # former and present copies of the server's (R6)

    @property
    def shown(self) -> Version:
        """What the screen shows: the join of the two."""
        shown = {**DEFAULTS, **self.server, "id": self.id}
        for name, edit in self.unsent.items():
            shown = merge(shown, {name: edit.value, "clocks": {name: edit.stamp}})
        return shown

    @property
    def synced(self) -> bool:
        """Whether the server has all of it (C2)."""
        return not self.offered and not self.unsent

    @property
    def live(self) -> bool:
        """Whether there is a row for it on the page."""
        shown = self.shown
        return not shown["deleted"] and "text" in shown["clocks"]

    @property
    def parked(self) -> list[str]:
        """The fields that the server will not have."""
        return [name for name, edit in self.unsent.items() if edit.refused]


def edited(record: Record, values: dict[str, Any], stamp: str, wall: int) -> Record:
    """Set some fields under one stamp; a deletion gives up what is parked (decision 8).

    Of a todo that the server has never stored, any other edit sends what is parked again (C6).
    """
    known = record.server["clocks"]
    gone = record.parked if values.get("deleted") else []
    unsent = {name: edit for name, edit in record.unsent.items() if name not in gone}
    if not known:
        unsent = {name: replace(edit, refused="") for name, edit in unsent.items()}
    for name, value in values.items():
        unsent[name] = Unsent(value, stamp, wall, known.get(name, hlc.ZERO))
    return replace(record, unsent=unsent)


def received(record: Record, version: Version) -> Record:
    """Take in what the server sent."""
    values = {name: version[name] for name in version["clocks"]}
    server = merge(record.server, {**values, "clocks": version["clocks"]})
    return replace(record, server=server)


def acknowledged(record: Record, version: Version) -> Record:
    """The server has what was sent: an edit goes by exactly its stamp (C1, C5)."""
    clocks = version["clocks"]
    left = {name: edit for name, edit in record.unsent.items() if clocks.get(name) != edit.stamp}
    return replace(received(record, version), unsent=left)


def offered(record: Record, *former: Version) -> Record:
    """Let the server's copy be sent again, and with it copies that it replaced here (R6)."""
    copies = list(record.offered)
    for copy in (*former, record.server):
        if not any(same_stamps(copy, known["clocks"]) for known in copies):
            copies.append(copy)
    return replace(record, offered=filled(copies))


def unoffered(record: Record, clocks: dict[str, str]) -> Record:
    """The server has these fields: what was offered of them is done."""
    left = [copy for copy in record.offered if not same_stamps(copy, clocks)]
    return replace(record, offered=tuple(left))


def same_stamps(copy: Version, clocks: dict[str, str]) -> bool:
    """Tell whether all stamps of a copy are among these."""
    return bool(copy["clocks"].items() <= clocks.items())


def filled(copies: Iterable[Version]) -> tuple[Version, ...]:
    """Return the copies that have any fields."""
    return tuple(copy for copy in copies if copy["clocks"])


def parked(record: Record, clocks: dict[str, str], refused: dict[str, str]) -> Record:
    """The server will not have these fields, for these reasons: keep them, unsent (C6)."""
    server, copies, unsent = parts_of(record)
    for name, code in refused.items():
        back = taken_back(server, copies, name, clocks[name])
        edit = unsent.get(name) or back
        if edit and edit.stamp == clocks[name]:
            unsent[name] = replace(edit, refused=code)
    return replace(record, server=server, offered=filled(copies), unsent=unsent)


def restamped(record: Record, clocks: dict[str, str], names: list[str], by: Anew) -> Record:
    """Stamp fields anew whose stamps a wrong clock made: to when they were edited (S5).

    `clocks` is what was sent. A field of an offered server copy becomes an unsent edit.
    """
    server, copies, unsent = parts_of(record)
    for name in names:
        back = taken_back(server, copies, name, clocks[name])
        if back:
            back = replace(back, wall=back.wall - by.correction)  # its stamp is right already
        edit = unsent.get(name)
        edit = replace(edit, seen=hlc.ZERO) if edit and back else edit or back
        if edit and edit.stamp == clocks[name]:
            there = server["clocks"].get(name, hlc.ZERO)
            own = hlc.node_of(there)[:8] == by.node[:8]  # an earlier edit, maybe unacknowledged
            bound = max(edit.seen, there) if own else edit.seen
            ms = min(edit.wall + by.correction, by.latest)
            edit = replace(edit, stamp=hlc.tick(bound, ms, by.node))
        if edit:
            unsent[name] = edit
    return replace(record, server=server, offered=filled(copies), unsent=unsent)


def parts_of(record: Record) -> tuple[Version, list[Version], dict[str, Unsent]]:
    """Return what a record is made of, to be changed."""
    server, *copies = [{**one, "clocks": dict(one["clocks"])} for one in all_copies(record)]
    return server, copies, dict(record.unsent)


def all_copies(record: Record) -> list[Version]:
    """Return the server's copy, and those that are offered."""
    return [record.server, *record.offered]


def taken_back(server: Version, copies: list[Version], name: str, stamp: str) -> Unsent | None:
    """Take a field out of the copies with this stamp; return it if the present one had it."""
    back = None
    if server["clocks"].get(name) == stamp:
        back = Unsent(server[name], stamp, hlc.ms_of(stamp), hlc.ZERO)
    for copy in (server, *copies):
        if copy["clocks"].get(name) == stamp:
            del copy["clocks"][name], copy[name]
    return back


def wire(record: Record) -> list[Version]:
    """Return what a record has to send (protocol.mjs, `wireTodos`; R6, M4)."""
    free = {name: edit for name, edit in record.unsent.items() if not edit.refused}
    unknown = not record.server["clocks"]
    if unknown and len(free) < len(record.unsent) and not record.shown["deleted"]:
        free = {}
    values = {name: edit.value for name, edit in free.items()}
    unsent = {**values, "clocks": {name: edit.stamp for name, edit in free.items()}}
    known = {name: free[name].seen for name in free.keys() & CONTESTED}
    unsent["seen"] = {
        name: seen
        for name, seen in known.items()
        if seen != hlc.ZERO or (record.server["clocks"] and name not in NEEDED)
    }
    copies = sorted(record.offered, key=lambda copy: -len(copy["clocks"]))
    is_part = copies and not copies[0]["clocks"].keys() >= set(NEEDED)
    join = [reduce(merge, copies, unsent)] if is_part else []
    versions = [*join, *copies, unsent]
    return [{**version, "id": record.id} for version in versions if version["clocks"]]
