"""The forms behind the page that needs no JavaScript.

Each posts what it showed and what is wanted (rule F1), so that a page that has become stale
overwrites nothing that it did not mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from todos import protocol
from todos.due_field import DueField
from todos.fields import DETAILS, FIELDS
from todos.models import Todo
from todos.trash import Place


class TextField(forms.CharField):
    """What people write: trimmed, its lines ended by line feeds alone, and good for the wire."""

    def __init__(self, name: str = "text", **options: Any) -> None:
        self.name = name
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return re.sub("\r\n?", "\n", super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        code = FIELDS[self.name].check(value)
        if code:
            raise ValidationError(protocol.REJECTIONS[code])


def lines_field(name: str, **options: Any) -> TextField:
    """Return the control for what may have several lines, or none."""
    widget = forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"})
    return TextField(name, required=False, label=name.capitalize(), widget=widget, **options)


# Of details that are no lines of text.
CONTROLS: dict[str, Callable[..., forms.Field]] = {"due": DueField}


class DetailsForm(forms.Form):
    """What a todo's row has no room for; Django posts what each control showed beside it (F1)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in DETAILS:
            control = CONTROLS.get(name, partial(lines_field, name))
            self.fields[name] = control(show_hidden_initial=True)
            if not self.initial:  # in the dialog the time is that of where the reader is
                self.fields[name].help_text = ""

    def details(self) -> list[forms.BoundField]:
        """Return the controls."""
        return [self[name] for name in DETAILS]

    def changes(self) -> dict[str, str]:
        """Return the details to set."""
        return {name: self.cleaned_data[name] for name in DETAILS if name in self.changed_data}


def of_details(todo: Todo) -> dict[str, str]:
    """Return what a form shows of a todo's details."""
    return {name: getattr(todo, name) for name in DETAILS}


class AddForm(forms.Form):
    """A new todo, with the id that was made together with the form (F2)."""

    id = forms.UUIDField()
    text = TextField(error_messages={"required": "Write what needs to be done."})


class EditForm(DetailsForm):
    """Another text for a todo, with its details; no text at all deletes it, as in every TodoMVC."""

    shown = forms.CharField(required=False, strip=False)
    text = TextField(required=False)

    def edit(self) -> dict[str, Any]:
        """Return the fields to set; what a one-line input makes of the text is no change of it."""
        text, values = self.cleaned_data["text"], self.changes()
        if text == re.sub("[\r\n]", "", self.cleaned_data["shown"]).strip():
            return values
        return values | ({"text": text} if text else {"deleted": True})


class ToggleForm(forms.Form):
    """Whether a todo is done."""

    shown = forms.BooleanField(required=False)
    completed = forms.BooleanField(required=False)

    def edit(self) -> dict[str, Any]:
        """Return the fields to set."""
        wanted = self.cleaned_data["completed"]
        return {} if wanted == self.cleaned_data["shown"] else {"completed": wanted}


class MoveForm(forms.Form):
    """Beside which todo, of those that the page showed, another one is to stand."""

    before = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)


class ShownForm(forms.Form):
    """The ids that the page showed: those still to do, and those done."""

    MOST = 1_000

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.given = data
        self.ids: dict[str, list[UUID]] = {}

    def clean(self) -> None:
        for name in ("active", "completed"):
            given = self.given.getlist(f"shown_{name}")[: self.MOST]
            self.ids[name] = [forms.UUIDField().clean(value) for value in given]


class ToggleAllForm(ShownForm, ToggleForm):
    """Whether all the todos shown are done."""

    def edits(self) -> dict[UUID, dict[str, Any]]:
        """Return the fields to set, for each todo that was shown to be otherwise."""
        if not self.edit():
            return {}
        others = self.ids["active" if self.cleaned_data["completed"] else "completed"]
        return dict.fromkeys(others, self.edit())


class ClearCompletedForm(ShownForm):
    """Delete the todos that were shown to be done."""

    def edits(self) -> dict[UUID, dict[str, Any]]:
        """Return the fields to set, for each of them."""
        return dict.fromkeys(self.ids["completed"], {"deleted": True})


class SeenForm(forms.Form):
    """Up to where the Trash was seen: what came into it since is not meant."""

    upto = forms.CharField()

    def clean_upto(self) -> Place:
        place = Place.unpack(self.cleaned_data["upto"])
        if place is None:
            raise ValidationError("not a place in the Trash")
        return place
