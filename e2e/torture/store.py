"""What a device keeps: the twin of what its IndexedDB holds."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from e2e.torture.record import Record
from todos import hlc
from todos.merge import Version


@dataclass
class Store:
    """What a device keeps: its IndexedDB. A copy of it is a backup, or a clone."""

    device: str
    secret: str
    todos: dict[str, Record] = field(default_factory=dict)
    cursor: str | None = None
    pages: tuple[str, ...] = ()  # cursors of the pages taken in since the last reply (R8)
    replaced: tuple[Version, ...] = ()  # the copies that were here before them
    last: str = hlc.ZERO  # the greatest stamp of all
    seen: str = hlc.ZERO  # the greatest that the server has, as far as this device knows
    correction: int = 0  # ms
    era: int = 0  # another one each time that the clock was set back
    whole: bool = False  # all pages have been pulled once
    checked_at: int = 0  # when the self-check was last made, by the device's own clock: ms

    def copy(self) -> Store:
        """Return a copy that does not change with this one; records never change."""
        copy = deepcopy({**vars(self), "todos": {}})
        return Store(**{**copy, "todos": dict(self.todos)})


def new_store(random: Random) -> Store:
    """Return the store of a browser that was never here."""
    device = UUID(int=random.getrandbits(128), version=4)
    return Store(str(device), f"{random.getrandbits(128):032x}")
