"""Deleting all that a person has here: the one exception to M3, since no device is left of theirs
that could bring anything back (todos/api.py answers none of them).
"""

from __future__ import annotations

from accounts.models import User
from todos import rows
from todos.models import Head, Revision, SyncState, Todo, WrongClock


def erase(user: User) -> None:
    """Delete a person's todos and their history, in the caller's transaction.

    By SQL: Django would load each todo to see what hangs on it.
    """
    SyncState.locked(user)  # nobody writes meanwhile
    for model in (Revision, Todo, Head, WrongClock, SyncState):
        rows.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "user_id" = %s', [(user.pk,)])
