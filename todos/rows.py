"""The SQL of each sync: versions of todos, what they replaced, and how far a list has come.

Django's ORM builds each query anew and makes an object of each row, which costs ten times what the
database takes for it (docs/reference/performance.md). This SQL is SQLite's and PostgreSQL's alike.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from todos.fields import EMPTIED, FIELDS, UNSET
from todos.merge import Lost, Version
from todos.models import STAMPS, Head, Revision, SyncState, Todo, version_of

Moment = str | datetime.datetime  # a time, as the driver of the database takes it

TODO_KEY = ("user", "uid")
TODO_CHANGES = (*FIELDS, *STAMPS, "change", "updated_at", "trashed_at")
TODO = (*TODO_KEY, *TODO_CHANGES, "created_at")
REVISION_KEY = ("todo", "field", "stamp", "value_digest")
REVISION = ("user", *REVISION_KEY, "value", "created_at", "conflict")
STATE_KEY = ("user",)
STATE = tuple(each.name for each in SyncState._meta.concrete_fields if not each.primary_key)
HEAD_KEY = ("user", "number")
HEAD = (*HEAD_KEY, "token", "created_at")
NO_STAMPS = ("",) * len(FIELDS)
MOST_VALUES = 999  # in a statement: some builds of SQLite take no more
IN_A_STATEMENT = MOST_VALUES // len(TODO)  # todos, written

VERSION = ", ".join(f'"{name}"' for name in ("uid", *FIELDS, *STAMPS))
COLUMNS = f'"id", "change", "trashed_at" IS NOT NULL, {VERSION}'
BETWEEN = '"change" > %s AND "change" <= %s ORDER BY "change" LIMIT %s'
TRASHING = """UPDATE "todos_todo" SET "trashed_at" = %s
    WHERE "todos_todo"."user_id" = %s AND "id" IN ({}) AND EXISTS (
        SELECT 1 FROM "todos_revision" AS "new" WHERE "new"."user_id" = %s
        AND "new"."todo_id" = "todos_todo"."id"
        AND ("todos_todo"."trashed_at" IS NULL OR "new"."created_at" = %s))"""


# Reading


class Row(NamedTuple):
    """A todo's key in its table, its number in its user's sequence of changes, whether it is
    deleted and has something left to be emptied, and its version."""

    key: int
    change: int
    in_trash: bool
    version: Version


def todos(user_id: int, condition: str, *values: Any) -> list[Row]:
    """Return those of a person's todos that a condition in SQL picks, an order after it."""
    found = query(
        f'SELECT {COLUMNS} FROM "todos_todo" WHERE "user_id" = %s AND {condition}', user_id, *values
    )
    return [
        Row(key, change, trashed, version_of(dashed(uid), rest[: len(FIELDS)], rest[len(FIELDS) :]))
        for key, change, trashed, uid, *rest in found
    ]


def todos_with(user_id: int, ids: Collection[str]) -> list[Row]:
    """Return those of a person's todos that have one of these ids."""
    if not ids:
        return []
    return todos(user_id, f'"uid" IN ({places(ids)})', *map(undashed, ids))


def todos_after(user_id: int, uid: str | None, most: int) -> list[Row]:
    """Return a person's todos whose ids come after one, or the first, in their order."""
    if uid is None:
        return todos(user_id, 'TRUE ORDER BY "uid" LIMIT %s', most)
    return todos(user_id, '"uid" > %s ORDER BY "uid" LIMIT %s', undashed(uid), most)


def todos_between(user_id: int, after: int, last: int, most: int) -> list[Row]:
    """Return a person's todos whose numbers come after one, up to the last, in their order."""
    return todos(user_id, BETWEEN, after, last, most)


def live_between(user_id: int, after: int, last: int, most: int) -> list[Row]:
    """Return those of them that are not deleted, by an index of their own."""
    return todos(user_id, f'NOT "deleted" AND {BETWEEN}', after, last, most)


def has_revision(user_id: int, key: int, field: str, stamp: str) -> bool:
    """Tell whether a todo's history has a value of this field under this stamp."""
    of_it = '"user_id" = %s AND "todo_id" = %s AND "field" = %s AND "stamp" = %s'
    return bool(query(f'SELECT 1 FROM "todos_revision" WHERE {of_it}', user_id, key, field, stamp))


def wrong_clocks(user_id: int, nodes: Collection[str]) -> dict[str, int]:
    """Return which of these nodes had a wrong clock, each with the ms from when on."""
    if not nodes:
        return {}
    of_these = f'"user_id" = %s AND "node" IN ({places(nodes)})'
    return dict(
        query(f'SELECT "node", "after" FROM "todos_wrongclock" WHERE {of_these}', user_id, *nodes)
    )


