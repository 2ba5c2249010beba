"""What the lists of the admin have in common: nothing is written where that would lie, and no list
is counted or read from its beginning, however long it is."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin, ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

OLDER = "pk__lt"


class ReadOnly:
    """Neither added, changed nor deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NewestFirst(ChangeList):
    """A list by its key, the newest first: the page after one begins where that ends."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[str | Combinable]:
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        rows = list(self.queryset[: self.list_per_page + 1])
        self.result_list = rows[: self.list_per_page]
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = bool(rows)
        # A search or a filter begins at the newest again.
        self.begins_later = self.filter_params.pop(OLDER, None)
        self.params.pop(OLDER, None)
        more = len(rows) > self.list_per_page
        self.older = more and self.get_query_string({OLDER: self.result_list[-1].pk})
        self.newest = self.begins_later and self.get_query_string()


class Long(ModelAdmin):
    """A list of which nobody knows how long it is: nothing of it is counted or sorted."""

    change_list_template = "admin/newest_first.html"
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    sortable_by = ()
    list_per_page = 100

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return NewestFirst
