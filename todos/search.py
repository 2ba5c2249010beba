"""Which todos are found: those in whose texts every word that is sought occurs, whatever the case
and the accents. Twin of static/js/search.mjs; the cases that both run: tests/search-cases.json.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet

from todos.fields import SEARCHED
from todos.models import Todo

LONGEST = 200  # characters of what is sought
LOOKED_AT = 10_000  # todos, for one page of what is found

# What stands above and below Latin, Greek and Cyrillic letters, and the vowel points of Hebrew and
# Arabic, which most people leave out. The marks of other scripts are letters like any other.
MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]"
)
GAPS = re.compile("[ \t\r\n]+")


def folded(text: str) -> str:
    """Return a text as it is compared: in capitals, which know of ß and of both forms of σ."""
    return MARKS.sub("", unicodedata.normalize("NFKD", text)).upper()


def finder(query: str) -> Callable[..., bool]:
    """Return a function that tells of a todo's texts whether it is found."""
    words = [word for word in GAPS.split(folded(query)) if word]

    def is_found(*texts: str) -> bool:
        searched = folded("\n".join(texts))
        return all(word in searched for word in words)

    return is_found


class Placed(Protocol):
    """Whatever has a place in a list."""

    position: str
    uid: UUID


def first_found(todos: QuerySet[Todo], query: str, most: int) -> tuple[list[Todo], Placed | None]:
    """Return the first todos that are found, and the last that was looked at, if there are more.

    The database knows nothing of accents, so each todo is looked at here: `LOOKED_AT` at most,
    however long the list is.
    """
    is_found = finder(query)
    found: dict[int, str] = {}  # keys, with the positions
    last = None
    rows = todos.values_list("pk", "position", "uid", *SEARCHED, named=True)[: LOOKED_AT + 1]
    for seen, row in enumerate(rows.iterator()):
        if seen == LOOKED_AT or len(found) == most:
            break
        last = row
        if is_found(*row[3:]):
            found[row.pk] = row.position
    else:
        last = None
    # SQLite may look for them along the list: between the first and the last it is no long way.
    first, final = (min(found.values()), max(found.values())) if found else ("", "")
    return list(todos.filter(pk__in=found, position__gte=first, position__lte=final)), last
