"""Times are shown in the reader's time zone: the one that the page's script has named in a cookie.

A browser tells it to nobody else. Who reads without scripts reads the server's own (UTC), and each
page says which it is. The admin speaks UTC, as the logs do.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

COOKIE = "time-zone"  # set by session.mjs
LONGEST = 64  # characters of a name


def zone_named(name: str) -> datetime.tzinfo:
    """Return the time zone of this name, the server's own if there is none."""
    try:
        return ZoneInfo(name[:LONGEST])
    except (ValueError, OSError, KeyError):  # no name, no file that can be read, no such zone
        return ZoneInfo(settings.TIME_ZONE)


def readers_time_zone(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return a middleware in which Django's current time zone is the reader's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if COOKIE not in request.COOKIES or request.path.startswith(reverse("admin:index")):
            return get_response(request)
        with timezone.override(zone_named(request.COOKIES[COOKIE])):
            return get_response(request)

    return middleware
