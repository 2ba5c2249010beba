"""A person's list for tests: made through the write path, read from the tables."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from todos import origins, sync
from todos.models import Revision, SyncState, Todo
from todos.uuid7 import uuid7


def add(user, *texts, **values):
    """Append todos and return them; `values` are edits of each, such as completed=True."""
    uids = [uuid7() for _ in texts]
    for uid, text in zip(uids, texts, strict=True):
        sync.add(user, uid, text, origins.FORM)
    if values:
        sync.edit(user, dict.fromkeys(uids, values), origins.FORM)
    return [Todo.objects.get(user=user, uid=uid) for uid in uids]


def add_many(device, count, **values):
    """Push many todos at once, in their order."""
    device.sync(*(device.new(f"Todo {n:03}", position=f"b{n:03}", **values) for n in range(count)))


def edit(todo, **values):
    """Change a todo behind a page's back."""
    sync.edit(todo.user, {todo.uid: values}, origins.COMMAND)


def age(days):
    """Let all that was done so far have happened so many days ago."""
    then = timezone.now() - datetime.timedelta(days=days)
    Todo.objects.update(updated_at=then)
    Todo.objects.exclude(trashed_at=None).update(trashed_at=then)
    Revision.objects.update(created_at=then)


def texts(user):
    """Return the texts of the live todos, in their order."""
    live = Todo.objects.filter(user=user, deleted=False).order_by("position", "uid")
    return list(live.values_list("text", flat=True))


def head(user):
    """Return the number of the latest change."""
    return SyncState.of(user).head


def fresh(todo):
    """Return the todo as it stands now."""
    return Todo.objects.get(pk=todo.pk)


def some_uid():
    """Return an id that no todo has."""
    return uuid.UUID("0190a0a0-0000-7000-8000-00000000000f")
