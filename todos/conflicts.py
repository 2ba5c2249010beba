"""Which of the values that a push has made lose were in conflict: the maker of the value that won
had not seen them, or could not be seen by them. The others were merely replaced.

Stamps alone do not tell. What does: a value that came later than a greater one of another device;
and one that was set after the head which the sender's cursor names, so that the sender cannot have
had it. An edit that was made before that head, but came after it, is not found.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from todos import hlc
from todos.cursor import Cursor
from todos.merge import Lost
from todos.models import Head, SyncState
from todos.protocol import Incoming

if TYPE_CHECKING:
    from todos.sync import Ledger

NEVER = hlc.MAX_MS  # nothing is set later


def among(
    ledger: Ledger, before: SyncState, pushed: Collection[Incoming], cursors: Collection[Cursor]
) -> set[tuple[str, Lost]]:
    """Return the conflicts among what a push has made lose, each with the id of its todo.

    `before` is how the list stood, `cursors` say how far the device had come.
    """
    came = {stamp for todo in pushed for stamp in todo.version["clocks"].values()}
    seen = seen_until(before, cursors)

    def is_conflict(lost: Lost, winner: str) -> bool:
        if device_of(winner) == device_of(lost.stamp):
            return False
        if lost.stamp in came:
            return winner not in came
        return winner in came and hlc.ms_of(lost.stamp) > seen

    return {
        (uid, lost)
        for uid, each in ledger.lost.items()
        for lost in each
        if is_conflict(lost, ledger.todos[uid]["clocks"][lost.field])
    }


def device_of(stamp: str) -> str:
    """Return by what one knows the device of a stamp (S3)."""
    return hlc.node_of(stamp)[:8]


def seen_until(state: SyncState, cursors: Collection[Cursor]) -> int:
    """Return the time in ms up to which somebody at these cursors can have seen what was set.

    NEVER for one who has seen all, and for one of whom that is not known.
    """
    number = max((cursor.number for cursor in cursors), default=state.head)
    if number >= state.head:
        return NEVER
    heads = Head.objects.filter(user=state.user_id, number=number)
    made = heads.values_list("created_at", flat=True).first()
    return int(made.timestamp() * 1000) if made else NEVER
