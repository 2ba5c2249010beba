"""The way back from an edit: the twin of static/js/steps.mjs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from e2e.torture.record import Record
from todos.merge import Version

Stamps = dict[str, str]  # by field
News = dict[str, dict[str, tuple[str | None, str]]]  # by id and field: the stamp before, and now


@dataclass(frozen=True)
class Part:
    """What a step did to one todo."""

    id: str
    values: dict[str, Any]  # what to set to take it back
    former: Stamps  # what these fields had before it
    left: Stamps  # what has to stand for it to be taken back


Step = list[Part]


def way_back(uid: str, before: Version, after: Version) -> Part:
    """Return the way back from one version of a todo to an earlier one."""
    then, now = before["clocks"], after["clocks"]
    changed = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    values = {name: before.get(name) for name in changed} if then else {"deleted": True}
    former = {name: then[name] for name in values if name in then}
    left = now if values.get("deleted") else {name: now[name] for name in changed if name in now}
    return Part(uid, values, former, dict(left))


def taken_back(step: Step, record_of: Callable[[str], Record | None]) -> dict[str, dict[str, Any]]:
    """Return what to set of each todo to take a step back, as far as it still stands."""
    found = {part.id: standing(part, record_of(part.id)) for part in step}
    return {uid: values for uid, values in found.items() if values}


def standing(part: Part, record: Record | None) -> dict[str, Any]:
    """Return what of a part can be taken back."""
    if record is None:
        return {}
    shown = record.shown
    stands = [name for name, stamp in part.left.items() if shown["clocks"].get(name) == stamp]
    if part.values.get("deleted") and len(stands) < len(part.left):
        return {}
    free = {name: value for name, value in part.values.items() if name in stands}
    is_gone = shown["deleted"] and free.get("deleted") is not False
    return {} if is_gone or is_emptied(shown) else free


def is_emptied(shown: Version) -> bool:
    """Tell whether the server has emptied a tombstone (M3)."""
    return shown["deleted"] and not shown["text"] and not shown["position"]


def renewals(step: Step, back: Step) -> News:
    """Return by which stamps the steps before one know what they left, since it was taken back."""
    former = {part.id: part.former for part in step}
    return {
        part.id: {name: (former[part.id].get(name), part.left[name]) for name in part.values}
        for part in back
    }


def restampings(changes: Iterable[tuple[Record, Record]]) -> News:
    """Return by which stamps the steps know what they left, since a clock was wrong (S5)."""
    return {after.id: restamped_in(before, after) for before, after in changes}


def restamped_in(before: Record, after: Record) -> dict[str, tuple[str | None, str]]:
    """Return the fields of which the same edit has another stamp now."""
    found: dict[str, tuple[str | None, str]] = {}
    for name, edit in after.unsent.items():
        former = before.unsent.get(name)
        is_same = former and former.wall == edit.wall and former.value == edit.value
        if former and is_same and former.stamp != edit.stamp:
            found[name] = (former.stamp, edit.stamp)
    return found


def renewed(step: Step, news: News) -> Step:
    """Return a step that knows what it left by new stamps."""
    return [
        replace(
            part,
            left=follow(part.left, news.get(part.id, {})),
            former=follow(part.former, news.get(part.id, {})),
        )
        for part in step
    ]


def follow(stamps: Stamps, news: dict[str, tuple[str | None, str]]) -> Stamps:
    """Return stamps, each of them as it is now."""
    return {
        name: news[name][1] if name in news and news[name][0] == stamp else stamp
        for name, stamp in stamps.items()
    }
