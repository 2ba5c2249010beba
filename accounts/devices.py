"""The devices of a person: noticed when they sync."""

from __future__ import annotations

import datetime
import logging
from typing import NamedTuple
from uuid import UUID

from django.db import DatabaseError, models
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Device, User, digest_of

log = logging.getLogger(__name__)

SEEN_AGAIN_AFTER = datetime.timedelta(minutes=1)  # not a write for each poll
TOLD_FOR = datetime.timedelta(days=30)
MOST_LISTED = 100


class SignedOut(Exception):
    """The device was signed out from elsewhere since its session began."""


class Session(NamedTuple):
    """The session in which a device syncs: its key, and when it began (Unix time in s)."""

    key: str = ""
    began: float = 0


def notice(
    user: User,
    uid: UUID,
    secret: str,
    user_agent: str,
    replaces: UUID | None = None,
    *,
    persisted: bool | None = None,
    session: Session = Session(),  # noqa: B008  (it is immutable)
) -> Device | None:
    """Note that a device of this person is syncing, and return it; make it known at its first time.

    `replaces` is the device that this browser was before it lost its store; `persisted` whether the
    browser keeps the store until its person says otherwise (None: it does not say).

    One that gives a wrong secret is not who it says it is: its request is the person's all the
    same (the session proves that), but the device's row stays as it is, and None is returned.
    Raises SignedOut.
    """
    now = timezone.now()
    is_of_now = {"user_agent": user_agent.replace("\0", "")[:200], "last_seen_at": now}
    said: dict[str, str | bool] = {"session_key": session.key}
    if persisted is not None:
        said["persisted"] = persisted
    device = Device.stored(user, uid)
    if device is None:
        first = {"secret_digest": digest_of(secret), "replaces": replaces}
        device, made = Device.objects.get_or_create(
            user=user, uid=uid, defaults=is_of_now | said | first
        )
        if made and replaces:
            count_loss(device, replaces)
        return device if device.is_proved_by(secret) else None
    if not device.is_proved_by(secret):
        return None
    changes: dict[str, str | bool | None]
    changes = {name: value for name, value in said.items() if getattr(device, name) != value}
    if device.signed_out_at:  # its person has logged in since, or else it is to go
        changes |= {"signed_out_at": None, "wiped_at": None}
    is_due = now - device.last_seen_at > SEEN_AGAIN_AFTER  # nearly every poll writes nothing
    if not (changes or is_due):
        return device
    if device.signed_out_at and session.began < device.signed_out_at.timestamp():
        raise SignedOut
    # Only if it has not been signed out since it was read: then the next sync will see that.
    unchanged = Device.objects.filter(user=user, pk=device.pk, signed_out_at=device.signed_out_at)
    unchanged.update(**changes, **is_of_now)
    return device


def listed(user: User) -> list[Device]:
    """Return the devices that a person is shown, the latest first.

    Not those that signed out by themselves; those that were signed out from elsewhere for a while
    after they were told to wipe what they keep.
    """
    told = models.Q(wiped_at__gt=timezone.now() - TOLD_FOR)
    shown = models.Q(wiped_at=None) | told & ~models.Q(wiped_at=models.F("signed_out_at"))
    return list(Device.objects.filter(shown, user=user).order_by("-last_seen_at")[:MOST_LISTED])


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


def count_loss(device: Device, replaced: UUID) -> None:
    """Note that a browser had lost its store, once more than the device that it was before."""
    earlier = Device.objects.filter(user=device.user_id, uid=replaced)
    before = earlier.first()
    earlier.update(session_key="")  # it is the other's now
    device.losses = before.losses + 1 if before else 1
    device.save(update_fields=["losses"])
    log.warning("%s has lost its store, and is filled again as %s", replaced, device.uid)


def count_divergence(user: User, uid: UUID) -> None:
    """Note that a device did not hold just what the server does."""
    Device.objects.filter(user=user, uid=uid).update(divergences=models.F("divergences") + 1)
    log.warning("%s did not hold what the server does, and is synced from the start", uid)
