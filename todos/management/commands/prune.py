"""`manage.py prune`: let go of what is kept no longer."""

from __future__ import annotations

import argparse
import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from todos import activity, pruning, rejections


def days(text: str) -> int:
    """Read a number of days, at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number of days, at least 1")
    return int(text)


class Command(BaseCommand):
    """Empty old tombstones, delete old history and sessions; safe while the app is serving."""

    help = (
        "Empty what was deleted long ago of its text and its history (TOMBSTONE_DAYS), delete "
        "what was replaced long ago (HISTORY_DAYS), and clear sessions that have run out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days",
            type=days,
            default=settings.TOMBSTONE_DAYS,
            help=f"keep what was deleted in so many days (now {settings.TOMBSTONE_DAYS})",
        )
        parser.add_argument(
            "--history-days",
            type=days,
            default=settings.HISTORY_DAYS,
            help=f"keep what was replaced in so many days ({said(settings.HISTORY_DAYS)})",
        )

    def handle(self, *args: Any, days: int, history_days: int, **options: Any) -> None:
        done = pruning.prune_tombstones(days)
        self.stdout.write(
            f"Emptied {done.todos} todos deleted more than {days} days ago, "
            f"of {done.people} people, and {done.revisions} entries of their history."
        )
        if history_days:
            done = pruning.prune_history(history_days)
            self.stdout.write(
                f"Deleted {done.revisions} entries of the history replaced more than "
                f"{history_days} days ago, of {done.people} people."
            )
        call_command("clearsessions")
        self.stdout.write("Cleared the sessions that have run out.")
        rejected = rejections.forget_old(timezone.now() - datetime.timedelta(days=days))
        hours = activity.forget_old()
        if rejected or hours:
            self.stdout.write(
                f"Deleted {rejected} rejections of more than {days} days ago, "
                f"and {hours} hours of activity of more than {activity.KEPT.days} days."
            )


def said(days: int) -> str:
    """Return in words how long something is kept now."""
    return f"now {days}" if days else "now for ever"
