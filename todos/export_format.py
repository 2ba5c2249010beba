"""The format in which a person takes an account away and brings it back: name, version, limits.

Twin of static/js/export.mjs; docs/reference/export-format.md describes it, and the schema beside
that. It holds versions of todos as they go over the wire, so that bringing them back is one more
join.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FORMAT = "simplesync-account"
VERSION = 1
NAMES = (FORMAT, "simplesync-unsent")  # the latter: as a log-out once saved what was unsent
MOST_BYTES = 100_000_000  # of a file that comes in one piece

# Each takes a member's name and one of its entries from this version to the next. None is needed
# yet: add one here for each new version, and a file of the old one to todos/tests/files.
STEPS: dict[int, Callable[[str, Any], Any]] = {}


def upgraded(version: int, member: str, entry: Any) -> Any:
    """Return an entry of a file of this or an older version as it would be written today."""
    for each in range(version, VERSION):
        entry = STEPS[each](member, entry)
    return entry
