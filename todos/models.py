"""What is stored: each person's todos, what those replaced, and how far each list has come.

Nothing changes these tables but `todos.sync.writing`, so that the numbers, the counts and the
history always fit the rows (`SyncState.of` only makes an empty list). Constraints and indexes lead
with the user (hence `db_index=False`: the foreign key's own index would only repeat one of them),
but for three, which todos/tests/test_tables.py names. Primary keys are plain numbers: they are
those of one database, and no device knows one.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from accounts.models import User
from simplesync.found import found
from todos import due, merge
from todos.due import Told
from todos.fields import FIELDS, MORE
from todos.merge import Version
from todos.observed import Activity as Activity  # models, too
from todos.observed import Rejection as Rejection


class BytesCharField(models.CharField):  # type: ignore[type-arg]  # it takes none when this runs
    """Text that the database orders by its bytes, as `<` does in Python and JavaScript (M11)."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":  # SQLite's own order is by bytes
            parameters["collation"] = "C"
        return parameters


class StampField(BytesCharField):
    """The stamp of the edit that set a field; empty before any did."""

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {"max_length": 37, "blank": True, "default": ""}
        super().__init__(**usual | options)


STAMPS = tuple(f"{field}_stamp" for field in FIELDS)  # the columns beside those of the fields
HEADS_KEPT = 1_000
HEADS_KEPT_FOR = datetime.timedelta(days=30)


def new_token() -> str:
    """Return a random token for the log of heads."""
    return secrets.token_hex(8)


class SyncState(models.Model):
    """How far one person's list has come, and what would otherwise be counted for every page.

    Locking this row is what puts one person's writes in a row, one after the other.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    head = models.BigIntegerField(default=0)  # the number of the latest change
    token = models.CharField(max_length=16, default=new_token)  # of that entry in the log of heads
    greatest_stamp = StampField()
    live = models.IntegerField(default=0)
    completed = models.IntegerField(default=0)  # of the live ones
    digest = models.BigIntegerField(default=0)  # sum of the live ones' fingerprints, modulo 2^32
    history_begins = models.BigIntegerField(default=0)  # Unix ms: older entries were pruned

    def __str__(self) -> str:
        return f"{self.user} at {self.head}"

    @property
    def active(self) -> int:
        """How many live todos are not completed."""
        return self.live - self.completed

    @classmethod
    def of(cls, user: User) -> SyncState:
        """Return the person's row, made at first need together with number 0 of the log (R4)."""
        state = cls.stored(user)
        if state is None:
            with transaction.atomic():
                state, made = cls.objects.get_or_create(user=user)
                if made:
                    Head.objects.create(user=user, number=0, token=state.token)
        return state

    @classmethod
    def locked(cls, user: User) -> SyncState:
        """Return the same for the rest of the transaction, in which nobody else can write."""
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        state = cls.stored(user, lock)
        if state is None:
            cls.of(user)
            return cls.locked(user)
        return state

    @classmethod
    def stored(cls, user: User, lock: str = "") -> SyncState | None:
        """Return the person's row if there is one."""
        return found(cls, f'"user_id" = %s{lock}', user.pk)

    def move(self, head: int) -> None:
        """Set the number of the latest change, under a new token (R4)."""
        self.head, self.token = head, new_token()

    def count(self, version: Version, by: int) -> None:
        """Add (`by` 1) or take away (`by` -1) one version of a todo."""
        if version["clocks"] and not version["deleted"]:
            self.live += by
            self.completed += by * version["completed"]
            self.digest = (self.digest + by * merge.fingerprint(version)) % 2**32


