"""People and their devices in the admin."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import Device, User
from simplesync.inspection import Long, ReadOnly
from todos.activity import unstored
from todos.models import Rejection

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Observed(TypedDict):
    """What the list of people shows beside the row: the first two once the person has synced."""

    live_todos: int | None
    completed_todos: int | None
    device_count: int
    last_sync_at: datetime.datetime | None
    rejection_count: int


class Behind(TypedDict):
    """What the list of devices needs beside the row: where the person's list stands."""

    head: int | None


def of_person(rows: QuerySet[Any], aggregate: Any) -> Subquery:
    """Return an aggregate of a person's rows, read by the index that leads with the person."""
    theirs = rows.filter(user=OuterRef("pk")).order_by().values("user")
    return Subquery(theirs.annotate(of_them=aggregate).values("of_them"))


def count(rows: QuerySet[Any]) -> Coalesce:
    """Return how many rows a person has."""
    return Coalesce(of_person(rows, Count("pk")), 0, output_field=IntegerField())


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Django's own page, and how each person's sync goes. Nobody is deleted here: uncheck "active"
    instead."""

    list_display = (
        *("username", "is_active", "is_staff", "todos", "completed", "devices"),
        *("last_sync", "rejected", "conflicts"),
    )
    show_full_result_count = False
    readonly_fields = ("account",)
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Sync", {"fields": ("account",)}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        devices = Device.objects.all()
        return (
            super()
            .get_queryset(request)
            .annotate(
                live_todos=F("syncstate__live"),
                completed_todos=F("syncstate__completed"),
                device_count=count(devices),
                last_sync_at=of_person(devices, Max("last_seen_at")),
                rejection_count=count(Rejection.objects.all()),
            )
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # it would delete rows of todos (M3)

    @admin.display(ordering="live_todos")
    def todos(self, person: WithAnnotations[User, Observed]) -> int:
        return person.live_todos or 0

    @admin.display(ordering="completed_todos")
    def completed(self, person: WithAnnotations[User, Observed]) -> int:
        return person.completed_todos or 0

    @admin.display
    def devices(self, person: WithAnnotations[User, Observed]) -> int:
        return person.device_count

    @admin.display
    def last_sync(self, person: WithAnnotations[User, Observed]) -> datetime.datetime | None:
        return person.last_sync_at

    @admin.display
    def rejected(self, person: WithAnnotations[User, Observed]) -> int:
        return person.rejection_count

    @admin.display
    def conflicts(self, person: User) -> str:
        address = reverse("admin:todos_conflict_changelist")  # they may be many: not counted
        return format_html('<a href="{}?user__id__exact={}">Look</a>', address, person.pk)


@admin.register(Device)
class DeviceAdmin(ReadOnly, Long, admin.ModelAdmin):
    """Devices, to be looked at."""

    list_display = (
        *("uid", "user", "name", "user_agent", "persisted", "lag", "last_error"),
        *("last_error_at", "last_seen_at", "losses", "divergences", "created_at"),
    )
    list_select_related = ("user",)
    search_fields = ("user__username", "name", "user_agent")
    fields = (
        *("user", "uid", "name", "user_agent", "persisted", "created_at", "last_seen_at"),
        *("position", "lag", "last_error", "last_error_at", "replaces", "losses", "divergences"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        unstored.store()  # how far this process knows that devices have come
        return super().get_queryset(request).annotate(head=F("user__syncstate__head"))

    @admin.display(description="lag (changes)")
    def lag(self, device: WithAnnotations[Device, Behind]) -> int | None:
        return device.behind(device.head or 0)
