"""Who writes to SQLite, one after the other: its own waiting is a pause and another try, in which
one that writes seldom may be overtaken for seconds by those that write all the time.

The operating system's lock on a file beside the database wakes whoever waits, threads and
processes alike. Those who write much wait for each other first, on a file of their own: so whoever
writes a little finds one of them in front at most, however many processes there are. Whoever
writes without it (a log-in, another program) is kept out by SQLite's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.core.files import locks
from django.db import connection


@contextmanager
def writers_turn(much: bool = False) -> Iterator[None]:
    """Wait until it is this thread's turn to write, where the database knows no better way."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        yield
        return
    with ExitStack() as held:
        for queue in ("turn-of-much", "turn") if much else ("turn",):
            file = held.enter_context(Path(f"{connection.settings_dict['NAME']}-{queue}").open("a"))
            locks.lock(file, locks.LOCK_EX)
        yield