class Head(models.Model):
    """One entry of the log: the number at which a write ended, with a token that no other has.

    A cursor carries such a pair. A database restored from a backup, or another one, does not have
    it, and so notices that the cursor comes from a future that it never knew (rule R4).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="heads", db_index=False
    )
    number = models.BigIntegerField()
    token = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "number"], name="head_of_user")]

    def __str__(self) -> str:
        return f"{self.number} {self.token}"

    @classmethod
    def trim_now_and_then(cls, user_id: int) -> None:
        """Trim one person's log after one of many writes."""
        if secrets.randbelow(HEADS_KEPT // 10) == 0:
            cls.trim(user_id)

    @classmethod
    def trim(cls, user_id: int) -> None:
        """Let go of old entries of one person's log: each was for a device that was away.

        The newest `HEADS_KEPT` stay, those of the last `HEADS_KEPT_FOR`, and number 0 (R4).
        """
        heads = cls.objects.filter(user=user_id)
        newest = heads.order_by("-number").values_list("number", flat=True)
        last = newest[HEADS_KEPT - 1 : HEADS_KEPT].first()
        if last is not None:
            old = timezone.now() - HEADS_KEPT_FOR
            heads.filter(number__gt=0, number__lt=last, created_at__lt=old).delete()


def version_of(uid: str, values: Iterable[Any], stamps: Iterable[str]) -> Version:
    """Return a todo as it goes over the wire; a field never set has no stamp, and is left out if a
    todo can do without it."""
    clocks: dict[str, str] = {}
    version: Version = {"id": uid}
    for field, value, stamp in zip(FIELDS, values, stamps, strict=True):
        if stamp:
            clocks[field] = stamp
        if stamp or field not in MORE:
            version[field] = value
    version["clocks"] = clocks
    return version


class Todo(models.Model):
    """One todo as it stands: each field beside the stamp of the edit that set it.

    A row is never deleted: a tombstone keeps a late edit from bringing the todo back (M3).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="todos", db_index=False
    )
    uid = models.UUIDField("id", editable=False)  # made by the client, unique for its user only
    text = models.TextField(blank=True)
    text_stamp = StampField()
    completed = models.BooleanField(default=False)
    completed_stamp = StampField()
    position = BytesCharField(max_length=100, blank=True)
    position_stamp = StampField()
    deleted = models.BooleanField(default=False)
    deleted_stamp = StampField()
    conflict = models.BooleanField(default=False)  # two edits met, and nobody has looked (M12)
    conflict_stamp = StampField()
    notes = models.TextField(blank=True, default="", db_default="")
    notes_stamp = StampField(db_default="")
    due = models.CharField(max_length=due.LENGTH, blank=True, default="", db_default="")
    due_stamp = StampField(db_default="")
    change = models.BigIntegerField()  # its number in the user's sequence of changes
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)  # shown to people, orders nothing
    # Of a deleted todo that has something left to be emptied: when it was last heard of (M3).
    trashed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "todo"
        constraints = [
            models.UniqueConstraint(fields=["user", "uid"], name="todo_of_user"),
            models.UniqueConstraint(fields=["user", "change"], name="todo_by_change"),
        ]
        indexes = [
            models.Index(
                fields=["user", "position", "uid"],
                condition=models.Q(deleted=False),
                name="live_by_position",
            ),
            models.Index(
                fields=["user", "completed", "position", "uid"],
                condition=models.Q(deleted=False),
                name="live_by_completed",
            ),
            models.Index(
                fields=["user", "change"],
                condition=models.Q(deleted=False),
                name="live_by_change",
            ),
            models.Index(
                fields=["user", "trashed_at", "change"],
                condition=models.Q(trashed_at__isnull=False),
                name="trashed_by_time",
            ),
            # For the admin: what is not deleted does not touch it.
            models.Index(fields=["id"], condition=models.Q(deleted=True), name="deleted_by_id"),
        ]

    def __str__(self) -> str:
        return self.text or f"(no text) {self.uid}"

    def version(self) -> Version:
        """Return the todo as it goes over the wire."""
        values = [getattr(self, field) for field in FIELDS]
        return version_of(str(self.uid), values, [getattr(self, stamp) for stamp in STAMPS])

    def due_in_words(self) -> Told:
        """Return what the row says of when the todo is due."""
        return due.told(self.due, self.completed, timezone.now())

    def clocks(self) -> str:
        """Return the stamps as JSON, for the row on the page (C3)."""
        return json.dumps(self.version()["clocks"])


class Revision(models.Model):
    """A value that stopped being current, or came too late to become it (rule M2)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="revisions", db_index=False
    )
    todo = models.ForeignKey(Todo, models.CASCADE, related_name="revisions", db_index=False)
    field = models.CharField(max_length=30)
    value = models.JSONField()
    value_digest = models.CharField(max_length=32, editable=False)
    stamp = StampField(default=None)
    created_at = models.DateTimeField(auto_now_add=True)  # when it was replaced
    conflict = models.BooleanField(default=False)  # by one who had not seen it, or the reverse

    class Meta:
        constraints = [
            # A digest stands for the value: an index takes no text of any length.
            models.UniqueConstraint(
                fields=["todo", "field", "stamp", "value_digest"], name="revision_once"
            )
        ]
        indexes = [
            models.Index(fields=["user", "todo", "stamp"], name="revision_by_stamp"),
            models.Index(fields=["user", "created_at"], name="revision_by_age"),
            models.Index(fields=["id"], condition=models.Q(conflict=True), name="conflict_by_id"),
            models.Index(
                fields=["user", "id"], condition=models.Q(conflict=True), name="conflict_of_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"

    @staticmethod
    def digest_of(value: Any) -> str:
        """Return what stands for a value where each is kept once."""
        return hashlib.blake2b(json.dumps(value).encode(), digest_size=16).hexdigest()


class Conflict(Revision):
    """A revision that lost in a conflict, for a page of its own in the admin, which adds to it."""

    makers: list[str]  # of the value that lost, and of the one that replaced it
    next_stamp: str | None  # of the revision that replaced it; null: it is the one that stands
    next_value: Any

    class Meta:
        proxy = True


class WrongClock(models.Model):
    """A node that stamped far into the future: what it says of a time after `after` is not stored.

    Its edits were stamped anew by another node, so what still comes under the old stamps is a late
    copy (rule S5).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wrong_clocks", db_index=False
    )
    node = models.CharField(max_length=16)
    after = models.BigIntegerField()  # Unix time in ms

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "node"], name="clock_of_user")]

    def __str__(self) -> str:
        return self.node
