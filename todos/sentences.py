"""What the values that a todo had say, as sentences. Pure; twin of static/js/sentences.mjs.

The history keeps values with their stamps, and nothing of what replaced what: that follows from
their order (rule M2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Value(NamedTuple):
    """A value that a field of a todo has, or had."""

    field: str
    value: Any
    stamp: str
    conflict: bool = False  # it lost to one whose maker had not seen it, or the reverse (M12)


class Step(NamedTuple):
    """What was done to a todo under one stamp, and the text that it set, if any."""

    stamp: str
    says: list[str]
    text: str | None


def told(values: Iterable[Value], whole: bool) -> list[Step]:
    """Return what was done, newest first.

    `whole` tells whether these are all values that there ever were: then the oldest is of when the
    todo was added.
    """
    in_order = sorted(values, key=lambda each: each.stamp)
    born = in_order[0].stamp if whole and in_order else None
    says: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for field, tell in TELLERS.items():
        chain = changes([each for each in in_order if each.field == field])
        for before, value, after in zip([None, *chain], chain, [*chain[1:], None], strict=False):
            sentence = tell(value.value, before and before.value, value.stamp == born)
            if sentence and value.conflict and after:
                sentence += f" Lost to {quoted(after.value)}: neither had seen the other."
            if sentence:
                says.setdefault(value.stamp, []).append(sentence)
            if field == "text" and value.value:
                texts[value.stamp] = value.value
    return [Step(stamp, says[stamp], texts.get(stamp)) for stamp in sorted(says, reverse=True)]


def changes(values: list[Value]) -> list[Value]:
    """Return the values of a field, in order, less those that repeat the one before."""
    return [
        value
        for before, value in zip([None, *values], values, strict=False)
        if before is None or before.value != value.value
    ]


def quoted(value: Any) -> str:
    """Return a value as a sentence names it."""
    if isinstance(value, bool):
        return "done" if value else "not done"
    return f"“{value}”"


def tell_text(text: str, before: str | None, is_new: bool) -> str:
    """Say what became of a text."""
    if is_new:
        return f"Added {quoted(text)}."
    if not text:
        return "Emptied."
    if before:
        return f"Changed the text from {quoted(before)} to {quoted(text)}."
    return f"Changed the text to {quoted(text)}."


def tell_completed(completed: bool, before: bool | None, is_new: bool) -> str | None:
    """Say what became of a tick."""
    return None if before is None and not completed else f"Marked as {quoted(completed)}."


def tell_position(position: str, before: str | None, is_new: bool) -> str | None:
    """Say that a todo was moved; the emptying of its place is no move."""
    return "Moved." if before and position else None


def tell_deleted(deleted: bool, before: bool | None, is_new: bool) -> str | None:
    """Say that a todo was deleted, or restored."""
    if before is None and not deleted:
        return None
    return "Deleted." if deleted else "Restored."


TELLERS: dict[str, Callable[[Any, Any, bool], str | None]] = {
    "text": tell_text,
    "completed": tell_completed,
    "position": tell_position,
    "deleted": tell_deleted,
}
