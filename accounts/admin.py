"""People and their devices in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from accounts.models import Device, User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Django's own page, and the account id. Nobody is deleted here: uncheck "active" instead."""

    readonly_fields = ("account",)
    fieldsets = (*UserAdmin.fieldsets, ("Sync", {"fields": ("account",)}))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # it would delete rows of todos (M3)


@admin.register(Device)
class DeviceAdmin(admin.ModelAdmin):
    """Devices, to be looked at."""

    list_display = (
        *("uid", "user", "user_agent", "created_at", "last_seen_at", "losses", "divergences"),
    )
    list_select_related = ("user",)
    search_fields = ("user__username", "user_agent")
    fields = (
        *("user", "uid", "user_agent", "created_at", "last_seen_at"),
        *("replaces", "losses", "divergences"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        return False
