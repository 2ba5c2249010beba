"""Where two edits meet that were made without knowing of each other (rule M12, decision 24)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from todos import hlc
from todos.fields import CONTESTED
from todos.merge import Version
from todos.protocol import Incoming

if TYPE_CHECKING:
    from todos.sync import Ledger


def contested(ledger: Ledger, todo: Incoming, version: Version, device: str) -> set[str]:
    """Return the fields in which an edit and what stands were made without knowing of each other:
    one of the two values will lose (M12).

    A late copy of an edit that had its time is no conflict.
    """
    if not todo.seen or not todo.uid or todo.uid not in ledger.todos:
        return set()
    stands = ledger.todos[todo.uid]
    came, there = version["clocks"], stands["clocks"]
    fields = todo.seen.keys() & came.keys() & there.keys() & CONTESTED
    return {
        field
        for field in fields
        if stands[field] != version[field]
        and not knew(device, todo.seen[field], there[field])
        and not (came[field] < there[field] and ledger.has_lost(todo.uid, field, came[field]))
    }


def knew(device: str, seen: Any, stamp: str) -> bool:
    """Tell whether a device had seen the value under this stamp, or had set it itself."""
    return seen == stamp or hlc.node_of(stamp).startswith(device)
