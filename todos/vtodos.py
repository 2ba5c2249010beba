"""A list as iCalendar (RFC 5545), for other programs: a VTODO for each todo.

Only what is live, and without its history: it is a copy to be read, not a backup.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone
from icalendar import Calendar
from icalendar import Todo as VTodo

from accounts.models import User
from todos import due, hlc, merge
from todos.models import Todo

AT_ONCE = 500  # rows in one query
PRODUCT = "-//SimpleSync//Todos//EN"
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # of RFC 5545: control characters


def calendar(user: User) -> Iterator[str]:
    """Write a person's live todos, in the order of the list."""
    frame = Calendar()
    frame.add("prodid", PRODUCT)
    frame.add("version", "2.0")
    opening, closing = written(frame).split("END:VCALENDAR")
    now = timezone.now()
    yield opening
    for place, todo in enumerate(in_order(user), start=1):
        yield written(vtodo(todo, place, now))
    yield f"END:VCALENDAR{closing}"


def in_order(user: User) -> Iterator[Todo]:
    """Give the live todos in their order, a batch at a time, by the index of the list."""
    todos = Todo.objects.filter(user=user, deleted=False).order_by("position", "uid")
    batch = list(todos[:AT_ONCE])
    while batch:
        yield from batch
        last = batch[-1]
        after = todos.filter(position__gte=last.position)
        batch = list(after.exclude(position=last.position, uid__lte=last.uid)[:AT_ONCE])


def vtodo(todo: Todo, place: int, now: datetime.datetime) -> VTodo:
    """Return one todo; `place` is its place in the list, for those who know Apple's property."""
    version = todo.version()
    entry = VTodo()
    entry.add("uid", str(todo.uid))
    entry.add("dtstamp", now)
    entry.add("summary", NO_TEXT.sub("", todo.text))
    if todo.due:
        entry.add("due", due.moment(todo.due))
    if todo.notes:
        entry.add("description", NO_TEXT.sub("", todo.notes))
    entry.add("status", "COMPLETED" if todo.completed else "NEEDS-ACTION")
    if todo.completed:
        entry.add("completed", moment(hlc.ms_of(todo.completed_stamp), now))
        entry.add("percent-complete", 100)
    entry.add("created", made_at(todo.uid, now) or todo.created_at)
    entry.add("last-modified", moment(merge.updated_at(version), now))
    entry.add("x-apple-sort-order", place)
    return entry


def made_at(uid: UUID, now: datetime.datetime) -> datetime.datetime | None:
    """Return when an id was made, if it says so: one of version 7 does, in its first 48 bits."""
    return moment(uid.int >> 80, now) if uid.version == 7 else None


def moment(ms: int, now: datetime.datetime) -> datetime.datetime:
    """Return a time from Unix time in ms; clocks that are ahead make none that is still to come."""
    return datetime.datetime.fromtimestamp(min(ms / 1000, now.timestamp()), datetime.UTC)


def written(component: Calendar | VTodo) -> str:
    """Return a part of the file."""
    text: bytes = component.to_ical()
    return text.decode()
