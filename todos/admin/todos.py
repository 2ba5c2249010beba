"""The todos in Django's admin: to be inspected, and corrected through the one write path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from simplesync.inspection import Long, ReadOnly
from todos import origins, sync
from todos.admin.makers import Made, device_name, device_of
from todos.fields import DETAILS, FIELDS
from todos.forms import TextField, lines_field
from todos.models import Revision, Todo

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

EDITABLE = ("text", *DETAILS, "completed", "deleted")
SHOWN = 100  # of a todo's former values, on its page


class TodoForm(forms.ModelForm):
    """A todo's fields, each with what was shown beside it: only what the person changed is saved,
    even when a device has changed the rest meanwhile (F1)."""

    text = TextField(show_hidden_initial=True, widget=forms.Textarea(attrs={"rows": 3}))
    completed = forms.BooleanField(required=False, show_hidden_initial=True)
    deleted = forms.BooleanField(required=False, show_hidden_initial=True)

    class Meta:
        model = Todo
        fields = EDITABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(DETAILS):
            self.fields[name] = lines_field(name, show_hidden_initial=True)
        if "text" in self.fields:  # a tombstone need not have one
            shown = self.data.get(self.add_initial_prefix("text"), self.instance.text)
            self.fields["text"].required = bool(shown.strip())


class Newest(BaseInlineFormSet):
    """The newest of a long history."""

    def get_queryset(self) -> QuerySet[Revision]:
        if not hasattr(self, "newest"):
            self.newest = super().get_queryset()[:SHOWN]
        return self.newest


class RevisionInline(ReadOnly, admin.TabularInline):
    """What a todo's values were before, newest first."""

    model = Revision
    formset = Newest
    verbose_name_plural = f"former values (the newest {SHOWN})"
    fields = ("field", "old_value", "made_by", "stamp", "created_at")
    readonly_fields = fields
    ordering = ("-stamp",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        annotations = device_of("stamp")
        return (
            super()
            .get_queryset(request)
            .annotate(node=annotations["node"])
            .annotate(device=annotations["device"])
        )

    @admin.display(description="value")
    def old_value(self, revision: Revision) -> str:
        return str(revision.value)

    @admin.display(description="device")
    def made_by(self, revision: WithAnnotations[Revision, Made]) -> str:
        return device_name(revision)


class Deleted(admin.SimpleListFilter):
    """The deleted ones alone: they are few, and have an index of their own."""

    title = parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Deleted")]

    def queryset(self, request: HttpRequest, todos: QuerySet[Todo]) -> QuerySet[Todo]:
        return todos.filter(deleted=True) if self.value() == "yes" else todos


@admin.register(Todo)
class TodoAdmin(Long, admin.ModelAdmin):
    """All todos, live and deleted."""

    form = TodoForm
    list_display = ("__str__", "user", "completed", "deleted", "made_by", "change", "updated_at")
    list_filter = (Deleted,)
    list_select_related = ("user",)
    search_fields = ("text", "user__username")
    readonly_fields = ("user", "uid", "position", "change", "made_by", "created_at", "updated_at")
    fields = (*EDITABLE, *readonly_fields)
    actions = ("delete_todos", "restore_todos")
    inlines = (RevisionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Todo]:
        annotations = device_of(Greatest(*(f"{field}_stamp" for field in FIELDS)))
        return (
            super()
            .get_queryset(request)
            .annotate(node=annotations["node"])
            .annotate(device=annotations["device"])
        )

    @admin.display(description="device")
    def made_by(self, todo: WithAnnotations[Todo, Made]) -> str:
        return device_name(todo)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Todo | None = None) -> bool:
        return False  # deleting is an edit (M3): see the field and the actions

    def save_model(self, request: HttpRequest, obj: Todo, form: TodoForm, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        sync.edit(obj.user, {obj.uid: values} if values else {}, origins.ADMIN)

    @admin.action(description="Delete the selected todos (they can be restored)")
    def delete_todos(self, request: HttpRequest, todos: QuerySet[Todo]) -> None:
        self.set_deleted(request, todos, deleted=True)

    @admin.action(description="Restore the selected todos")
    def restore_todos(self, request: HttpRequest, todos: QuerySet[Todo]) -> None:
        self.set_deleted(request, todos, deleted=False)

    def set_deleted(self, request: HttpRequest, todos: QuerySet[Todo], *, deleted: bool) -> None:
        """Delete or restore, through the write path of each owner."""
        by_owner: dict[Any, dict[Any, dict[str, Any]]] = {}
        for todo in todos.exclude(deleted=deleted).select_related("user"):
            by_owner.setdefault(todo.user, {})[todo.uid] = {"deleted": deleted}
        for owner, edits in by_owner.items():
            sync.edit(owner, edits, origins.ADMIN)
        count = sum(len(edits) for edits in by_owner.values())
        word = "Deleted" if deleted else "Restored"
        self.message_user(request, f"{word}: {count}.", messages.SUCCESS)
