"""Conflicts in the admin: the value that lost, and the one that stands in its place."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from accounts.models import Device
from simplesync.inspection import Long, NewestFirst, ReadOnly
from todos import hlc, origins
from todos.admin.makers import made_at
from todos.models import Conflict, Revision

LONGEST = 200  # characters of a value in the list


class ConflictList(NewestFirst):
    """The list, with the names of who made both values: one query for all."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        name_makers(self.result_list)


def name_makers(conflicts: list[Conflict]) -> None:
    """Tell each conflict who made its two values."""
    nodes = {(each.user_id, hlc.node_of(s)) for each in conflicts for s in stamps(each)}
    devices = Device.objects.filter(
        user__in={user for user, _ in nodes}, prefix__in={node[:8] for _, node in nodes}
    )
    names = {(each.user_id, each.prefix): str(each) for each in devices}
    for each in conflicts:
        each.makers = [
            origins.NAMES.get(node) or names.get((each.user_id, node[:8]), node)
            for node in map(hlc.node_of, stamps(each))
        ]


def stamps(conflict: Conflict) -> tuple[str, str]:
    """Return the stamps of the value that lost, and of the one that replaced it (M2)."""
    return conflict.stamp, conflict.next_stamp or current(conflict, "_stamp")


def current(conflict: Conflict, suffix: str = "") -> Any:
    """Return what the field, or its stamp, is now."""
    return getattr(conflict.todo, conflict.field + suffix)


def winner(conflict: Conflict) -> Any:
    """Return the value that replaced the one that lost: the next by stamp (M2)."""
    return conflict.next_value if conflict.next_stamp else current(conflict)


@admin.register(Conflict)
class ConflictAdmin(ReadOnly, Long, admin.ModelAdmin):
    """Values that lost to one whose maker had not seen them, or that came too late."""

    list_display = (
        "todo_now",
        "user",
        "field",
        "lost",
        "lost_from",
        "won",
        "won_from",
        "replaced_at",
    )
    list_select_related = ("user", "todo")
    list_display_links = ("field",)
    search_fields = ("user__username",)
    fields = (
        *("user", "todo_now", "field", "whole_lost", "lost_by", "lost_at"),
        *("whole_won", "won_by", "won_at", "replaced_at"),
    )
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ConflictList]:
        return ConflictList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conflict]:
        after = Revision.objects.filter(
            todo=OuterRef("todo"), field=OuterRef("field"), stamp__gt=OuterRef("stamp")
        ).order_by("stamp", "value_digest")
        return (
            super()
            .get_queryset(request)
            .filter(conflict=True)
            .annotate(
                next_stamp=Subquery(after.values("stamp")[:1]),
                next_value=Subquery(after.values("value")[:1]),
            )
        )

    def get_object(self, request: HttpRequest, *args: Any) -> Conflict | None:
        found = super().get_object(request, *args)
        if found:
            name_makers([found])
        return found

    @admin.display(description="todo")
    def todo_now(self, conflict: Conflict) -> str:
        address = reverse("admin:todos_todo_change", args=[conflict.todo_id])
        return format_html('<a href="{}">{}</a>', address, Truncator(conflict.todo).chars(LONGEST))

    @admin.display(description="value that lost")
    def lost(self, conflict: Conflict) -> str:
        return Truncator(conflict.value).chars(LONGEST)

    @admin.display(description="value that lost")
    def whole_lost(self, conflict: Conflict) -> str:
        return str(conflict.value)

    @admin.display(description="made by")
    def lost_by(self, conflict: Conflict) -> str:
        return conflict.makers[0]

    @admin.display(description="made at")
    def lost_at(self, conflict: Conflict) -> datetime.datetime:
        return made_at(stamps(conflict)[0])

    @admin.display(description="made")
    def lost_from(self, conflict: Conflict) -> str:
        return f"by {self.lost_by(conflict)}, {self.lost_at(conflict):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="value that replaced it")
    def won(self, conflict: Conflict) -> str:
        return Truncator(winner(conflict)).chars(LONGEST)

    @admin.display(description="value that replaced it")
    def whole_won(self, conflict: Conflict) -> str:
        return str(winner(conflict))

    @admin.display(description="made by")
    def won_by(self, conflict: Conflict) -> str:
        return conflict.makers[1]

    @admin.display(description="made at")
    def won_at(self, conflict: Conflict) -> datetime.datetime:
        return made_at(stamps(conflict)[1])

    @admin.display(description="made")
    def won_from(self, conflict: Conflict) -> str:
        return f"by {self.won_by(conflict)}, {self.won_at(conflict):%Y-%m-%d %H:%M:%S}"

    @admin.display
    def replaced_at(self, conflict: Conflict) -> datetime.datetime:
        return conflict.created_at
