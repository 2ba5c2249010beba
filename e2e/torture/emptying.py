"""What the emptying of the Trash may take: what was meant, and of each todo all or nothing (M3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from e2e.torture.world import Person, World, is_unsent
from todos import origins

EMPTY = {"text": "", "completed": False, "position": ""}  # what is set instead


@contextmanager
def emptying(world: World, person: Person, meant: Collection[str]) -> Iterator[set[str]]:
    """Watch what is emptied while the block runs; the set that is yielded has it in the end.

    Whatever else has gone is noted as a violation; what was taken is not owed any more.
    """
    before = all_of(world, person)
    emptied: set[str] = set()
    yield emptied
    after = all_of(world, person)
    for uid, name, stamp, _ in sorted(world.stored(person), key=str):
        is_new = ((person.name, uid, name), stamp) not in world.journal.by_stamp
        if stamp.endswith(origins.PRUNING) and is_new and name in EMPTY:
            seen = next((was for field, was, _ in before.get(uid, []) if field == name), None)
            note(world, person, uid, name, stamp, seen)
            emptied.add(uid)
    if extra := emptied - set(meant):
        world.caught.append(f"emptied although it was not in the Trash: {sorted(extra)}")
    for uid, had in before.items():
        gone = valued(had) - valued(after.get(uid, []))
        if gone and uid not in emptied:
            world.caught.append(f"the emptying of others took {gone} of {uid}")
        if uid in emptied and not person.browsers:  # which might just have sent it once more
            kept = [one for one in after[uid] if one in had and one[0] in EMPTY]
            world.caught += [f"the emptying left {one} of {uid}" for one in kept]
    give_up(world, person, emptied)


def all_of(world: World, person: Person) -> dict[str, list[tuple[str, str, Any]]]:
    """Return all fields, stamps and values of each todo that there are, what stands first."""
    found: dict[str, list[tuple[str, str, Any]]] = {}
    for uid, version in world.versions(person).items():
        stands = version["clocks"].items()
        found[uid] = [(name, stamp, version[name]) for name, stamp in stands]
    for uid, name, stamp, value in world.history(person):
        found.setdefault(uid, []).append((name, stamp, value))
    return found


def valued(values: list[tuple[str, str, Any]]) -> set[tuple[str, Any]]:
    """Return the values, whatever their stamps."""
    return {(name, value) for name, _, value in values}


def note(world: World, person: Person, uid: str, name: str, stamp: str, seen: str | None) -> None:
    """Note the edit that an emptying made of a field."""
    edit = world.journal.made(person.name, "empty", uid, name, EMPTY[name], stamp, seen)
    edit.acknowledged = True


def give_up(world: World, person: Person, emptied: set[str]) -> None:
    """Forgive what was taken on purpose: what these todos have no more."""
    world.unsure |= emptied
    rows = world.stored(person)
    there = {(uid, name, value) for uid, name, _, value in rows}
    stores = [device.store for device in person.all_devices()]
    for edit in world.journal.owed(person.name):
        if edit.place[1] in emptied and (*edit.place[1:], edit.value) not in there:
            edit.acknowledged = False
            if not any(is_unsent(edit.value, store) for store in stores):
                world.typed.pop(edit.value, None)
