"""What was rejected for good is kept for the operator, as it came: never in the way of an answer.

What the client repeats by itself (a clock that is ahead, a todo that has to be offered whole) is
not kept: the next request settles it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from todos.models import Rejection
from todos.turns import writers_turn

log = logging.getLogger(__name__)

REPEATED = {"clock_ahead", "clock_wrong", "incomplete"}
KEPT = 100  # rejections of each person, the newest
LONGEST = 10_000  # characters of what came


def keep(user: User, device: UUID | None, sent: list[Any], results: list[dict[str, Any]]) -> None:
    """Keep those of a request's todos that were rejected for good, each with its verdict."""
    pairs = zip(sent, results, strict=True)
    final = [(todo, verdict) for todo, verdict in pairs if is_final(verdict)]
    if not final:
        return
    try:
        with writers_turn(), transaction.atomic():
            store(user, [made(user, device, *each) for each in final[-KEPT:]])
            forget_oldest(user)
    except Exception:  # whatever it is, the sync has its answer
        log.exception("What was rejected could not be kept")


def is_final(verdict: dict[str, Any]) -> bool:
    """Tell whether a verdict is one that no repetition changes."""
    if verdict["status"] != "rejected":
        return False
    return verdict["error"] not in REPEATED or not REPEATED.issuperset(verdict["errors"].values())


def made(user: User, device: UUID | None, todo: Any, verdict: dict[str, Any]) -> Rejection:
    """Return the row for a todo that was rejected."""
    now = timezone.now()
    payload, errors = json.dumps(todo), json.dumps(verdict["errors"])
    whole = f"{device} {payload} {errors}"
    return Rejection(
        user=user,
        digest=hashlib.blake2b(whole.encode(), digest_size=16).hexdigest(),
        device=device,
        todo=json.dumps(verdict["id"] or "")[1:-1][:100],
        code=verdict["error"],
        errors=errors[:LONGEST],
        payload=payload[:LONGEST],
        first_seen_at=now,
        last_seen_at=now,
    )


def store(user: User, rejected: list[Rejection]) -> None:
    """Add rows for those that are new, and count the others once more."""
    by_digest = {each.digest: each for each in rejected}
    there = Rejection.objects.filter(user=user, digest__in=by_digest)
    known = set(there.values_list("digest", flat=True))
    there.update(times=models.F("times") + 1, last_seen_at=timezone.now())
    new = [each for digest, each in by_digest.items() if digest not in known]
    Rejection.objects.bulk_create(new, ignore_conflicts=True)


def forget_oldest(user: User) -> None:
    """Keep only the newest of a person's."""
    theirs = Rejection.objects.filter(user=user)
    newest = theirs.order_by("-last_seen_at", "-pk").values_list("pk", flat=True)
    if old := list(newest[KEPT:]):
        theirs.filter(pk__in=old).delete()


def forget_old(before: datetime.datetime) -> int:
    """Delete what has not come again since; return how many."""
    gone, _ = Rejection.objects.filter(last_seen_at__lt=before).delete()
    return gone
