"""What support needs to know of one person's sync, without a word of what is in the todos."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Max, Min

from accounts.models import Device, User
from todos import merge
from todos.fields import FIELDS
from todos.models import STAMPS, Head, Rejection, Revision, SyncState, Todo, WrongClock, version_of

TRIES = 5  # to read a list while nobody writes to it


class Recounted(NamedTuple):
    """What the rows of a list come to, beside what is kept of it."""

    live: int
    completed: int
    digest: int
    deleted: int
    last_change: int


def recount(user: User) -> Recounted:
    """Count and sum up a person's rows one by one."""
    live = completed = digest = deleted = last_change = 0
    columns = ("uid", "change", *FIELDS, *STAMPS)
    rows = Todo.objects.filter(user=user).values_list(*columns)
    for uid, change, *rest in rows.iterator(chunk_size=2_000):
        version = version_of(str(uid), rest[: len(FIELDS)], rest[len(FIELDS) :])
        last_change = max(last_change, change)
        if version["deleted"]:
            deleted += 1
        else:
            live += 1
            completed += version["completed"]
            digest = (digest + merge.fingerprint(version)) % 2**32
    return Recounted(live, completed, digest, deleted, last_change)


def settled(user: User) -> tuple[SyncState, Recounted, bool]:
    """Return what is kept of a list and what its rows come to, and whether both are of one time."""
    for _ in range(TRIES):
        state, found = SyncState.of(user), recount(user)
        if SyncState.of(user).token == state.token:
            return state, found, True
    return state, found, False


def lines(user: User) -> Iterator[str]:
    """Give the report, line by line."""
    state, found, at_rest = settled(user)
    yield from about_person(user)
    yield from about_list(state, found, at_rest)
    yield from about_devices(user, state)
    yield from about_rejections(user)
    yield from about_history(user)


def about_person(user: User) -> Iterator[str]:
    """Tell who it is."""
    yield f"{user.get_username()}: key {user.pk}, account {user.account}"
    active = "active" if user.is_active else "NOT ACTIVE"
    yield f"  {active}, joined {at(user.date_joined)}, last log-in {at(user.last_login)}"


def about_list(state: SyncState, found: Recounted, at_rest: bool) -> Iterator[str]:
    """Tell where the list stands, and whether what is kept of it fits its rows."""
    yield f"List: head {state.head}, {state.live} live, {found.deleted} deleted"
    if not at_rest:
        yield "  it is being written to all the time: what follows may be of different moments"
    yield f"  live: {fits(state.live, found.live)}"
    yield f"  completed: {fits(state.completed, found.completed)}"
    yield f"  digest: {fits(state.digest, found.digest)}"
    yield f"  latest change: {fits(state.head, found.last_change)}"


def fits(kept: int, counted: int) -> str:
    """Tell whether what is kept is what the rows come to."""
    if kept == counted:
        return f"{kept}, fits the rows"
    return f"{kept} is kept, but the rows come to {counted}: DOES NOT FIT"


def about_devices(user: User, state: SyncState) -> Iterator[str]:
    """Tell how each device is doing, the one seen last first."""
    devices = Device.objects.filter(user=user).order_by("-last_seen_at")
    yield f"Devices: {len(devices)}"
    for device in devices:
        yield f"  {device.uid} {device.user_agent}"
        lag = device.behind(state.head)
        known = "not known how far" if lag is None else f"{lag} changes"
        yield f"    last seen {at(device.last_seen_at)}, {known} behind"
        error = device.last_error or "none"
        when = f" at {at(device.last_error_at)}" if device.last_error else ""
        yield f"    last error {error}{when}"
        yield f"    losses of its store {device.losses}, divergences {device.divergences}"


def about_rejections(user: User) -> Iterator[str]:
    """Tell what was rejected for good, by code."""
    rejections = Rejection.objects.filter(user=user)
    by_code: Counter[str] = Counter()
    last: dict[str, datetime.datetime] = {}
    for each in rejections.order_by("last_seen_at"):
        by_code[each.code] += 1
        last[each.code] = each.last_seen_at
    yield f"Rejected todos: {sum(by_code.values())}"
    for code, number in by_code.most_common():
        yield f"  {code}: {number}, last at {at(last[code])}"


def about_history(user: User) -> Iterator[str]:
    """Tell how much is kept beside the list."""
    revisions = Revision.objects.filter(user=user)
    heads = Head.objects.filter(user=user).aggregate(
        first=Min("created_at"), last=Max("created_at")
    )
    yield f"Conflicts: {revisions.filter(conflict=True).count()}"
    yield f"Former values: {revisions.count()}"
    yield f"Log of heads: from {at(heads['first'])} to {at(heads['last'])}"
    yield f"Wrong clocks: {WrongClock.objects.filter(user=user).count()}"


def at(time: datetime.datetime | None) -> str:
    """Return a time as one reads it."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC" if time else "never"
