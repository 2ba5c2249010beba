"""The sessions of a person, and how they end from elsewhere.

Django's sessions do not say whose they are. What ends one is that its device has kept its key; what
ends all is a value that each of them has to know (`User.session_salt`). A device that was signed
out is told so at its next sync, and then wipes what it keeps (accounts/wiping.py).
"""

from __future__ import annotations

import time
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import Signal, receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Device, User
from accounts.requests import PersonRequest

BEGAN = "began"  # in the session: when it did, Unix time in s

sessions_ended = Signal()  # sent after a commit, with the person's key


@receiver(user_logged_in)
def note_beginning(request: HttpRequest, **signal: object) -> None:
    """Let a session know when it began: one that began before its device was signed out is over."""
    request.session[BEGAN] = time.time()


def this_device(request: PersonRequest) -> QuerySet[Device]:
    """Return the device of this browser: by its cookie, or by the session of its last sync."""
    account, _, uid = request.COOKIES.get("device", "").partition(".")
    is_own = Q(session_key=request.session.session_key)
    if account == str(request.user.account) and is_uuid(uid):
        is_own |= Q(uid=uid)
    return Device.objects.filter(is_own, user=request.user)


def is_uuid(text: str) -> bool:
    """Tell whether a text is the id of a device."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def sign_out(user: User, devices: QuerySet[Device]) -> None:
    """End the sessions of some of a person's devices, which are to wipe what they keep."""
    with transaction.atomic():
        end([key for key in devices.values_list("session_key", flat=True) if key])
        devices.update(signed_out_at=timezone.now(), wiped_at=None)
        tell(user.pk)


def sign_out_others(request: PersonRequest) -> None:
    """Sign out all of a person's devices but this one, and end all sessions but this one.

    Those of browsers that have never synced, too.
    """
    user = request.user
    with transaction.atomic():
        own = list(this_device(request).values_list("pk", flat=True))
        others = Device.objects.filter(user=user, signed_out_at=None).exclude(pk__in=own)
        sign_out(user, others)
        user.end_sessions()
        update_session_auth_hash(request, user)  # all but this one, which gets another key
        key = request.session.session_key
        Device.objects.filter(user=user, pk__in=own).update(session_key=key)


def leave(request: PersonRequest) -> None:
    """Note that this browser has signed out by itself, and keeps nothing."""
    now = timezone.now()
    this_device(request).update(signed_out_at=now, wiped_at=now)


def end(keys: list[str]) -> None:
    """End sessions by their keys."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in keys:
        store.delete(key)


def tell(user_id: int) -> None:
    """Send the person's devices away that wait for events: each syncs, and learns."""
    transaction.on_commit(lambda: sessions_ended.send(sender=Device, user_id=user_id), robust=True)
