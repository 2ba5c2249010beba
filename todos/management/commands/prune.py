"""`manage.py prune`: empty old tombstones."""

from __future__ import annotations

import argparse
import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from todos import activity, pruning, rejections


def days(text: str) -> int:
    """Read a number of days, at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number of days, at least 1")
    return int(text)


class Command(BaseCommand):
    """Empty old tombstones of text and history; safe while the app is serving."""

    help = "Empty what was deleted long ago of its text and its history (TOMBSTONE_DAYS)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days",
            type=days,
            default=settings.TOMBSTONE_DAYS,
            help=f"keep what was deleted in so many days (now {settings.TOMBSTONE_DAYS})",
        )

    def handle(self, *args, days: int, **options) -> None:
        done = pruning.prune(days)
        self.stdout.write(
            f"Emptied {done.todos} todos deleted more than {days} days ago, "
            f"of {done.people} people, and {done.revisions} entries of their history."
        )
        rejected = rejections.forget_old(timezone.now() - datetime.timedelta(days=days))
        hours = activity.forget_old()
        if rejected or hours:
            self.stdout.write(
                f"Deleted {rejected} rejections of more than {days} days ago, "
                f"and {hours} hours of activity of more than {activity.KEPT.days} days."
            )
