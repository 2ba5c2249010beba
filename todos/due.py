"""When a todo is due, stored and in words. Twin of static/js/due.mjs.

A day, "2026-12-01", is that day wherever one reads it. A minute, "2026-12-01T09:00Z", is that
minute for all, and each reads it in a time zone of their own. "" is never (decision 30).
"""

from __future__ import annotations

import datetime
import re
from typing import Any, NamedTuple

from django.utils import timezone

FORM = re.compile(  # The last year that there can be has no room for time zones.
    r"(?!9999)[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9]Z)?"
)
LENGTH = 17
INVALID = "A due date is a day, with or without a time."
DAY = datetime.timedelta(days=1)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Read(NamedTuple):
    """What a reader sees: a day, and the time if there is one."""

    day: datetime.date
    time: str = ""


class Told(NamedTuple):
    """What is said of a todo on its row, and whether it is overdue or for today."""

    says: str
    when: str


def check(value: Any) -> str | None:
    """Return the code of what is wrong with a due date, or None."""
    if value == "":
        return None
    if not isinstance(value, str) or not FORM.fullmatch(value):
        return "due_invalid"
    try:
        datetime.date.fromisoformat(value[:10])
    except ValueError:  # no month has that day
        return "due_invalid"
    return None


def moment(value: str) -> datetime.datetime | datetime.date:
    """Return the minute that is stored, or the day if it is one."""
    if len(value) == 10:
        return datetime.date.fromisoformat(value)
    return datetime.datetime.fromisoformat(value)


def read(value: str) -> Read:
    """Return what is stored as it is read in Django's current time zone."""
    stored = moment(value)
    if not isinstance(stored, datetime.datetime):
        return Read(stored)
    return at(stored)


def at(time: datetime.datetime) -> Read:
    """Return a time as it is read in Django's current time zone."""
    here = timezone.localtime(time)
    return Read(here.date(), f"{here:%H:%M}")


def stored(day: str, time: str, zone: datetime.tzinfo) -> str:
    """Return what is to be stored of what was typed in a time zone; of nonsense something that
    `check` refuses."""
    if not time or not day or check(day) or check(f"2000-01-01T{time}Z"):
        return f"{day}T{time}" if time else day
    here = datetime.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone)
    return f"{here.astimezone(datetime.UTC):%Y-%m-%dT%H:%MZ}"


def told(value: str, completed: bool, now: datetime.datetime) -> Told:
    """Return what is said of a todo in Django's current time zone; what is done is not overdue."""
    return in_words(read(value), completed, at(now)) if value else Told("", "")


def in_words(due: Read, completed: bool, now: Read) -> Told:
    """Return what is said of a todo, all in one time zone."""
    day, is_today = near(due.day, now.day), due.day == now.day
    is_over = due.day < now.day or (is_today and due.time and due.time <= now.time)
    if is_over and not completed:
        return Told(f"Overdue since {due.time if is_today else day}", "overdue")
    return Told(f"Due {day} {due.time}".strip(), "today" if is_today and not completed else "")


def near(day: datetime.date, today: datetime.date) -> str:
    """Name a day as one does today."""
    names = {today - DAY: "yesterday", today: "today", today + DAY: "tomorrow"}
    return names.get(day) or dated(day, with_year=day.year != today.year)


def dated(day: datetime.date, with_year: bool = True) -> str:
    """Name a day by its date."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if with_year else "")


def named(value: str) -> str:
    """Return a due date as a sentence names it."""
    if not value:
        return "nothing"
    due = read(value)
    return f"{dated(due.day)} {due.time}".strip()


def tell(value: str, before: str | None, is_new: bool) -> str | None:
    """Say what became of a due date."""
    if value:
        return f"Due date set to {named(value)}."
    return "Due date removed." if before else None
