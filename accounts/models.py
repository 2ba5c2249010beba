"""People, and the devices from which they sync."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from accounts.device_names import name_of
from simplesync.found import found


class User(AbstractUser):
    """A person, by Django's auth, with the id that names their account to browsers.

    `account` is random and no key of the database: in a database made anew, the next person's
    primary key would be the same, and a browser would take one for the other.
    """

    account = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Goes into what each session has to know, beside the password: another one ends them all.
    session_salt = models.CharField(max_length=32, blank=True, default="", editable=False)

    def get_session_auth_hash(self) -> str:
        """Return what a session of this person has to know."""
        return super().get_session_auth_hash() + self.session_salt

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return what it had to know under former secret keys of the site."""
        return (known + self.session_salt for known in super().get_session_auth_fallback_hash())

    def end_sessions(self) -> None:
        """End all sessions of this person, those in browsers that never synced, too."""
        self.session_salt = secrets.token_hex(16)
        self.save(update_fields=["session_salt"])


class DeletedAccount(models.Model):
    """An account that was deleted, and nothing else of whose it was.

    A device of it may then be told to wipe what it keeps. Of an account that this database merely
    does not know, restored from an older backup say, it cannot be known.
    """

    account = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.account)


class Device(models.Model):
    """A browser (profile) that has synced: its own id, and the digest of its secret.

    The device makes both. The secret proves, once there is no session any more, that it is the
    device that it says it is; the id alone is no secret, since it begins every stamp's node.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="devices", db_index=False)
    uid = models.UUIDField()
    prefix = models.CharField(max_length=8, editable=False)  # first half of its stamps' nodes
    secret_digest = models.CharField(max_length=64, editable=False)
    name = models.CharField(max_length=60, blank=True)  # as its person calls it
    user_agent = models.CharField(max_length=200, blank=True)
    persisted = models.BooleanField(null=True)  # whether its browser keeps the store; null: unsaid
    session_key = models.CharField(max_length=40, blank=True, editable=False)  # it last synced in
    signed_out_at = models.DateTimeField(null=True, blank=True)  # and is to wipe what it keeps
    wiped_at = models.DateTimeField(null=True, blank=True)  # it was told to, or did by itself
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()
    replaces = models.UUIDField(null=True, blank=True)  # the device whose store this browser lost
    losses = models.PositiveIntegerField(default=0)  # how often that has happened to it
    position = models.BigIntegerField(null=True, blank=True)  # it was sent all up to this number
    last_error = models.CharField(max_length=30, blank=True)  # a code of the protocol
    last_error_at = models.DateTimeField(null=True, blank=True)
    divergences = models.PositiveIntegerField(default=0)  # found by the self-check, and healed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "uid"], name="device_of_user")]
        indexes = [models.Index(fields=["user", "prefix"], name="device_by_prefix")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prefix = self.uid.hex[:8]
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """What to call it: by its own name, by its browser, or by its id."""
        return self.name or name_of(self.user_agent) or str(self.uid)

    @property
    def has_left(self) -> bool:
        """Whether it was its own person there who signed it out: it has wiped what it kept."""
        return self.signed_out_at is not None and self.signed_out_at == self.wiped_at

    @classmethod
    def stored(cls, user: User, uid: uuid.UUID) -> Device | None:
        """Return a person's device if it is known."""
        return found(cls, '"user_id" = %s AND "uid" = %s', user.pk, uid.hex)

    def behind(self, head: int) -> int | None:
        """Return how many changes it was not sent yet; None while that is not known."""
        return None if self.position is None else max(0, head - self.position)

    def is_proved_by(self, secret: str) -> bool:
        """Tell whether `secret` is this device's."""
        return secrets.compare_digest(self.secret_digest, digest_of(secret))


def digest_of(secret: str) -> str:
    """Return what is stored of a device's secret; it is random and long, so plain SHA-256 does."""
    return hashlib.sha256(secret.encode()).hexdigest()
