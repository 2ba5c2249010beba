"""People, and the devices from which they sync."""

from __future__ import annotations

import hashlib
import secrets
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person, by Django's auth, with the id that names their account to browsers.

    `account` is random and no key of the database: in a database made anew, the next person's
    primary key would be the same, and a browser would take one for the other.
    """

    account = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)


class Device(models.Model):
    """A browser (profile) that has synced: its own id, and the digest of its secret.

    The device makes both. The secret proves, once there is no session any more, that it is the
    device that it says it is; the id alone is no secret, since it begins every stamp's node.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="devices", db_index=False)
    uid = models.UUIDField()
    prefix = models.CharField(max_length=8, editable=False)  # first half of its stamps' nodes
    secret_digest = models.CharField(max_length=64, editable=False)
    user_agent = models.CharField(max_length=200, blank=True)
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
        return self.user_agent or str(self.uid)

    def save(self, *args, **kwargs) -> None:
        self.prefix = self.uid.hex[:8]
        super().save(*args, **kwargs)

    @classmethod
    def stored(cls, user, uid: uuid.UUID) -> Device | None:
        """Return a person's device if it is known; its SQL is not built anew for each request."""
        rows = cls.objects.raw(
            f'SELECT * FROM "{cls._meta.db_table}" WHERE "user_id" = %s AND "uid" = %s',
            [user.pk, uid.hex],
        )
        return next(iter(rows), None)

    def behind(self, head: int) -> int | None:
        """Return how many changes it was not sent yet; None while that is not known."""
        return None if self.position is None else max(0, head - self.position)

    def is_proved_by(self, secret: str) -> bool:
        """Tell whether `secret` is this device's."""
        return secrets.compare_digest(self.secret_digest, digest_of(secret))


def digest_of(secret: str) -> str:
    """Return what is stored of a device's secret; it is random and long, so plain SHA-256 does."""
    return hashlib.sha256(secret.encode()).hexdigest()
