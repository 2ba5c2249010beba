"""What was rejected for good, in the admin: as it came, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator

from accounts.models import Device
from simplesync.inspection import Long, ReadOnly
from todos.models import Rejection
from todos.protocol import REJECTIONS

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Named(TypedDict):
    """What the list shows beside the row: the browser that sent it, if that is known."""

    device_name: str | None


LONGEST = 200  # characters of what came, in the list


def readable(text: str) -> str:
    """Return JSON as people read it; what was cut, and is no JSON any more, as it is."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return f"{text} … (cut)"
    pretty = json.dumps(parsed, indent=2, ensure_ascii=False)
    return pretty.encode(errors="backslashreplace").decode()  # half a character cannot be sent


class ByCode(admin.SimpleListFilter):
    """By what was wrong: the codes are the protocol's, so that no row is read to know them."""

    title = parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code) for code in REJECTIONS]

    def queryset(self, request: HttpRequest, rows: QuerySet[Rejection]) -> QuerySet[Rejection]:
        code = self.value()
        return rows if code is None else rows.filter(code=code)


@admin.register(Rejection)
class RejectionAdmin(ReadOnly, Long, admin.ModelAdmin):
    """Todos that were not stored, and will not be by any repetition."""

    list_display = (
        *("code", "reason", "user", "made_by", "short_payload"),
        *("times", "first_seen_at", "last_seen_at"),
    )
    list_select_related = ("user",)
    list_filter = (ByCode,)
    search_fields = ("user__username", "todo")
    fields = (
        *("user", "made_by", "device", "todo", "code", "reason", "reasons", "came"),
        *("times", "first_seen_at", "last_seen_at"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rejection]:
        device = Device.objects.filter(user_id=OuterRef("user_id"), uid=OuterRef("device"))
        name = Subquery(device.values("user_agent")[:1])
        return super().get_queryset(request).annotate(device_name=name)

    @admin.display(description="browser")
    def made_by(self, rejection: WithAnnotations[Rejection, Named]) -> str:
        return rejection.device_name or str(rejection.device or "") or "the article's client"

    @admin.display
    def reason(self, rejection: Rejection) -> str:
        return REJECTIONS.get(rejection.code, "")

    @admin.display(description="by field")
    def reasons(self, rejection: Rejection) -> str:
        return format_html("<pre>{}</pre>", readable(rejection.errors))

    @admin.display(description="payload")
    def came(self, rejection: Rejection) -> str:
        return format_html("<pre>{}</pre>", readable(rejection.payload))

    @admin.display(description="payload")
    def short_payload(self, rejection: Rejection) -> str:
        return Truncator(rejection.payload).chars(LONGEST)
