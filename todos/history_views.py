"""The page of a todo's history, the same for scripts, and what its forms do."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from todos import history, hlc, origins, protocol, sentences, sync
from todos.fields import FIELDS
from todos.models import Todo
from todos.views import back, edit, safe_back


@require_safe
def show(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Show every value that a todo had, newest first, as sentences."""
    return render_history(request, uid)


@require_safe
def show_values(request: PersonRequest, uid: UUID) -> JsonResponse:
    """Answer the values of a todo, of which the script makes the sentences."""
    _, past = asked_for(request, uid)
    return JsonResponse(
        {
            "id": str(uid),
            "values": [value._asdict() for value in past.values],
            "names": history.names(request.user, past.values),
            "whole": past.older is None and not past.begins,
            "older": past.older,
            "begins": past.begins,
        }
    )


@require_POST
def restore(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Give a todo again what was written in it."""
    try:
        found = history.restore(request.user, uid, request.POST.get("stamp", ""), origins.FORM)
    except sync.Rejected as rejected:
        return render_history(request, uid, error=protocol.REJECTIONS[str(rejected)], status=400)
    if not found:
        raise Http404("nothing was written in the todo then")
    return back(request)


@require_POST
def look(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Take the mark of a conflict away, if it is the one that the page showed (M12, F1)."""
    shown = request.POST.get("shown", "")
    is_shown = Todo.objects.filter(user=request.user, uid=uid, conflict_stamp=shown).exists()
    return edit(request, uid, {"conflict": False} if is_shown else {})


def render_history(
    request: PersonRequest, uid: UUID, error: str = "", status: int = 200
) -> HttpResponse:
    """Return the page, with what went wrong."""
    todo, past = asked_for(request, uid)
    names = history.names(request.user, past.values)
    steps = [
        {
            "stamp": step.stamp,
            "at": time_of(hlc.ms_of(step.stamp)),
            "who": names[hlc.node_of(step.stamp)],
            "says": step.says,
            "restores": restored(step, todo),
        }
        for step in sentences.told(past.values, past.older is None and not past.begins)
    ]
    context = {
        "todo": todo,
        "steps": steps,
        "older": past.older,
        "before": request.GET.get("before"),
        "begins": time_of(past.begins) if past.begins else None,
        "error": error,
        "here": request.get_full_path() if request.method == "GET" else request.path,
        "list": safe_back(request),
    }
    return render(request, "todos/history.html", context, status=status)


def restored(step: sentences.Step, todo: Todo) -> str | None:
    """Return what restoring a step would bring back, in words, or None if all of it stands."""
    gone = {
        name: value
        for name, value in step.written.items()
        if todo.deleted or getattr(todo, name) != value
    }
    return ", ".join(FIELDS[name].named(value) for name, value in gone.items()) or None


def asked_for(request: PersonRequest, uid: UUID) -> tuple[Todo, history.Past]:
    """Return a todo of this person with its past, or with what was before a stamp."""
    todo = get_object_or_404(Todo, user=request.user, uid=uid)
    before = request.GET.get("before", "")
    return todo, history.of(todo, before if hlc.is_stamp(before) else None)


def time_of(ms: int) -> datetime.datetime:
    """Return Unix time in milliseconds as a date with its time."""
    return datetime.datetime.fromtimestamp(ms / 1_000, datetime.UTC)
