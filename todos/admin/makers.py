"""Who made an edit, in words: its device, or one of the site's own ways."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Expression, F, OuterRef, Subquery
from django.db.models.functions import Substr

from accounts.models import Device
from todos import hlc, origins
from todos.models import Revision, Todo

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Made(TypedDict):
    """What the annotations of `device_of` add to a row."""

    node: str
    device: str | None


def device_of(stamp: Expression | F | str) -> dict[str, Any]:
    """Return annotations for the node of a stamp, and the device behind it."""
    node = Substr(stamp, 22)
    device = Device.objects.filter(
        user_id=OuterRef("user_id"), prefix=Substr(OuterRef("node"), 1, 8)
    )
    return {"node": node, "device": Subquery(device.values("user_agent")[:1])}


def device_name(annotated: WithAnnotations[Todo, Made] | WithAnnotations[Revision, Made]) -> str:
    """Return who made an edit, in words."""
    return origins.NAMES.get(annotated.node) or annotated.device or annotated.node


def made_at(stamp: str) -> datetime.datetime:
    """Return the time that a stamp says."""
    return datetime.datetime.fromtimestamp(hlc.ms_of(stamp) / 1000, datetime.UTC)
