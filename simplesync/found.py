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
    with connection.cursor() as cursor:
        cursor.execute(f"{selection(model)} WHERE {condition}", values)
        row = cursor.fetchone()
    if row is None:
        return None
    columns = list(row)
    for place, converters, expression in conversions(model):
        for convert in converters:
            columns[place] = convert(columns[place], expression, connection)
    return model.from_db("default", [each.attname for each in model._meta.concrete_fields], columns)


@functools.cache
def selection(model: type[models.Model]) -> str:
    """Return the beginning of a query for all columns of a model."""
    columns = ", ".join(f'"{each.column}"' for each in model._meta.concrete_fields)
    return f'SELECT {columns} FROM "{model._meta.db_table}"'


@functools.cache
def conversions(model: type[models.Model]) -> list[Conversion]:
    """Return what makes Python's values of a database's, where they differ."""
    connection = connections["default"].copy()  # of no thread, and never opened
    compiler = models.QuerySet(model).query.get_compiler(connection=connection)
    columns = [each.get_col(model._meta.db_table) for each in model._meta.concrete_fields]
    return [(place, *how) for place, how in compiler.get_converters(columns).items()]
