"""Hybrid logical clock: stamps that order edits across devices. Pure; twin of static/js/hlc.mjs.

A stamp is one string, `<milliseconds: 15 digits>-<counter: 4 hex>-<node: 16 hex>`, and stamps are
compared as plain strings (rule S1). The milliseconds are Unix time. The idea is from Kulkarni,
Demirbas and others, "Logical Physical Clocks" (2014): physical time where clocks agree, counting
on where they do not, so that an edit made after seeing another always has the greater stamp.
"""

from __future__ import annotations

import functools
import re

STAMP = re.compile(r"[0-9]{15}-[0-9a-f]{4}-[0-9a-f]{16}", re.ASCII)
NODE = re.compile(r"[0-9a-f]{16}", re.ASCII)
ZERO = "000000000000000-0000-0000000000000000"  # less than every stamp of an edit

LENGTH = len(ZERO)
MAX_MS = 10**15 - 1
MAX_COUNTER = 0xFFFF


def is_stamp(value: object) -> bool:
    """Tell whether `value` is a well-formed stamp (S1)."""
    return isinstance(value, str) and len(value) == LENGTH and is_well_formed(value)


@functools.lru_cache(maxsize=1_024)
def is_well_formed(text: str) -> bool:
    """Tell whether a text as long as a stamp is one; the fields of an edit mostly share theirs."""
    return STAMP.fullmatch(text) is not None


def pack(ms: int, counter: int, node: str) -> str:
    """Write a stamp. Raises ValueError when a part does not fit."""
    if not (0 <= ms <= MAX_MS and 0 <= counter <= MAX_COUNTER and NODE.fullmatch(node)):
        raise ValueError(f"not the parts of a stamp: {ms}, {counter}, {node}")
    return f"{ms:015d}-{counter:04x}-{node}"


def ms_of(stamp: str) -> int:
    """Return the milliseconds of a stamp."""
    return int(stamp[:15])


def counter_of(stamp: str) -> int:
    """Return the counter of a stamp."""
    return int(stamp[16:20], 16)


def node_of(stamp: str) -> str:
    """Return the node of a stamp: 16 hex digits."""
    return stamp[21:]


def tick(last: str, now: int, node: str) -> str:
    """Return the stamp of an edit made `now` (ms), greater than `last`, the greatest seen (S2).

    Raises ValueError when the clock has come to its end, some 30,000 years from now.
    """
    ms = max(now, ms_of(last))
    counter = counter_of(last) + 1 if ms == ms_of(last) else 0
    if counter > MAX_COUNTER:
        ms, counter = ms + 1, 0
    return pack(ms, counter, node)
