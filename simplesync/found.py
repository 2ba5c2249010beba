"""Objects found by SQL that is made once, for what each request asks for.

Django's ORM builds each query anew, and so does its `raw` with what is to be made of the columns:
three to five times of what the database takes for it (docs/reference/performance.md).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connections, models

Found = TypeVar("Found", bound=models.Model)
Conversion = tuple[int, list[Callable[..., Any]], Any]  # the column's place, how, its expression


def found(model: type[Found], condition: str, *values: Any) -> Found | None:
    """Return the object that a condition in SQL picks, None if there is none.

    The condition may go on after what picks, with FOR UPDATE for example; it picks one row at most.
    """
    connection = connections["default"]
    select, names, conversions = plan(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} WHERE {condition}", values)
        row = cursor.fetchone()
    if row is None:
        return None
    columns = list(row)
    for place, converters, expression in conversions:
        for convert in converters:
            columns[place] = convert(columns[place], expression, connection)
    return model.from_db("default", names, columns)


@functools.cache
def plan(model: type[models.Model]) -> tuple[str, list[str], list[Conversion]]:
    """Return the beginning of a query for all columns of a model, the names of its attributes, and
    what makes Python's values of a database's where they differ."""
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = ", ".join(f'"{each.column}"' for each in fields)
    connection = connections["default"].copy()  # of no thread, and never opened
    compiler = models.QuerySet(model).query.get_compiler(connection=connection)
    converters = compiler.get_converters([each.get_col(table) for each in fields])
    conversions = [(place, *how) for place, how in converters.items()]
    return f'SELECT {columns} FROM "{table}"', [each.attname for each in fields], conversions
