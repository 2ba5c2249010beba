"""Django's backend for SQLite, which does not write the same query anew for its driver each time.

Django writes the places of a query as `%s`, and the driver of SQLite reads `?`. To look for them in
a statement that writes fifty todos takes a third of a millisecond; in all that a small sync asks it
takes as long as one of its queries.
"""

from __future__ import annotations

import functools
from collections.abc import Collection

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a database, with our cursors."""

    def create_cursor(self, name: str | None = None) -> Cursor:
        """Return a cursor."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor


class Cursor(base.SQLiteCursorWrapper):
    """Django's, but for the memory."""

    def convert_query(self, query: str, *, param_names: Collection[str] | None = None) -> str:
        """Return a query as the driver takes it."""
        if param_names is None:
            return converted(query)
        named: str = super().convert_query(query, param_names=param_names)
        return named


@functools.lru_cache(maxsize=256)
def converted(query: str) -> str:
    """Return a query with the driver's own places."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
