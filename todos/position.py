"""Places in a list as strings: between any two there is room. Pure; twin of static/js/position.mjs.

A key is an integer and a fraction, both in base 62, compared as ASCII bytes (rule M11). The
integer's first letter tells its length (`a` one digit, `b` two … and `Z`, `Y` … below zero), so
that appending a thousand times lengthens no key; the fraction makes room between two keys and ends
in random digits, the `jitter`, so that two devices rarely make the same key. After "Realtime
Editing of Ordered Sequences" (Figma, 2017) and the variable-length integers of D. Greenspan,
"Implementing Fractional Indexing" (2020).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LETTERS = DIGITS[10:]
MAX_LENGTH = 100
JITTER_LENGTH = 4
KEY = re.compile(r"[A-Za-z][0-9A-Za-z]{0,99}", re.ASCII)


def is_position(value: object) -> bool:
    """Tell whether `value` is a well-formed key."""
    return isinstance(value, str) and KEY.fullmatch(value) is not None


def jitter() -> str:
    """Return random digits for the end of a key; the last is not 0, which would leave no room."""
    head = "".join(secrets.choice(DIGITS) for _ in range(JITTER_LENGTH - 1))
    return head + secrets.choice(DIGITS[1:])


def between(before: str | None, after: str | None, jitter: str) -> str | None:
    """Return a key after `before` and before `after`; None stands for the list's ends.

    Returns None when there is no room: the two are equal, in the wrong order, or the key would be
    longer than `MAX_LENGTH`. Then the caller gives new keys to the neighbours (M11).
    """
    if after == "":  # an emptied todo's: nothing is before it
        key: str | None = None
    elif not before:
        key = "a0" if after is None else step(after, -1)
    elif after is None:
        key = step(before, +1)
    else:
        key = midpoint(before, after) if before < after else None
    return key + jitter if key and len(key + jitter) <= MAX_LENGTH else None


def placed(before: str | None, after: Sequence[str], jitter: str) -> list[str]:
    """Return a key after `before`, and then new keys for as many of those that follow it as have to
    make room: none, unless keys are equal or nearly too long.

    `after` are the keys that follow, in order.
    """
    for passed, key in enumerate([*after, None]):
        keys = spread(before, key, passed + 1, jitter)
        if keys:
            return keys
    return []


def spread(before: str | None, after: str | None, count: int, jitter: str) -> list[str] | None:
    """Return so many keys between two, in order; None when there is no room for them."""
    if not count:
        return []
    middle = between(before, after, jitter)
    if middle is None:
        return None
    half = count // 2
    lower = spread(before, middle, half, jitter)
    upper = spread(middle, after, count - 1 - half, jitter)
    return None if lower is None or upper is None else [*lower, middle, *upper]


def step(key: str, by: int) -> str | None:
    """Return the integer next to the key's, up or down; None at the ends of all integers."""
    letter = key[0]
    digits = key[1 : 1 + digit_count(letter)].ljust(digit_count(letter), "0")
    following = carried(digits, by)
    if following is not None:
        return letter + following
    index = LETTERS.index(letter) + by
    if not 0 <= index < len(LETTERS):
        return None
    return LETTERS[index] + ("0" if by > 0 else "z") * digit_count(LETTERS[index])


def digit_count(letter: str) -> int:
    """Return how many digits follow: a is 1, b is 2 … z is 26; Z is 1, Y is 2 … A is 26."""
    return ord(letter) - 96 if letter >= "a" else 91 - ord(letter)


def carried(digits: str, by: int) -> str | None:
    """Add 1 or -1 to a number in base 62, digit by digit; None when it no longer fits."""
    if not digits:
        return None
    index = DIGITS.index(digits[-1]) + by
    if 0 <= index < len(DIGITS):
        return digits[:-1] + DIGITS[index]
    above = carried(digits[:-1], by)
    return None if above is None else above + ("0" if by > 0 else "z")


def midpoint(low: str, high: str | None) -> str | None:
    """Return a string after `low` and before `high`, and no beginning of `high`; None if none is.

    A `high` of None is the end of everything. Since the result is no beginning of `high`, whatever
    is written after it stays before `high` too.
    """
    if high == "":
        return None
    first_low = DIGITS.index(low[0]) if low else 0
    first_high = DIGITS.index(high[0]) if high else 62
    if first_high - first_low > 1:
        return DIGITS[(first_low + first_high) // 2]
    same = high is not None and first_low == first_high
    rest = midpoint(low[1:], high[1:] if same and high else None)
    return None if rest is None else DIGITS[first_low] + rest
