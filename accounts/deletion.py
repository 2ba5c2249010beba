"""Deleting an account: everything goes, in one transaction, but the random id that it had."""

from __future__ import annotations

from axes.utils import reset
from django.db import transaction

from accounts import sessions
from accounts.models import DeletedAccount, User
from todos.erasing import erase
from todos.turns import writers_turn


def delete_account(user: User) -> None:
    """Delete a person with all that is theirs; each of their devices learns at its next sync.

    Sessions in browsers that never synced are nobody's then. Their rows hold a number only, and go
    with `manage.py clearsessions` when they have run out.
    """
    with writers_turn(), transaction.atomic():
        erase(user)
        sessions.end(
            list(user.devices.exclude(session_key="").values_list("session_key", flat=True))
        )
        DeletedAccount.objects.create(account=user.account)
        reset(username=user.get_username())  # its failed log-ins
        sessions.tell(user.pk)
        user.delete()
