"""How much is synced, hour by hour, and how far each device has come: kept in memory, and stored
by a thread of its own at most once a minute, so that no sync pays a write for it.

What a process has not stored when it is killed is lost; one that ends stores it first.
"""

from __future__ import annotations

import datetime
import logging
import threading
from collections import Counter

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from accounts.models import Device
from todos import rows
from todos.models import Activity
from todos.turns import writers_turn

log = logging.getLogger(__name__)

STORED_AFTER = 60  # seconds
KEPT = datetime.timedelta(days=90)


class Unstored:
    """What this process has counted since it last stored it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.hours: dict[datetime.datetime, Counter[str]] = {}
        self.positions: dict[int, int] = {}  # by the device's key
        self.timer: threading.Timer | None = None

    def count(self, **numbers: int) -> None:
        """Add to the numbers of this hour."""
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        with self.lock:
            self.hours.setdefault(hour, Counter()).update(numbers)
            self.store_later()

    def reached(self, device: Device | None, asked: int, sent: int) -> None:
        """Note up to which number in its user's sequence a device has been sent everything.

        One that asks from before has not kept what it was sent.
        """
        if device is None:
            return
        with self.lock:
            before = self.positions.get(device.pk, device.position)
            position = sent if before is None or asked >= before else asked
            if position != before:
                self.positions[device.pk] = position
                self.store_later()

    def store_later(self) -> None:
        """See to it that what there is now is stored soon."""
        if self.timer is None:
            self.timer = threading.Timer(STORED_AFTER, self.store_and_leave)
            self.timer.daemon = True
            self.timer.start()

    def store_and_leave(self) -> None:
        """Store it, from a thread that needs its connection for nothing else."""
        try:
            self.store()
        finally:
            connection.close()

    def take(self) -> tuple[dict[datetime.datetime, Counter[str]], dict[int, int]]:
        """Return what there is, and begin anew."""
        with self.lock:
            if self.timer:
                self.timer.cancel()
            taken = self.hours, self.positions
            self.hours, self.positions, self.timer = {}, {}, None
        return taken

    def store(self) -> None:
        """Add what there is to the tables; a database that does not answer gets it next time."""
        hours, positions = self.take()
        if not hours and not positions:
            return
        try:
            with writers_turn(), transaction.atomic():
                for hour, numbers in hours.items():
                    add(hour, numbers)
                rows.put_positions(positions)
        except DatabaseError as error:
            log.warning("The activity was not stored: %s", error)
            self.put_back(hours, positions)

    def put_back(
        self, hours: dict[datetime.datetime, Counter[str]], positions: dict[int, int]
    ) -> None:
        """Keep what could not be stored, beside what has come since."""
        with self.lock:
            for hour, numbers in hours.items():
                self.hours.setdefault(hour, Counter()).update(numbers)
            self.positions = positions | self.positions
            self.store_later()


unstored = Unstored()  # of this process


def add(hour: datetime.datetime, numbers: Counter[str]) -> None:
    """Add to the stored numbers of an hour: other processes add theirs."""
    Activity.objects.get_or_create(hour=hour)
    more = {name: models.F(name) + number for name, number in numbers.items()}
    Activity.objects.filter(hour=hour).update(**more)


def forget_old() -> int:
    """Delete the hours that are kept no longer; return how many."""
    gone, _ = Activity.objects.filter(hour__lt=timezone.now() - KEPT).delete()
    return gone
