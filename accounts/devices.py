"""The devices of a person: noticed when they sync."""

from __future__ import annotations

import datetime
import logging
from uuid import UUID

from django.db import DatabaseError, models
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Device, digest_of

log = logging.getLogger(__name__)

SEEN_AGAIN_AFTER = datetime.timedelta(minutes=1)  # not a write for each poll


def notice(
    user, uid: UUID, secret: str, user_agent: str, replaces: UUID | None = None
) -> Device | None:
    """Note that a device of this person is syncing, and return it; make it known at its first time.

    `replaces` is the device that this browser was before it lost its store.

    One that gives a wrong secret is not who it says it is: its request is the person's all the
    same (the session proves that), but the device's row stays as it is, and None is returned.
    """
    now = timezone.now()
    agent = user_agent.replace("\0", "")[:200]  # PostgreSQL takes no NUL
    device = Device.stored(user, uid)
    if device is None:
        device, made = Device.objects.get_or_create(
            user=user,
            uid=uid,
            defaults={
                "secret_digest": digest_of(secret),
                "user_agent": agent,
                "last_seen_at": now,
                "replaces": replaces,
            },
        )
        if made and replaces:
            count_loss(device)
    elif not device.is_proved_by(secret):
        return None
    elif now - device.last_seen_at > SEEN_AGAIN_AFTER:
        device.user_agent, device.last_seen_at = agent, now
        device.save(update_fields=["user_agent", "last_seen_at"])
    return device


def note_error(device: Device | None, code: str) -> None:
    """Note what a device was last told that went wrong; the same again once a minute at most."""
    if device is None:
        return
    now = timezone.now()
    since = now - device.last_error_at if device.last_error_at else None
    if code != device.last_error or since is None or since > SEEN_AGAIN_AFTER:
        Device.objects.filter(pk=device.pk).update(last_error=code, last_error_at=now)


def note_refusal(request: HttpRequest, code: str) -> None:
    """Note that a whole request was refused, if its cookie names a device of its person's."""
    account, _, uid = request.COOKIES.get("device", "").partition(".")
    if code == "busy" or not uid:  # the database has enough to do
        return
    try:
        if request.user.is_authenticated and account == str(request.user.account):
            note_error(Device.stored(request.user, UUID(uid)), code)
    except (ValueError, DatabaseError) as error:
        log.warning("%s was not noted: %s", code, error)


def count_loss(device: Device) -> None:
    """Note that a browser had lost its store, once more than the device that it was before."""
    before = Device.objects.filter(user=device.user_id, uid=device.replaces).first()
    device.losses = before.losses + 1 if before else 1
    device.save(update_fields=["losses"])
    log.warning("%s has lost its store, and is filled again as %s", device.replaces, device.uid)


def count_divergence(user, uid: UUID) -> None:
    """Note that a device did not hold just what the server does."""
    Device.objects.filter(user=user, uid=uid).update(divergences=models.F("divergences") + 1)
    log.warning("%s did not hold what the server does, and is synced from the start", uid)
