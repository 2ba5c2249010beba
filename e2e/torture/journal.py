"""Every edit that was made, what its maker saw, and whether the server said that it has it.

Each text is of one todo, and made once, but for those that were undone or restored; every edit can
be told by its stamps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Place = tuple[str, str, str]  # user, id of the todo, field


@dataclass(eq=False)
class Edit:
    """One value that somebody set."""

    place: Place
    kind: str  # the verb
    value: Any
    stamps: list[str] = field(default_factory=list)
    seen: Edit | None = None  # the value that its maker saw, and so replaced
    undoes: str | None = None  # the stamp of what was done there and is taken back by it
    told: str | None = None  # the stamp that a device says it had seen (M12), if it says any
    relived: bool = (
        False  # the database was replaced since: it may have come once more, as an offer
    )
    acknowledged: bool = False  # the server has said "stored", whether or not anybody heard it

    def ancestors(self) -> Iterator[Edit]:
        """Yield what this edit replaced, what that had replaced, and so on."""
        edit = self.seen
        while edit:
            yield edit
            edit = edit.seen

    def __str__(self) -> str:
        stamps = ", ".join(self.stamps) or "never stamped"
        return f"{self.kind} {self.place[2]}={self.value!r} of {self.place[1]} ({stamps})"


class Journal:
    """All edits of one seed."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []
        self.by_stamp: dict[tuple[Place, str], Edit] = {}
        self.by_text: dict[str, Edit] = {}
        self.replaced: dict[str, str] = {}  # by a text that a real browser's owner typed over it
        self.ids: dict[str, set[str]] = {}  # of each person's todos

    def made(
        self, user: str, kind: str, uid: str, name: str, value: Any, stamp: str, seen: str | None
    ) -> Edit:
        """Note an edit; `seen` is the stamp of the value that its maker saw."""
        place = (user, uid, name)
        edit = Edit(place, kind, value, seen=self.by_stamp.get((place, seen or "")))
        self.edits.append(edit)
        self.ids.setdefault(user, set()).add(uid)
        if name == "text" and value:
            self.by_text.setdefault(value, edit)  # a text that was restored comes once more
        self.stamped(edit, stamp)
        return edit

    def stamped(self, edit: Edit, stamp: str) -> None:
        """Note a stamp of an edit."""
        if stamp not in edit.stamps:
            edit.stamps.append(stamp)
            self.by_stamp[edit.place, stamp] = edit

    def restamped(self, user: str, uid: str, name: str, old: str, new: str) -> None:
        """Note that a device has stamped an edit anew (S5)."""
        self.stamped(self.by_stamp[(user, uid, name), old], new)

    def acknowledge(self, user: str, uid: str, name: str, stamp: str, value: Any) -> None:
        """Note that the server has said of a value that it has it."""
        place = (user, uid, name)
        edit = self.by_stamp.get((place, stamp))
        if edit is None:  # made by a real browser, which tells nobody but what was typed into it
            edit = self.made(user, "browser", uid, name, value, stamp, None)
            edit.seen = self.by_text.get(self.replaced.get(value, ""))
        edit.acknowledged = True

    def owed(self, user: str = "") -> list[Edit]:
        """Return the edits that the server must still have, of everybody or of one person."""
        return [e for e in self.edits if e.acknowledged and user in ("", e.place[0])]

    def at(self, place: Place) -> list[Edit]:
        """Return all edits of a field of a todo."""
        return [edit for edit in self.edits if edit.place == place]
