"""The join of two versions of a todo. Pure; twin of static/js/merge.mjs.

A version is a dict as on the wire: fields beside `clocks`, which has the stamp of each field that
the version speaks of. `merge` is idempotent, commutative and associative, hence messages may be
lost, repeated and reordered. Such a join per field is a "last-writer-wins register" in Shapiro,
Preguiça, Baquero and Zawirski, "A comprehensive study of convergent and commutative replicated
data types" (2011).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from zlib import crc32

Version = dict[str, Any]


class Lost(NamedTuple):
    """A value that another one replaced, or that came too late: what the history keeps (M2)."""

    field: str
    value: Any
    stamp: str


def merge(ours: Version, theirs: Version) -> Version:
    """Return the join: for each field the value with the greater stamp (M1)."""
    merged = {**ours, "clocks": dict(ours["clocks"])}
    for field, stamp in theirs["clocks"].items():
        if beats(theirs, ours, field):
            merged[field] = theirs[field]
            merged["clocks"][field] = stamp
    return merged


def beats(theirs: Version, ours: Version, field: str) -> bool:
    """Tell whether a field of theirs takes the place of ours."""
    stamp, known = theirs["clocks"][field], ours["clocks"].get(field, "")
    return stamp > known or (stamp == known and greater(theirs[field], ours[field]))


def greater(a: Any, b: Any) -> bool:
    """Order two values that share a stamp: text by UTF-8 bytes, false before true (S3)."""
    if isinstance(a, str) and isinstance(b, str):
        return a > b  # Python compares code points, which is the order of UTF-8 bytes
    return json.dumps(a) > json.dumps(b)


def lost(ours: Version, theirs: Version) -> list[Lost]:
    """List the values that `merge` of the two leaves out; equal values lose nothing (M1, M2)."""
    both = [field for field in theirs["clocks"] if field in ours["clocks"]]
    losers = {
        field: ours if beats(theirs, ours, field) else theirs
        for field in both
        if ours[field] != theirs[field]
    }
    return [
        Lost(field, version[field], version["clocks"][field]) for field, version in losers.items()
    ]


def updated_at(version: Version) -> int:
    """Return the milliseconds of the latest edit in a version, 0 without any (C2)."""
    return int(max(version["clocks"].values(), default="0")[:15])


def fingerprint(version: Version) -> int:
    """Return 32 bits that stand for an id and its stamps; sums of them compare whole stores.

    The values themselves are not read: but for the rare two under one stamp, of which every device
    keeps the same (S3), equal stamps mean equal values.
    """
    stamps = map(" ".join, sorted(version["clocks"].items()))
    return crc32("\n".join([version["id"], *stamps]).encode("ascii"))