def query(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows that a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def places(values: Collection[Any]) -> str:
    """Return a place for each value of a list in SQL."""
    return ", ".join(["%s"] * len(values))


def dashed(uid: str | UUID) -> str:
    """Return an id as on the wire: SQLite keeps its digits, PostgreSQL a UUID."""
    if isinstance(uid, UUID):
        return str(uid)
    return f"{uid[:8]}-{uid[8:12]}-{uid[12:16]}-{uid[16:20]}-{uid[20:]}"


def undashed(uid: str) -> str:
    """Return an id as both databases take it."""
    return uid.replace("-", "")


# Writing


def put_state(state: SyncState) -> None:
    """Update how far a person's list has come, and log its head."""
    values = [getattr(state, name) for name in STATE]
    insert(SyncState, (*STATE_KEY, *STATE), STATE_KEY, [(state.pk, *values)], STATE)
    head = (state.pk, state.head, state.token, adapted_now())
    insert(Head, HEAD, HEAD_KEY, [head])


def put_todos(
    user_id: int, versions: Mapping[str, Version], first: int, with_history: Collection[str]
) -> None:
    """Insert or update a person's todos, numbered from `first` on in their order.

    A deleted one that has a history, or something left itself, is in the Trash from now on (M3).
    """
    now = adapted_now()
    rows = [
        (
            user_id,
            undashed(uid),
            *map(version.get, UNSET, UNSET.values()),
            *map(version["clocks"].get, FIELDS, NO_STAMPS),
            change,
            now,
            now if version["deleted"] and (uid in with_history or has_content(version)) else None,
            now,
        )
        for change, (uid, version) in enumerate(versions.items(), start=first)
    ]
    insert(Todo, TODO, TODO_KEY, rows, TODO_CHANGES)


def has_content(version: Version) -> bool:
    """Tell whether a version has something that the emptying of a tombstone would take."""
    return any(version.get(field) for field in EMPTIED)


def put_revisions(
    user_id: int, losses: Iterable[tuple[int, Lost, bool]], deleted: Collection[int]
) -> None:
    """Insert values that todos, by their keys, have lost now, each with whether that was by a
    conflict; one that is there stays as it is (M2).

    Of those that are deleted, the ones that got any are in the Trash from now on (M3).
    """
    now = timezone.now()
    put_history(user_id, ((key, lost, conflict, now) for key, lost, conflict in losses))
    if deleted:
        with connection.cursor() as cursor:
            sql = TRASHING.format(places(deleted))
            cursor.execute(sql, (adapted(now), user_id, *deleted, user_id, adapted(now)))


def put_history(user_id: int, losses: Iterable[tuple[int, Lost, bool, datetime.datetime]]) -> int:
    """Insert values with the times when they were replaced; return how many were not there."""
    rows = [
        (
            user_id,
            key,
            field,
            stamp,
            Revision.digest_of(value),
            json.dumps(value),
            adapted(when),
            conflict,
        )
        for key, (field, value, stamp), conflict, when in losses
    ]
    return insert(Revision, REVISION, REVISION_KEY, rows)


def put_positions(positions: Mapping[int, int]) -> None:
    """Update how far devices, by their keys, have come."""
    sql = 'UPDATE "accounts_device" SET "position" = %s WHERE "id" = %s'
    execute(sql, [(position, key) for key, position in positions.items()])


def adapted_now() -> Moment:
    """Return the time as the database's driver takes it."""
    return adapted(timezone.now())


def adapted(moment: datetime.datetime) -> Moment:
    """Return a time as the database's driver takes it."""
    return cast(Moment, connection.ops.adapt_datetimefield_value(moment))


def execute(sql: str, rows: list[tuple[Any, ...]]) -> None:
    """Execute a statement for each row."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def insert(
    model: type[models.Model],
    fields: tuple[str, ...],
    key: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    updated: tuple[str, ...] = (),
) -> int:
    """Insert rows, or update these fields of those that are there; return how many that wrote.

    A statement takes several rows: one for each made a large push a third dearer.
    """
    most = MOST_VALUES // len(fields)
    batches = [rows[start : start + most] for start in range(0, len(rows), most)]
    written = 0
    with connection.cursor() as cursor:
        for count, some in itertools.groupby(batches, len):
            sql = insertion(model, fields, key, updated, count)
            cursor.executemany(sql, [[*itertools.chain.from_iterable(each)] for each in some])
            written += cursor.rowcount
    return written


@functools.cache
def insertion(
    model: type[models.Model],
    fields: tuple[str, ...],
    key: tuple[str, ...],
    updated: tuple[str, ...],
    count: int,
) -> str:
    """Return the SQL of `insert` for so many rows."""
    columns = {each.name: each.column for each in model._meta.concrete_fields}
    column = {field: f'"{columns[field]}"' for field in fields}
    updates = ", ".join(f"{column[field]} = EXCLUDED.{column[field]}" for field in updated)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(column.values())})'
        f" VALUES {', '.join([f'({places(fields)})'] * count)}"
        f" ON CONFLICT ({', '.join(column[field] for field in key)})"
        f" DO {f'UPDATE SET {updates}' if updates else 'NOTHING'}"
    )
