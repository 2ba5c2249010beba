"""The devices of a person: noticed when they sync."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.utils import timezone

from accounts.models import Device, digest_of

SEEN_AGAIN_AFTER = datetime.timedelta(minutes=1)  # not a write for each poll


def notice(user, uid: UUID, secret: str, user_agent: str) -> None:
    """Note that a device of this person is syncing; make it known at its first time.

    One that gives a wrong secret is not who it says it is: its request is the person's all the
    same (the session proves that), but the device's row stays as it is.
    """
    now = timezone.now()
    agent = user_agent.replace("\0", "")[:200]  # PostgreSQL takes no NUL
    device, made = Device.objects.get_or_create(
        user=user,
        uid=uid,
        defaults={
            "secret_digest": digest_of(secret),
            "user_agent": agent,
            "last_seen_at": now,
        },
    )
    old = not made and now - device.last_seen_at > SEEN_AGAIN_AFTER
    if old and device.is_proved_by(secret):
        device.user_agent, device.last_seen_at = agent, now
        device.save()
