"""What the values that a todo had say, as sentences. Pure; twin of static/js/sentences.mjs.

The history keeps values with their stamps, and nothing of what replaced what: that follows from
their order (rule M2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from todos.fields import FIELDS, WRITTEN


class Value(NamedTuple):
    """A value that a field of a todo has, or had."""

    field: str
    value: Any
    stamp: str
    conflict: bool = False  # it lost to one whose maker had not seen it, or the reverse (M12)


class Step(NamedTuple):
    """What was done to a todo under one stamp, and what somebody wrote then, by field."""

    stamp: str
    says: list[str]
    written: dict[str, str]


def told(values: Iterable[Value], whole: bool) -> list[Step]:
    """Return what was done, newest first.

    `whole` tells whether these are all values that there ever were: then the oldest is of when the
    todo was added.
    """
    in_order = sorted(values, key=lambda each: each.stamp)
    born = in_order[0].stamp if whole and in_order else None
    says: dict[str, list[str]] = {}
    written: dict[str, dict[str, str]] = {}
    for name, field in FIELDS.items():
        chain = changes([each for each in in_order if each.field == name])
        for before, value, after in zip([None, *chain], chain, [*chain[1:], None], strict=False):
            sentence = field.tell(value.value, before and before.value, value.stamp == born)
            if sentence and value.conflict and after:
                sentence += f" Lost to {field.named(after.value)}: neither had seen the other."
            if sentence:
                says.setdefault(value.stamp, []).append(sentence)
            if name in WRITTEN and value.value:
                written.setdefault(value.stamp, {})[name] = value.value
    return [Step(each, says[each], written.get(each, {})) for each in sorted(says, reverse=True)]


def changes(values: list[Value]) -> list[Value]:
    """Return the values of a field, in order, less those that repeat the one before."""
    return [
        value
        for before, value in zip([None, *values], values, strict=False)
        if before is None or before.value != value.value
    ]
