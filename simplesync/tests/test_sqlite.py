"""SQLite's backend writes a query for its driver as Django's own does."""

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from simplesync.sqlite.base import Cursor, converted

QUERIES = ["SELECT 1", "SELECT %s, %s", "SELECT '100%%' LIKE %s", "SELECT '%%s', %s"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_written_as_djangos_own_writes_it_and_once(query):
    assert converted(query) == SQLiteCursorWrapper.convert_query(None, query)
    assert converted(query) is converted(query)


@pytest.mark.only_sqlite
def test_it_is_the_one_that_is_used(db):
    with connection.cursor() as cursor:
        assert isinstance(cursor.cursor, Cursor)
        cursor.execute("SELECT %s || '100%%'", ["at least "])
        assert cursor.fetchone() == ("at least 100%",)
        cursor.execute("SELECT %(a)s || %(b)s", {"a": "one", "b": "two"})
        assert cursor.fetchone() == ("onetwo",)
