"""The control of a due date on the pages that need no script: a day and a time, in the time zone
that the page was shown in, whatever the reader's is by the time that it is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from simplesync.time_zone import zone_named
from todos import due


class DueWidget(forms.MultiWidget):
    """The browser's own inputs for a day and a time."""

    use_fieldset = False  # else Django would have the help and the errors describe that alone

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        off = {"autocomplete": "off"}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.TextInput(attrs={"type": "date"} | off),
            "time": forms.TextInput(attrs={"type": "time", "aria-label": "Due time"} | off),
            "zone": forms.HiddenInput(attrs=off),
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: str | None) -> list[str]:
        if value is None:  # the dialog's, which its script fills
            return ["", "", ""]
        day, time = due.read(value) if value else ("", "")
        return [str(day), time, timezone.get_current_timezone_name()]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"


class ShownDue(DueWidget):
    """What those inputs showed (F1)."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget in self.widgets:
            if isinstance(widget, forms.TextInput):
                widget.input_type = "hidden"
                widget.attrs.pop("aria-label", None)


class DueField(forms.MultiValueField):
    """A due date."""

    widget = DueWidget
    hidden_widget = ShownDue

    def __init__(self, **options: Any) -> None:
        parts = [forms.CharField(required=False) for _ in range(3)]
        zone = timezone.get_current_timezone_name()
        texts: dict[str, Any] = {"label": "Due date", "help_text": f"The time is that of {zone}."}
        super().__init__(parts, required=False, require_all_fields=False, **texts, **options)

    def compress(self, data_list: list[str]) -> str:
        day, time, zone = data_list or ("", "", "")
        value = due.stored(day, time, zone_named(zone))
        if due.check(value):
            raise ValidationError(due.INVALID)
        return value
