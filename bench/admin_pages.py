"""Each page of the admin, with 100,000 todos and a million former values over that with 1,000.

Two servers for production, alike but for that, answer in turns; their rows are made by SQL. A todo
has ten former values in both, so that its own page shows as much.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.parties.ours import serving
from e2e.server import DATABASE, Server
from e2e.torture.web import PASSWORD, Web

FEW, MANY = 1_000, 100_000  # todos
EACH = 10  # former values of each
DELETED = 50  # todos, the oldest: what looks for them has to pass by all others
TURNS = 15
MOST = 2  # times as long
SEARCH = "a search"  # which alone may read a table from end to end

PAGES = {
    "the start": "/admin/",
    "todos": "/admin/todos/todo/",
    "todos, older": "/admin/todos/todo/?pk__lt=500",
    "todos, deleted": "/admin/todos/todo/?deleted=yes",
    "a todo": "/admin/todos/todo/500/change/",
    "a todo's history": "/admin/todos/todo/500/history/",
    "conflicts": "/admin/todos/conflict/",
    "conflicts of one": "/admin/todos/conflict/?user__id__exact=1",
    "a conflict": "/admin/todos/conflict/500/change/",
    "former values": "/admin/todos/revision/",
    "a former value": "/admin/todos/revision/500/change/",
    "heads": "/admin/todos/head/",
    "rejections": "/admin/todos/rejection/",
    "rejections, rare": "/admin/todos/rejection/?code=bad_id",
    "a rejection": "/admin/todos/rejection/50/change/",
    "states": "/admin/todos/syncstate/",
    "activity": "/admin/todos/activity/",
    "devices": "/admin/accounts/device/",
    "people": "/admin/accounts/user/",
    "a person": "/admin/accounts/user/1/change/",
    SEARCH: "/admin/todos/todo/?q=nothing+of+that+kind",
}

STAMP = "printf('0017900000%05d-0000-0123456700000000', i % 100000)"
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
NOW = "datetime('now')"
FILL = [  # every column that has no default of the database's own is named
    f"""INSERT INTO accounts_device (user_id, uid, prefix, secret_digest, name, user_agent,
        session_key, created_at, last_seen_at, losses, divergences, position, last_error)
        VALUES (:user, '01234567000040008000000000000000', '01234567', '', '', 'Phone 1.0', '',
        {NOW}, {NOW}, 0, 0, 0, '')""",
    f"""{COUNT} INSERT INTO todos_todo (id, user_id, uid, text, text_stamp, completed,
        completed_stamp, position, position_stamp, deleted, deleted_stamp, conflict,
        conflict_stamp, change, created_at, updated_at)
        SELECT i, :user, printf('%032d', i), 'Todo ' || i, {STAMP}, i % 3 = 0, {STAMP},
        printf('b%07d1', i), {STAMP}, i <= {DELETED}, {STAMP}, 0, '', i, {NOW}, {NOW} FROM n""",
    f"""{COUNT} INSERT INTO todos_revision (id, user_id, todo_id, field, value, value_digest,
        stamp, conflict, created_at)
        SELECT i, :user, 1 + (i - 1) / {EACH}, 'text', '"Before ' || i || '"', '', {STAMP},
        i % 10 = 0, {NOW} FROM n""",
    f"""{COUNT} INSERT INTO todos_head (user_id, number, token, created_at)
        SELECT :user, i, '0123456789abcdef', {NOW} FROM n""",
    f"""{COUNT} INSERT INTO todos_rejection (user_id, digest, device, todo, code, errors, payload,
        first_seen_at, last_seen_at, times)
        SELECT :user, i, NULL, i, 'text_too_long', '{{}}', '{{}}', {NOW}, {NOW}, 1 FROM n
        WHERE i <= 100""",
    f"""{COUNT} INSERT INTO todos_activity (hour, syncs, pushed, pulled, rejected, conflicts)
        SELECT datetime('now', '-' || i || ' hours'), i, i, i, i, i FROM n WHERE i <= 2160""",
    """INSERT INTO todos_syncstate (user_id, head, token, greatest_stamp, live, completed, digest,
        history_begins)
        VALUES (:user, :last, '0123456789abcdef', '', :last, 0, 0, 0)""",
]


def run() -> None:
    """Measure each page in turns; print its times and their ratio, and what is the worst."""
    with ExitStack() as stack:
        admins = {size: stack.enter_context(admin_of(size)) for size in (FEW, MANY)}
        print(f"{'':18} {FEW:>9,} todos {MANY:>9,} todos")
        ratios = {name: measure(name, admins) for name in PAGES}
    worst = max(ratios.keys() - {SEARCH}, key=lambda name: ratios[name])
    verdict = "above" if ratios[worst] > MOST else "not above"
    print(f"the worst, but for the search: {worst}, {ratios[worst]:.2f}, {verdict} {MOST}")


def measure(name: str, admins: dict[int, Web]) -> float:
    """Print how long a page takes on each server; return the ratio."""
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    for _ in range(TURNS):
        for size, admin in admins.items():
            times[size].append(load(admin, PAGES[name]))
    few, many = (statistics.median(times[size]) for size in (FEW, MANY))
    print(f"{name:18} {few:12.1f} ms {many:12.1f} ms   ratio {many / few:.2f}")
    return many / few


@contextmanager
def admin_of(size: int) -> Iterator[Web]:
    """Start a server with so many todos; yield a browser that is logged in to its admin."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        server.manage(
            *("createsuperuser", "--noinput", "--username", "olga", "--email", ""),
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )
        fill(server, size)
        admin = Web(server.port, "olga")
        admin.log_in("olga")
        yield admin


def fill(server: Server, size: int) -> None:
    """Write that many todos of the first person, with all that is kept beside them."""
    with sqlite3.connect(server.folder / DATABASE) as database:
        write(database, 1, size)
    database.close()


def write(database: sqlite3.Connection, user: int, size: int) -> None:
    """Write the rows of `FILL`, as that person's."""
    for statement in FILL:
        last = size * EACH if "todos_revision" in statement else size
        database.execute(statement, {"user": user, "last": last})


def load(admin: Web, address: str) -> float:
    """Return how long a page takes, in ms."""
    began = time.perf_counter()
    answer = admin.request("GET", address)
    assert answer.status == 200, (address, answer.status)
    return (time.perf_counter() - began) * 1_000
