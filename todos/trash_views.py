"""The pages of the Trash, and what their forms do."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest
from todos import forms, origins, protocol, trash
from todos.models import Todo
from todos.trash import Place
from todos.views import PAGE, back, valid


@require_safe
def show(request: PersonRequest) -> HttpResponse:
    """Show what was deleted and can be restored."""
    upto = Place.now(request.user)  # before the rows are read (F1)
    rows = trash.deleted(request.user)
    before = Place.unpack(request.GET.get("before", ""))
    if before:
        rows = trash.after(rows, before)
    shown = list(rows[: PAGE + 1])
    context = {
        "todos": [(todo, trash.last_text(todo), trash.goes_at(todo)) for todo in shown[:PAGE]],
        "following": Place.of(shown[PAGE - 1]).pack() if len(shown) > PAGE else None,
        "before": before,
        "upto": upto.pack(),
        "here": request.get_full_path(),
    }
    return render(request, "todos/trash.html", context)


@require_POST
def restore(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Take the deletion of one todo back."""
    get_object_or_404(Todo, user=request.user, uid=uid)
    tell_of_left(request, trash.restore(request.user, [uid], origins.FORM).left)
    return back(request)


@require_POST
def restore_all(request: PersonRequest) -> HttpResponse:
    """Take the deletion of all that the page showed back, as far as the list has room."""
    upto = valid(forms.SeenForm(request.POST)).cleaned_data["upto"]
    done = trash.restore_all(request.user, upto, origins.FORM)
    if done.restored:
        messages.success(request, f"Restored {todos(done.restored)}.")
    tell_of_left(request, done.left)
    return back(request)


@require_http_methods(["GET", "POST"])
def empty(request: PersonRequest) -> HttpResponse:
    """Ask whether to empty the Trash for good, and do it."""
    if request.method == "GET":
        return ask(request, Place.unpack(request.GET.get("upto", "")) or Place.now(request.user))
    upto = valid(forms.SeenForm(request.POST)).cleaned_data["upto"]
    emptied = trash.empty(request.user, upto)
    messages.success(request, f"Emptied: {todos(emptied)} gone for good.")
    return redirect("todos:trash")


def ask(request: PersonRequest, upto: Place) -> HttpResponse:
    """Show how many todos would go, or the Trash when there are none."""
    count = trash.seen(trash.deleted(request.user), upto).count()
    if not count:
        return redirect("todos:trash")
    return render(request, "todos/empty_trash.html", {"count": count, "upto": upto.pack()})


def tell_of_left(request: PersonRequest, left: int) -> None:
    """Say on the next page how many todos the list had no room for (M8)."""
    if left:
        full = protocol.REJECTIONS["too_many_todos"]
        messages.error(request, f"{todos(left)} not restored. {full}")


def todos(count: int) -> str:
    """Return a number of todos in words."""
    return f"{count} todo{pluralize(count)}"
