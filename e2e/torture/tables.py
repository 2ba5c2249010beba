"""What the server's tables hold of a person, read past the app."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from e2e.server import Server
from todos.fields import FIELDS, NEEDED, UNSET
from todos.merge import Version

Value = tuple[str, str, str, Any]  # id of a todo, field, stamp, value


def id_of(uid: UUID | str) -> str:
    """Return an id as on the wire: SQLite keeps its digits, PostgreSQL a UUID."""
    return str(UUID(str(uid)))


def read_versions(server: Server, username: str) -> dict[str, Version]:
    """Read a person's todos by id."""
    columns = [*FIELDS, *(f"{field}_stamp" for field in FIELDS)]
    names = ", ".join(f"todos_todo.{column}" for column in columns)
    rows = server.rows(
        f"SELECT uid, {names} FROM todos_todo JOIN accounts_user ON accounts_user.id = user_id"
        " WHERE username = ?",
        username,
    )
    versions = {}
    for uid, *rest in rows:
        values = dict(zip(FIELDS, rest[: len(FIELDS)], strict=True))
        stamps = zip(FIELDS, rest[len(FIELDS) :], strict=True)
        clocks = {name: stamp for name, stamp in stamps if stamp}
        switches = {name: bool(values[name]) for name in FIELDS if UNSET[name] is False}
        unset = [name for name in FIELDS if name not in NEEDED and name not in clocks]
        version = {"id": id_of(uid), **values, **switches, "clocks": clocks}
        versions[version["id"]] = {name: version[name] for name in version if name not in unset}
    return versions


def read_history(server: Server, username: str) -> list[Value]:
    """Read a person's revisions."""
    rows = server.rows(
        "SELECT uid, field, stamp, CAST(value AS TEXT) FROM todos_revision"
        " JOIN todos_todo ON todos_todo.id = todo_id"
        " JOIN accounts_user ON accounts_user.id = todos_todo.user_id WHERE username = ?",
        username,
    )
    return [(id_of(uid), field, stamp, json.loads(value)) for uid, field, stamp, value in rows]


def read_conflicts(server: Server, username: str) -> set[str]:
    """Read which of a person's todos have lost something by a conflict (M12)."""
    rows = server.rows(
        "SELECT DISTINCT uid FROM todos_revision JOIN todos_todo ON todos_todo.id = todo_id"
        " JOIN accounts_user ON accounts_user.id = todos_todo.user_id"
        " WHERE todos_revision.conflict AND username = ?",
        username,
    )
    return {id_of(uid) for (uid,) in rows}
