"""The page on which a todo is moved without JavaScript."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from todos import forms, moves, origins, sync
from todos.models import Todo
from todos.views import FILTERS, back, live, safe_back, valid, where


@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Show where a todo stands in the list that the person came from, and move it."""
    if request.method == "POST":
        return move_it(request, get_object_or_404(Todo, user=request.user, uid=uid))
    todo = get_object_or_404(live(request.user), uid=uid)
    todos = live(request.user).filter(**FILTERS[where(request)])
    context = {
        "todo": todo,
        "above": moves.preceding(todos, todo).first(),
        "below": moves.following(todos, todo).first(),
        "first": todos.first(),
        "last": todos.last(),
        "list": safe_back(request),
    }
    return render(request, "todos/move.html", context)


def move_it(request: PersonRequest, todo: Todo) -> HttpResponse:
    """Put a todo beside one that the page showed, and show where it stands now."""
    wanted = valid(forms.MoveForm(request.POST)).cleaned_data
    own = Todo.objects.filter(user=request.user)
    beside = {
        side: own.filter(uid=wanted[side]).first() for side in ("before", "after") if wanted[side]
    }
    edits = moves.edits(todo, beside.get("before"), beside.get("after"))
    sync.edit(request.user, edits, origins.FORM)
    return back(request) if todo.deleted else redirect(request.get_full_path())
