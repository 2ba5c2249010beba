"""What must live at the root for the app to start without a network: its worker, its anonymous
shell and its manifest.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from simplesync.import_map import import_map
from simplesync.static_storage import minified

STATIC = settings.BASE_DIR / "static"
WORKER = STATIC / "js" / "service-worker.mjs"
NO_WORKER = STATIC / "js" / "service-worker-off.mjs"
TEMPLATES = ("base.html", "todos/list.html", "todos/_details.html", "todos/_todo.html")
STYLES = ("css/simplesync.css", "css/moving.css")
NAME = "SimpleSync"


def version() -> str:
    """Return 12 hexadecimal digits that stand for all that the browser keeps of this build."""
    return compute_version() if settings.DEBUG else version_of_this_build()


def compute_version() -> str:
    """Return the digest of the files as they are now: while they are worked on, they change."""
    templates = (settings.BASE_DIR / "templates" / name for name in TEMPLATES)
    digest = hashlib.sha256(f"{settings.SERVICE_WORKER} {import_map().json}".encode())
    for path in sorted((*templates, *files_of_the_app())):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


version_of_this_build = functools.cache(compute_version)


def files_of_the_app() -> list[Path]:
    """Return the static files that the list's page needs, and the worker."""
    return [path for kind in ("js", "css", "icons") for path in (STATIC / kind).glob("*.*")]


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Answer the worker's script, told of this build; or the one that takes every worker away."""
    build = {
        "version": version(),
        "shell": reverse("shell"),
        "pages": [reverse(f"todos:{name}") for name in ("list", "active", "completed")],
        "assets": [*import_map().modules, *map(static, STYLES), static("icons/icon.svg")],
        "fresh": settings.DEBUG,
    }
    return HttpResponse(
        f"self.BUILD = {json.dumps(build)};\n{worker_source()}",
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


def worker_source() -> str:
    """Return the script of the worker, which stands at the root as what it imports does not."""
    source = (WORKER if settings.SERVICE_WORKER else NO_WORKER).read_text(encoding="utf-8")
    source = source.replace('from "./', f'from "{settings.STATIC_URL}js/')
    return source if settings.DEBUG else minified(source)


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Answer what a browser needs to install the app."""
    icons = [
        {"src": static("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        *(
            {"src": static(f"icons/{name}.png"), "sizes": size, "type": "image/png"} | purpose
            for name, size, purpose in (
                ("icon-192", "192x192", {}),
                ("icon-512", "512x512", {}),
                ("icon-maskable-512", "512x512", {"purpose": "maskable"}),
            )
        ),
    ]
    start = reverse("todos:list")
    content = {
        "id": start,
        "name": NAME,
        "short_name": NAME,
        "description": "Todos that are always there.",
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#2f6f5e",
        "icons": icons,
        "shortcuts": [
            {"name": name, "url": reverse(f"todos:{view}")}
            for name, view in (("New todo", "list"), ("Active", "active"))
        ],
    }
    response = JsonResponse(content, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response
