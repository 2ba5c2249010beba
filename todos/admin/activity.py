"""The sync's activity in the admin: a picture of the last hours and days, and its numbers."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from simplesync.inspection import ReadOnly
from todos.activity import unstored
from todos.chart import Chart, chart
from todos.models import Activity

HOURS, DAYS = 48, 30
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
SERIES = {
    "syncs": "Syncs",
    "pushed": "Todos that came from devices",
    "pulled": "Todos that went to devices",
    "rejected": "Todos that were rejected",
    "conflicts": "Conflicts",
}


@admin.register(Activity)
class ActivityAdmin(ReadOnly, admin.ModelAdmin):
    """How much is synced, by all people together."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the pictures in the place of a list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        unstored.store()  # what this process has counted
        context = {
            **self.admin_site.each_context(request),
            "title": "Sync activity",
            "opts": self.opts,
            "charts": charts(timezone.now()),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/todos/activity.html", context)


def charts(now: datetime.datetime) -> list[Chart]:
    """Return the pictures of the last hours, and of the last days."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    today = this_hour.replace(hour=0)
    hours = [this_hour - number * HOUR for number in reversed(range(HOURS))]
    days = [today - number * DAY for number in reversed(range(DAYS))]
    stored = {each.hour: each for each in Activity.objects.filter(hour__gte=days[0])}
    by_hour = {hour: numbers([stored[hour]] if hour in stored else []) for hour in hours}
    by_day = {
        day: numbers([each for hour, each in stored.items() if day <= hour < day + DAY])
        for day in days
    }
    return [
        chart(f"The last {HOURS} hours", "an hour", "%d %b %H:%M", by_hour, SERIES, every=6),
        chart(f"The last {DAYS} days", "a day", "%d %b", by_day, SERIES, every=5),
    ]


def numbers(hours: list[Activity]) -> dict[str, int]:
    """Return what some hours come to together."""
    return {name: sum(getattr(each, name) for each in hours) for name in SERIES}
