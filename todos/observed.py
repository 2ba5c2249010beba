"""What is stored for whoever runs the server: what was rejected, and how much is synced.

No sync depends on these tables; the admin and `manage.py syncreport` show them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Rejection(models.Model):
    """A todo of a request that was rejected for good, as it came; a resend only counts up.

    What came is kept as JSON text, all in ASCII: it may have characters that no database takes.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="rejections", db_index=False
    )
    digest = models.CharField(max_length=32, editable=False)  # of device, todo and reasons
    device = models.UUIDField(null=True)  # null: the article's client, which has none
    todo = models.CharField(max_length=100, blank=True)  # the id, as it came
    code = models.CharField(max_length=30)
    errors = models.TextField()  # JSON: the code for each field
    payload = models.TextField()  # JSON, cut if it is too long
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="rejection_of_user")]
        indexes = [
            models.Index(fields=["user", "last_seen_at"], name="rejection_by_user"),
            models.Index(fields=["last_seen_at"], name="rejection_by_time"),
            models.Index(fields=["code", "id"], name="rejection_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.todo}"


class Activity(models.Model):
    """How much was synced in one hour, by all people together."""

    hour = models.DateTimeField(primary_key=True)
    syncs = models.PositiveBigIntegerField(default=0)
    pushed = models.PositiveBigIntegerField(default=0)  # todos that came
    pulled = models.PositiveBigIntegerField(default=0)  # todos that went
    rejected = models.PositiveBigIntegerField(default=0)  # todos that were not stored
    conflicts = models.PositiveBigIntegerField(default=0)  # edits that came later than a greater

    class Meta:
        verbose_name = verbose_name_plural = "sync activity"

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:%M}"
