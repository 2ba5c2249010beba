"""Who writes to SQLite, one after the other: its own waiting is a pause and another try, in which
one that writes seldom may be overtaken for seconds by those that write all the time.

The operating system's locks on files beside the database wake whoever waits, threads and processes
alike. Who waits for the turn holds the place next to it, so that a write in pieces can see between
two of them that somebody waits, give way, and not take the turn back before that one has had it.
Those who write much wait for each other first, on a file of their own: so whoever writes a little
finds a piece of one of them in front at most, however many processes there are. Whoever writes
without a turn (a log-in, another program) is kept out by SQLite's own lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, NamedTuple

from django.core.files import locks
from django.db import connection

MUCH, NEXT, TURN = "turn-of-much", "turn-next", "turn"


class Turn(NamedTuple):
    """The turn to write to a database, by the name of its file; "" where nobody waits for one."""

    database: str

    def is_wanted(self) -> bool:
        """Tell whether somebody else waits to write."""
        if not self.database:
            return False
        with opened(self.database, NEXT) as file:
            return not locks.lock(file, locks.LOCK_EX | locks.LOCK_NB)


@contextmanager
def writers_turn(much: bool = False) -> Iterator[Turn]:
    """Wait until it is this thread's turn to write, where the database knows no better way."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        yield Turn("")
        return
    turn = Turn(str(connection.settings_dict["NAME"]))
    with ExitStack() as held:
        if much:
            held.enter_context(locked(turn.database, MUCH))
        with locked(turn.database, NEXT):
            held.enter_context(locked(turn.database, TURN))
        yield turn


@contextmanager
def locked(database: str, queue: str) -> Iterator[None]:
    """Hold one of the locks, as soon as nobody else does."""
    with opened(database, queue) as file:
        locks.lock(file, locks.LOCK_EX)
        yield


def opened(database: str, queue: str) -> IO[bytes]:
    """Open the file of a lock; to close it lets go of the lock."""
    return open(f"{database}-{queue}", "ab", buffering=0)
