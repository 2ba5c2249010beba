"""What must hold of the past: the history tells all that was, and who lost to whom unseen (M12)."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from e2e.torture.journal import Edit
from e2e.torture.past import Told, past_of, values_of
from e2e.torture.world import Person, World
from todos import origins
from todos.fields import CONTESTED


class Histories:
    """What the app tells a person of their todos, asked for once each."""

    def __init__(self, world: World, person: Person) -> None:
        person.look()
        self.of = cache(lambda uid: values_of(person.paper, uid))
        self.versions = world.versions(person)

    def replaced(self, world: World, person: Person) -> dict[str, list[Edit]]:
        """Return by todo the acknowledged edits whose values do not stand any more."""
        found: dict[str, list[Edit]] = defaultdict(list)
        for edit in world.journal.owed(person.name):
            _, uid, name = edit.place
            version = self.versions.get(uid, {"clocks": {}})
            if name not in version["clocks"] or version[name] != edit.value:
                found[uid].append(edit)
        return found


def history_tells_all(world: World, person: Person) -> list[str]:
    """Every acknowledged value that no longer stands is told by the history that people read.

    What it tells was made by this person, for this todo, under that stamp.
    """
    histories = Histories(world, person)
    replaced = histories.replaced(world, person)
    found = []
    for uid, edits in replaced.items():
        told = histories.of(uid)
        there = {(each.field, each.value) for each in told}
        found += [f"not told: {e}" for e in edits if (e.place[2], e.value) not in there]
        found += [f"told of {uid}: {e}" for e in told if not is_own(world, person, uid, e)]
        world.notes["values asked of a history"] += len(edits)
    if replaced:
        longest = max(replaced, key=lambda uid: len(replaced[uid]))
        found += page_tells_all(histories, person, longest, replaced[longest])
    return found


def is_own(world: World, person: Person, uid: str, told: Told) -> bool:
    """Tell whether this person set that value of that todo, or the server itself did."""
    if is_servers_own(told.field, told.stamp, told.value):
        return True
    edit = world.journal.by_stamp.get(((person.name, uid, told.field), told.stamp))
    return edit is not None and edit.value == told.value


def is_servers_own(name: str, stamp: str, value: Any) -> bool:
    """Tell whether the server sets this by itself: a mark (M12), or a deletion once more (M3)."""
    origin = {"conflict": origins.CONFLICT, "deleted": origins.PRUNING}.get(name)
    return origin is not None and stamp.endswith(origin) and value is True


def page_tells_all(histories: Histories, person: Person, uid: str, edits: list[Edit]) -> list[str]:
    """The pages without JavaScript offer each of these texts to be restored."""
    past = past_of(person.paper, uid)
    texts = {text for _, text in past.texts} if past else set()
    stands = histories.versions[uid]["text"]
    missing = [e for e in edits if e.place[2] == "text" and e.value not in texts | {stands, ""}]
    return [f"not on the pages: {edit}" for edit in missing]


def undo_takes_back_its_own(world: World, person: Person) -> list[str]:
    """Undo and redo replaced only what was still as it had been done, whoever changed it (M10)."""
    return [
        f"{edit} tramples {edit.seen}"
        for edit in world.journal.edits
        if edit.undoes and edit.place[0] == person.name
        if not edit.seen or edit.undoes not in edit.seen.stamps
    ]


def conflicts_are_marked(world: World, person: Person) -> list[str]:
    """A todo where two edits met has the mark, or had until somebody looked; no other one has.

    After an emptying or a restored database, the mark may be all that is left.
    """
    met, versions = world.conflicts(person), world.versions(person)
    had = {uid for uid, version in versions.items() if "conflict" in version["clocks"]}
    marked = {uid for uid in had if versions[uid]["conflict"]}
    return [
        *(f"two edits met, and there is no mark: {uid}" for uid in met - had),
        *(f"a mark, and no two edits that met: {uid}" for uid in marked - met - world.unsure),
    ]


def conflicts_are_told(world: World, person: Person) -> list[str]:
    """Of two edits whose makers had not seen each other's, the loser is marked in the history."""
    histories = Histories(world, person)
    found = []
    for uid, edits in histories.replaced(world, person).items():
        for edit in edits:
            if edit.place[2] in CONTESTED and lost_unseen(world, edit):
                told = [each for each in histories.of(uid) if each.stamp == edit.stamps[0]]
                marks = [each.conflict for each in told if each.field == edit.place[2]]
                world.notes["conflicts asked of a history"] += 1
                if marks != [True]:
                    found.append(f"nobody who wrote over it had seen it, and no mark: {edit}")
    return found


def lost_unseen(world: World, loser: Edit) -> bool:
    """Tell whether an edit has lost, for sure, to one that was made without knowing of it.

    For sure: nobody at all has seen it, whatever is stamped later was made by other devices, which
    said what they had seen instead and wanted something else, and nothing had to be stamped anew
    (S5) or may have come as an offer (R6), which says nothing of what was seen. Who is a clone, or
    a late copy, is the same device by its stamp.
    """
    if loser.relived or len(loser.stamps) > 1 or not (is_form(loser) or says_seen(loser)):
        return False
    others = [edit for edit in world.journal.at(loser.place) if edit is not loser]
    later = [edit for edit in others if max(edit.stamps) > loser.stamps[0]]
    if not later or any(loser is edit.seen for edit in others):
        return False
    return all(
        says_seen(edit)
        and not edit.relived
        and len(edit.stamps) == 1
        and edit.value != loser.value
        and edit.told != loser.stamps[0]
        and device_of(edit) != device_of(loser)
        for edit in later
    )


def says_seen(edit: Edit) -> bool:
    """Tell whether a device made an edit that says what was seen."""
    return edit.told is not None


def is_form(edit: Edit) -> bool:
    """Tell whether a form made an edit, which the server has before all others."""
    return edit.stamps[0].endswith(origins.FORM)


def device_of(edit: Edit) -> str:
    """Return which device made an edit, clones and copies being one."""
    return edit.stamps[0][21:29]
