"""What a todo is made of, field by field: whatever has to know the fields asks here. Pure; twin of
static/js/fields.mjs.

docs/how-to/add-a-field.md says what a new one takes beside its entry in this list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from todos import due, position

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # in a text
UNSTORABLE_IN_LINES = re.compile("[\x00\r\ud800-\udfff]")  # a line ends by a line feed alone
NOT_A_BOOLEAN = {"bad_boolean": "The value must be true or false."}


def nothing_to_tell(value: Any, before: Any, is_new: bool) -> None:
    """Say nothing of a change in the history."""


def quoted(value: Any) -> str:
    """Return what somebody wrote as a sentence names it."""
    return f"“{value}”" if value else "nothing"


class Field(NamedTuple):
    """What is to be known of a field."""

    unset: Any  # its value before anybody has set it, and again once it is emptied
    check: Callable[[Any], str | None]  # the code of what is wrong with a value, or None
    errors: Mapping[str, str]  # those codes, each with what it says
    limit: int | None = None  # of its length
    needed: bool = False  # a todo that lives has it (M4)
    contested: bool = False  # people want to know that two edits of it met (M12)
    emptied: bool = False  # with a tombstone (M3)
    searched: bool = False  # a search looks at it (decision 31)
    tell: Callable[[Any, Any, bool], str | None] = nothing_to_tell  # see todos/sentences.py
    named: Callable[[Any], str] = quoted  # a value, as a sentence names it


def text_field(
    name: str, limit: int, has: str, are: str, strange: re.Pattern[str] = UNSTORABLE, **known: Any
) -> Field:
    """Return a field for what people write: counted in code points, stored as it is (M6).

    `has` and `are` begin the sentences on strange characters, and on too many of them.
    """
    invalid, too_long = f"{name}_invalid", f"{name}_too_long"

    def check(value: Any) -> str | None:
        if not isinstance(value, str) or strange.search(value):
            return invalid
        return too_long if len(value) > limit else None

    errors = {
        invalid: f"{has} characters that cannot be stored.",
        too_long: f"{are} longer than {limit} characters.",
    }
    kind = {"contested": True, "emptied": True, "searched": True}
    return Field("", check, errors, limit, **(kind | known))


def tell_notes(notes: str, before: str | None, is_new: bool) -> str | None:
    """Say what the notes are; what they were says an earlier step."""
    if notes:
        return f"Notes set to {quoted(notes)}."
    return "Notes removed." if before else None


def tell_text(text: str, before: str | None, is_new: bool) -> str:
    """Say what became of a text."""
    if is_new:
        return f"Added {quoted(text)}."
    if not text:
        return "Emptied."
    if before:
        return f"Changed the text from {quoted(before)} to {quoted(text)}."
    return f"Changed the text to {quoted(text)}."


def check_boolean(value: Any) -> str | None:
    """Return the code of what is wrong with a switch, or None (M9)."""
    return None if isinstance(value, bool) else "bad_boolean"


def done(completed: bool) -> str:
    """Return a tick as a sentence names it."""
    return "done" if completed else "not done"


def tell_completed(completed: bool, before: bool | None, is_new: bool) -> str | None:
    """Say what became of a tick."""
    return None if before is None and not completed else f"Marked as {done(completed)}."


def check_position(value: Any) -> str | None:
    """Return the code of what is wrong with a position, or None (M11); pruning leaves "" (M3)."""
    return None if value == "" or position.is_position(value) else "position_invalid"


def tell_position(position: str, before: str | None, is_new: bool) -> str | None:
    """Say that a todo was moved; the emptying of its place is no move."""
    return "Moved." if before and position else None


def tell_deleted(deleted: bool, before: bool | None, is_new: bool) -> str | None:
    """Say that a todo was deleted, or restored."""
    if before is None and not deleted:
        return None
    return "Deleted." if deleted else "Restored."


FIELDS = {
    "text": text_field("text", 2_000, "The text has", "The text is", needed=True, tell=tell_text),
    "completed": Field(
        False,
        check_boolean,
        NOT_A_BOOLEAN,
        needed=True,
        contested=True,
        emptied=True,
        tell=tell_completed,
        named=done,
    ),
    "position": Field(
        "",
        check_position,
        {"position_invalid": "The position is not a key of base-62 digits, at most 100 of them."},
        limit=position.MAX_LENGTH,
        needed=True,
        emptied=True,
        tell=tell_position,
    ),
    "deleted": Field(False, check_boolean, NOT_A_BOOLEAN, needed=True, tell=tell_deleted),
    "conflict": Field(False, check_boolean, NOT_A_BOOLEAN),  # two edits met: nobody looked (M12)
    "notes": text_field(
        "notes",
        10_000,
        "The notes have",
        "The notes are",
        UNSTORABLE_IN_LINES,
        tell=tell_notes,
    ),
    "due": Field(
        "",
        due.check,
        {"due_invalid": due.INVALID},
        limit=due.LENGTH,
        contested=True,
        emptied=True,
        tell=due.tell,
        named=due.named,
    ),
}

NEEDED = tuple(name for name, field in FIELDS.items() if field.needed)
MORE = tuple(name for name in FIELDS if name not in NEEDED)
CONTESTED = {name for name, field in FIELDS.items() if field.contested}
EMPTIED = tuple(name for name, field in FIELDS.items() if field.emptied)
SEARCHED = tuple(name for name, field in FIELDS.items() if field.searched)
UNSET = {name: field.unset for name, field in FIELDS.items()}
LIMITS = {name: field.limit for name, field in FIELDS.items() if field.limit}
ERRORS = {code: says for field in FIELDS.values() for code, says in field.errors.items()}

# What people write, and can have again from the history; and what of it a todo can do without.
WRITTEN = tuple(name for name in FIELDS if name in CONTESTED and UNSET[name] == "")
DETAILS = tuple(name for name in WRITTEN if name in MORE)
