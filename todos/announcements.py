"""That a head has moved, from the process that has moved it to each one where a device waits.

Within a process it is told at once. Between processes PostgreSQL carries it (NOTIFY); on SQLite
each process looks whether another connection has written. Neither has to be complete: the heads of
those who wait are read again every so often, and after the database was away. No announcement that
is lost, doubled or late does harm, since a device pulls by its cursor.
"""

from __future__ import annotations

import json
import logging
import threading
import time

from django.conf import settings
from django.db import connection, connections

from todos.cursor import newest
from todos.hub import hub
from todos.models import SyncState

CHANNEL = "head_moved"
LOOK = 0.1  # seconds between two looks whether another process has written to SQLite
SHARE = 10  # a reading may take this part of the time, and is done more seldom if it takes longer
SHORTEST_PAUSE = 0.5  # seconds between two attempts while the database is away
LONGEST_PAUSE = 30.0
AT_ONCE = 500  # people whose heads are read in one query

log = logging.getLogger(__name__)


def announce(state: SyncState, **signal: object) -> None:
    """Tell all processes of a head that has just been committed."""
    cursor = newest(state).pack()
    hub.tell(state.user_id, cursor)
    if connection.vendor == "postgresql":
        # Outside of the transaction: there it would make all who commit wait for each other.
        with connection.cursor() as sql:
            sql.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps([state.user_id, cursor])])


def dismiss(user_id: int, **signal: object) -> None:
    """Send a person's devices away, in all processes: some are logged in no more.

    On SQLite those of other processes stay until their streams end by themselves.
    """
    hub.dismiss(user_id)
    if connection.vendor == "postgresql":
        with connection.cursor() as sql:
            sql.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps([user_id, None])])


# Listening


starting = threading.Lock()
watching: threading.Thread | None = None


def watch() -> None:
    """Listen, from now on, for what other processes announce; once for each process."""
    global watching
    with starting:
        if watching is None:
            watching = threading.Thread(target=listen_for_good, name="announcements", daemon=True)
            watching.start()


def listen_for_good() -> None:
    """Tell the devices that wait here what comes from elsewhere, however often it breaks off."""
    pause = SHORTEST_PAUSE
    while not hub.closed:
        began = time.monotonic()
        try:
            listen()
        except Exception as error:  # whatever it is: nobody else would begin again
            log.warning("What other processes announce is not heard: %s", error)
            close()
            was_long = time.monotonic() - began > LONGEST_PAUSE
            pause = SHORTEST_PAUSE if was_long else min(pause * 2, LONGEST_PAUSE)
            time.sleep(pause)
    close()


def listen() -> None:
    """Tell what is announced, until the connection is lost or the process ends."""
    if connection.vendor == "postgresql":
        listen_to_postgresql()
    else:
        look_at_sqlite()


def listen_to_postgresql() -> None:
    """Hear what is announced by NOTIFY, on a connection of this process's own."""
    line = connections[settings.LISTEN_DATABASE]
    with line.cursor() as sql:
        sql.execute(f"LISTEN {CHANNEL}")
    while not hub.closed:
        read_heads()
        for note in line.connection.notifies(timeout=settings.HEADS_READ_AGAIN):
            user_id, cursor = json.loads(note.payload)
            if cursor is None:
                hub.dismiss(user_id)
            else:
                hub.tell(user_id, cursor)


def look_at_sqlite() -> None:
    """Look whether another connection has written, which SQLite counts but tells nobody."""
    seen = None
    due = 0.0
    while not hub.closed:
        version = data_version()
        began = time.monotonic()
        if version != seen or began >= due:
            seen, due = version, began + settings.HEADS_READ_AGAIN
            read_heads()
        time.sleep(max(LOOK, SHARE * (time.monotonic() - began)))


def data_version() -> int:
    """Return a number that is another one after each commit of any other connection."""
    with connection.cursor() as sql:
        return int(sql.execute("PRAGMA data_version").fetchone()[0])


def read_heads() -> None:
    """Tell the devices that wait where the heads are."""
    people = hub.people()
    for start in range(0, len(people), AT_ONCE):
        ids = people[start : start + AT_ONCE]
        for state in SyncState.objects.filter(user__in=ids):
            cursor = newest(state).pack()
            if cursor != hub.known(state.user_id):
                hub.tell(state.user_id, cursor)


def close() -> None:
    """Let go of this thread's connections."""
    for each in connections.all(initialized_only=True):
        each.close()
