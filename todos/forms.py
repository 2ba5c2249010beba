"""The forms behind the page that needs no JavaScript.

Each posts what it showed and what is wanted (rule F1), so that a page that has become stale
overwrites nothing that it did not mean.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from todos import protocol
from todos.fields import FIELDS
from todos.trash import Place


class TextField(forms.CharField):
    """A todo's text: trimmed, and good for the wire."""

    def validate(self, value: str) -> None:
        super().validate(value)
        code = FIELDS["text"].check(value)
        if code:
            raise ValidationError(protocol.REJECTIONS[code])


class AddForm(forms.Form):
    """A new todo, with the id that was made together with the form (F2)."""

    id = forms.UUIDField()
    text = TextField(error_messages={"required": "Write what needs to be done."})


class RenameForm(forms.Form):
    """Another text for a todo; none at all deletes it, as in every TodoMVC."""

    shown = forms.CharField(required=False, strip=False)
    text = TextField(required=False)

    def edit(self) -> dict[str, Any]:
        """Return the fields to set; what a one-line input makes of the text is no change of it."""
        text = self.cleaned_data["text"]
        if text == re.sub("[\r\n]", "", self.cleaned_data["shown"]).strip():
            return {}
        return {"text": text} if text else {"deleted": True}


class ToggleForm(forms.Form):
    """Whether a todo is done."""

    shown = forms.BooleanField(required=False)
    completed = forms.BooleanField(required=False)

    def edit(self) -> dict[str, Any]:
        """Return the fields to set."""
        wanted = self.cleaned_data["completed"]
        return {} if wanted == self.cleaned_data["shown"] else {"completed": wanted}


class ShownForm(forms.Form):
    """The ids that the page showed: those still to do, and those done."""

    MOST = 1_000

    def __init__(self, data) -> None:
        super().__init__(data)
        self.ids: dict[str, list[UUID]] = {}

    def clean(self) -> None:
        for name in ("active", "completed"):
            given = self.data.getlist(f"shown_{name}")[: self.MOST]
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
