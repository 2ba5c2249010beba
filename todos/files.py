"""What a person takes away as a file, and brings back: the account as JSON, the list as iCalendar.

simplesync/spooled.py writes both ways to disk, so that no thread waits for a slow network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.files import File
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from todos import export as exports
from todos import imports, protocol, vtodos
from todos.api import limit_rate
from todos.export_format import MOST_BYTES

PIECE = 65_536  # characters that are sent at a time


@require_safe
def export(request: PersonRequest) -> StreamingHttpResponse:
    """Give the whole account as JSON."""
    return download(exports.account(request.user), "json", "application/json")


@require_safe
def export_calendar(request: PersonRequest) -> StreamingHttpResponse:
    """Give the live todos as iCalendar."""
    return download(vtodos.calendar(request.user), "ics", "text/calendar; charset=utf-8")


def download(texts: Iterable[str], suffix: str, kind: str) -> StreamingHttpResponse:
    """Return a file that bears today's date, to be kept and not shown."""
    response = StreamingHttpResponse(in_pieces(texts), content_type=kind)
    name = f"simplesync-{timezone.now():%Y-%m-%d}.{suffix}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def in_pieces(texts: Iterable[str]) -> Iterator[str]:
    """Give a text in few pieces: each one is handed from thread to thread."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(waiting)
            waiting, size = [], 0
    yield "".join(waiting)


class ImportForm(forms.Form):
    """A file that was exported before."""

    file = forms.FileField(
        label="A file that was exported",
        allow_empty_file=True,  # it is no export, as others that are none
        error_messages={"required": "Choose a file."},
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
        return file


@require_POST
def import_file(request: PersonRequest) -> HttpResponse:
    """Join a file into the list, and say what came of it; pages/import.mjs sends parts of one."""
    try:
        limit_rate(request.user)
    except protocol.Refused as refused:
        return answer(request, {"error": refused.message}, refused.status, refused.headers)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return answer(request, {"error": " ".join(map(str, form.errors["file"]))}, 400)
    try:
        report = imports.load(request.user, form.cleaned_data["file"])
    except imports.Unreadable as unreadable:
        return answer(request, {"error": str(unreadable)}, 400)
    return answer(request, {"report": asdict(report)})


def answer(
    request: PersonRequest,
    content: dict[str, Any],
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Return what came of an import, as a page or for the script."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(content, status=status, headers=headers)
    page = render_to_string("accounts/imported.html", content, request)
    return HttpResponse(page, status=status, headers=headers)
