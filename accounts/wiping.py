"""When a device is told to wipe what it keeps: it was signed out from elsewhere, or its account is
gone.

It has no session any more, so it proves by its secret which device it is. Who does not know that,
or the random id of an account, is told what anybody is told who is not logged in.
"""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from django.utils import timezone

from accounts.models import DeletedAccount, Device

ELSEWHERE = "This device was signed out from elsewhere, and keeps nothing any more."
DELETED = "This account was deleted, and this device keeps nothing of it any more."

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def order(said: dict[str, Any]) -> dict[str, Any]:
    """Return what to add to the answer to a device without a session; nothing unless it is to wipe.

    `said` is the body of its request.
    """
    account, uid, secret = (said.get(name) for name in ("account", "device", "secret"))
    if not (is_uuid(account) and is_uuid(uid) and isinstance(secret, str)):
        return {}
    device = Device.objects.filter(user__account=account, uid=uid).first()
    if device is None:
        is_deleted = DeletedAccount.objects.filter(account=account).exists()
        return wipe(DELETED) if is_deleted else {}
    is_to_wipe = device.signed_out_at and not device.has_left
    if not is_to_wipe or not device.is_proved_by(secret):
        return {}
    if not device.wiped_at:
        Device.objects.filter(user=device.user_id, pk=device.pk).update(wiped_at=timezone.now())
    return wipe(ELSEWHERE)


def wipe(message: str) -> dict[str, Any]:
    """Return the order itself, with its sentence for the person."""
    return {"wipe": True, "message": message}


def is_uuid(value: Any) -> TypeGuard[str]:
    """Tell whether a value is an id as the protocol writes it."""
    return isinstance(value, str) and bool(UUID_TEXT.fullmatch(value))
