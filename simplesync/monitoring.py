"""What watches the site asks: `/healthz`, whether it works, and `/metrics`, how much it does."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether the site can answer: 200, or 503 when its database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", "text/plain", status=503)
    return HttpResponse("ok\n", "text/plain")


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the counters of all processes, to who has the token; without METRICS_TOKEN to nobody."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        response = HttpResponse(
            "Send the token: Authorization: Bearer …\n", "text/plain", status=401
        )
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    return HttpResponse(generate_latest(registry()), CONTENT_TYPE_LATEST)


def registry() -> CollectorRegistry:
    """Return the counters of all processes, or of this one where there is no folder for them."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return REGISTRY
    forget_the_dead(Path(folder))
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)
    return together


def forget_the_dead(folder: Path) -> None:
    """Let go of what processes that were killed say of the present."""
    for file in folder.glob("gauge_live*_*.db"):
        process = int(re.findall(r"\d+", file.stem)[-1])
        if not is_alive(process):
            mark_process_dead(process, str(folder))


def is_alive(process: int) -> bool:
    """Tell whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
