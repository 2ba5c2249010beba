"""Where a todo goes when it is moved: which positions to set. Twin of static/js/moves.mjs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from todos.models import Todo
from todos.position import between, jitter, placed


def edits(todo: Todo, before: Todo | None, after: Todo | None) -> dict[UUID, dict[str, Any]]:
    """Return the fields to set, by id, so that a todo stands right before or right after another.

    None when it stands there. Its own position, and only where there is no room those of the ones
    that follow (M11). A deleted todo is not moved; one beside which it is to stand may be deleted,
    as long as it still has a position.
    """
    beside = before or after
    if todo.deleted or beside is None or not beside.position:
        return {}
    todos = Todo.objects.filter(user=todo.user_id, deleted=False)
    above = after or preceding(todos, beside).first()
    below = before or following(todos, beside).first()
    if todo in (above, below):
        return {}
    digits = jitter()
    lowest = above.position if above else None
    key = between(lowest, below.position if below else None, digits)
    if key:
        return {todo.uid: {"position": key}}
    others = todos.exclude(pk=todo.pk).order_by("position", "uid")
    later = list(following(others, above) if above else others)
    keys = placed(lowest, [each.position for each in later], digits)
    return {each.uid: {"position": key} for each, key in zip([todo, *later], keys, strict=False)}


def preceding(todos: QuerySet[Todo], todo: Todo) -> QuerySet[Todo]:
    """Return those that stand before one, the nearest first."""
    before = todos.filter(position__lte=todo.position)
    before = before.exclude(position=todo.position, uid__gte=todo.uid)
    return before.order_by("-position", "-uid")


def following(todos: QuerySet[Todo], todo: Todo) -> QuerySet[Todo]:
    """Return those that stand after one, the nearest first."""
    after = todos.filter(position__gte=todo.position)
    after = after.exclude(position=todo.position, uid__lte=todo.uid)
    return after.order_by("position", "uid")
