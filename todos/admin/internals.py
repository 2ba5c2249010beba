"""What the sync keeps beside the todos, to be looked at: where each list stands, its log of heads,
what was replaced, and whose clocks were wrong."""

from __future__ import annotations

import datetime

from django.contrib import admin
from django.utils.text import Truncator

from simplesync.inspection import Long, ReadOnly
from todos.models import Head, Revision, SyncState, WrongClock

LONGEST = 200  # characters of a value in the list


@admin.register(SyncState)
class SyncStateAdmin(ReadOnly, Long, admin.ModelAdmin):
    """Where each person's list stands."""

    list_display = ("user", "head", "live", "completed", "greatest_stamp", "digest")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user", "head", "token", "greatest_stamp", "live", "completed", "digest")


@admin.register(Head)
class HeadAdmin(ReadOnly, Long, admin.ModelAdmin):
    """The log of heads, by which a cursor is known again (R4)."""

    list_display = ("number", "user", "token", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user", "number", "token", "created_at")


@admin.register(Revision)
class RevisionAdmin(ReadOnly, Long, admin.ModelAdmin):
    """Values that were replaced, or came too late (M2)."""

    list_display = ("field", "short_value", "todo_uid", "user", "stamp", "conflict", "created_at")
    list_select_related = ("user", "todo")
    search_fields = ("user__username",)
    fields = ("user", "todo", "field", "value", "stamp", "conflict", "created_at")

    @admin.display(description="value")
    def short_value(self, revision: Revision) -> str:
        return Truncator(revision.value).chars(LONGEST)

    @admin.display(description="todo")
    def todo_uid(self, revision: Revision) -> str:
        return str(revision.todo.uid)


@admin.register(WrongClock)
class WrongClockAdmin(ReadOnly, Long, admin.ModelAdmin):
    """Clocks that were far in the future (S5)."""

    list_display = ("node", "user", "nothing_after")
    list_select_related = ("user",)
    search_fields = ("user__username", "node")
    fields = ("user", "node", "nothing_after")
    readonly_fields = ("nothing_after",)

    @admin.display
    def nothing_after(self, clock: WrongClock) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(clock.after / 1000, datetime.UTC)
