"""Versions and what they replaced, written as rows, many by one statement.

Django's `bulk_create` makes an object of each row and SQL anew for each batch, which costs several
times as much for each (docs/reference/performance.md). This SQL is SQLite's and PostgreSQL's alike.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from todos.merge import Lost, Version
from todos.models import STAMPS, Revision, Todo
from todos.protocol import FIELDS

TODO_KEY = ("user", "uid")
TODO_CHANGES = (*FIELDS, *STAMPS, "change", "updated_at")
REVISION_KEY = ("todo", "field", "stamp", "value_digest")
REVISION = ("user", *REVISION_KEY, "value", "created_at")


def put_todos(user_id: int, versions: Mapping[UUID, Version], first: int) -> None:
    """Insert or update a person's todos, numbered from `first` on in their order."""
    now = adapted_now()
    rows = [
        (
            user_id,
            uid.hex,
            *(version[field] for field in FIELDS),
            *(version["clocks"].get(field, "") for field in FIELDS),
            change,
            now,
            now,
        )
        for change, (uid, version) in enumerate(versions.items(), start=first)
    ]
    columns = (*TODO_KEY, *TODO_CHANGES, "created_at")
    execute(insertion(Todo, columns, TODO_KEY, TODO_CHANGES), rows)


def put_revisions(user_id: int, losses: Iterable[tuple[int, Lost]]) -> None:
    """Insert values that todos, by their keys, have lost; one that is there stays as it is (M2)."""
    now = adapted_now()
    rows = [
        (user_id, key, field, stamp, Revision.digest_of(value), json.dumps(value), now)
        for key, (field, value, stamp) in losses
    ]
    execute(insertion(Revision, REVISION, REVISION_KEY), rows)


def adapted_now() -> object:
    """Return the time as the database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(timezone.now())


def execute(sql: str, rows: list[tuple]) -> None:
    """Execute a statement for each row."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


@functools.cache
def insertion(
    model: type[models.Model],
    fields: tuple[str, ...],
    key: tuple[str, ...],
    updated: tuple[str, ...] = (),
) -> str:
    """Return the SQL that inserts a row, or updates these fields of the one with the same key."""
    column = {field: f'"{model._meta.get_field(field).column}"' for field in fields}
    updates = ", ".join(f"{column[field]} = EXCLUDED.{column[field]}" for field in updated)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(column.values())})'
        f" VALUES ({', '.join(['%s'] * len(fields))})"
        f" ON CONFLICT ({', '.join(column[field] for field in key)})"
        f" DO {f'UPDATE SET {updates}' if updates else 'NOTHING'}"
    )
