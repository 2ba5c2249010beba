"""What must hold once everything has drained: nothing lost, leaked or doubled, and all agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from e2e.torture.journal import Edit
from e2e.torture.past_checks import (
    conflicts_are_marked,
    conflicts_are_told,
    history_tells_all,
    is_servers_own,
    undo_takes_back_its_own,
)
from e2e.torture.record import DEFAULTS
from e2e.torture.tables import Value
from e2e.torture.world import Person, Violation, World, values_of
from todos.merge import Version, fingerprint


def check(world: World) -> None:
    """Raise Violation with everything that does not hold."""
    found = list(world.caught)
    for person in world.people:
        for holds in CHECKS:
            found += [f"{holds.__name__}: {person.name}: {each}" for each in holds(world, person)]
    if found:
        raise Violation("\n".join([f"seed {world.seed}:", *found]))


def in_order(versions: dict[str, Version]) -> list[Version]:
    """Return the live ones in the order of the list (M11)."""
    live = [version for version in versions.values() if not version["deleted"]]
    return sorted(live, key=lambda version: (version["position"], version["id"]))


def devices_agree(world: World, person: Person) -> list[str]:
    """Every device shows the server's list, and what else it keeps is as the server has it.

    A fresh device too, which logs in now.
    """
    stored = world.versions(person)
    fresh = person.new_device()
    outcome = fresh.sync()
    found = [] if outcome == "synced" else [f"a fresh device: {outcome}"]
    for device in person.all_devices():
        shown = {record.id: record.shown for record in device.store.todos.values()}
        for uid in shown.keys() | {version["id"] for version in in_order(stored)}:
            ours, theirs = shown.get(uid), stored.get(uid)
            if ours != (DEFAULTS | theirs if theirs else None):
                found.append(f"{device.name} has {ours}, the server {theirs}")
        if [record.id for record in device.live()] != [one["id"] for one in in_order(stored)]:
            found.append(f"{device.name} shows another list")
    return found


def page_agrees(world: World, person: Person) -> list[str]:
    """The page without JavaScript shows the same list."""
    person.look()
    shown = person.paper.whole_list()
    stored = in_order(world.versions(person))
    return [] if shown == stored else [f"the page shows {shown}, the server has {stored}"]


def nothing_is_lost(world: World, person: Person) -> list[str]:
    """Every acknowledged value is in the final state or in the history (M2).

    But for what the Trash held when it was emptied, or pruned.
    """
    there = {(uid, name, value) for uid, name, _, value in world.history(person)}
    for uid, version in world.versions(person).items():
        there |= {(uid, name, version[name]) for name in version["clocks"]}
    owed = world.journal.owed(person.name)
    return [f"lost: {edit}" for edit in owed if (*edit.place[1:], edit.value) not in there]


def nothing_beats_what_replaced_it(world: World, person: Person) -> list[str]:
    """No final value is one that another, acknowledged value of the field had replaced.

    One stated residue: an edit that two copies of a device both had unsent may, sent by the other
    one, beat a later edit that the one made of it, if a wrong clock had that stamped anew, or both
    copies of the first.
    """
    final = final_edits(world, person)
    found = []
    for edit in world.journal.owed(person.name):
        winner = final.get(edit.place)
        if not winner or winner is edit or winner not in edit.ancestors():
            continue
        in_two_places = any((*edit.place[1:], stamp) in world.copied for stamp in winner.stamps)
        stamped_anew = len(edit.stamps) > 1 or len(winner.stamps) > 2
        if not (in_two_places and stamped_anew):
            found.append(f"{winner} stands, although it was replaced by {edit}")
    return found


def deletes_stay(world: World, person: Person) -> list[str]:
    """A todo with an acknowledged deletion is deleted, unless somebody took a deletion back.

    Whoever did that to one that had been emptied did so in vain: then the server's own stands.
    """
    final, versions = final_edits(world, person), world.versions(person)
    return [
        f"{edit} is undone by {final.get(edit.place)}"
        for edit in world.journal.owed(person.name)
        if edit.place[2] == "deleted" and edit.value
        if not versions.get(edit.place[1], {"deleted": False})["deleted"]
        if not (winner := final.get(edit.place)) or not is_undelete(winner)
    ]


def is_undelete(edit: Edit) -> bool:
    """Tell whether an edit took a deletion back; of a real browser that is not known."""
    return not edit.value and edit.kind != "add"


def what_lives_can_be_read(world: World, person: Person) -> list[str]:
    """No todo lives without a text: what was emptied does not come back as nothing (M3)."""
    live = in_order(world.versions(person))
    return [f"lives without a text: {one}" for one in live if not one["text"]]


def values_are_as_made(world: World, person: Person) -> list[str]:
    """Under each stamp stands the value that was made under it, and nothing nobody made."""
    found = []
    for uid, name, stamp, value in current_values(world, person) + world.history(person):
        if is_servers_own(name, stamp, value):
            continue
        edit = world.journal.by_stamp.get(((person.name, uid, name), stamp))
        if edit is None or edit.value != value:
            found.append(f"{name}={value!r} of {uid} under {stamp}: made was {edit}")
    return found


def nothing_is_anothers(world: World, person: Person) -> list[str]:
    """Every text that is stored for a person is one that this person wrote, or was emptied."""
    texts = [value for _, name, _, value in current_values(world, person) if name == "text"]
    texts += [value for _, name, _, value in world.history(person) if name == "text"]
    return [f"a foreign text: {text}" for text in texts if text and not text.startswith(person.tag)]


def nothing_is_doubled(world: World, person: Person) -> list[str]:
    """A text belongs to one todo, and the history has each value under each stamp once."""
    rows = current_values(world, person) + world.history(person)
    owners = {(uid, value) for uid, name, _, value in rows if name == "text" and value}
    texts = Counter(value for _, value in owners)
    history = Counter(world.history(person))
    return [
        *(f"in {count} todos: {text}" for text, count in texts.items() if count > 1),
        *(f"{count} times in the history: {row}" for row, count in history.items() if count > 1),
    ]


def counts_are_right(world: World, person: Person) -> list[str]:
    """What the server counts is what it has."""
    live = in_order(world.versions(person))
    counted = [len(live), sum(one["completed"] for one in live)]
    counted.append(sum(map(fingerprint, live)) % 2**32)
    [state] = world.server.rows(
        "SELECT live, completed, digest FROM todos_syncstate"
        " JOIN accounts_user ON accounts_user.id = user_id WHERE username = ?",
        person.name,
    )
    return [] if list(state) == counted else [f"counted {state}, there are {counted}"]


def trash_is_right(world: World, person: Person) -> list[str]:
    """What is marked as in the Trash is deleted and has something left, and all such is (M3)."""
    wrong = world.server.rows(
        "SELECT uid, trashed_at FROM todos_todo JOIN accounts_user ON accounts_user.id = user_id"
        " WHERE username = ? AND (trashed_at IS NOT NULL) <> (deleted AND (text <> '' OR completed"
        " OR position <> '' OR todos_todo.id IN (SELECT todo_id FROM todos_revision)))",
        person.name,
    )
    return [f"{uid}: {time}" for uid, time in wrong]


def self_checks_agree(world: World, person: Person) -> list[str]:
    """No device was ever found to hold anything else than it should (R7).

    After a restored database one may be: a page has shown it what no sync has brought yet.
    """
    [(count,)] = world.server.rows(
        "SELECT coalesce(sum(divergences), 0) FROM accounts_device"
        " JOIN accounts_user ON accounts_user.id = user_id WHERE username = ?",
        person.name,
    )
    restored = world.counts["database restored"]
    return [f"{count} divergences"] if count and not restored else []


def current_values(world: World, person: Person) -> list[Value]:
    """Return all values that stand."""
    return sorted(values_of(world.versions(person).values()), key=str)


def final_edits(world: World, person: Person) -> dict[tuple[str, str, str], Edit]:
    """Return for each field of each todo the edit whose value stands."""
    found = {}
    for uid, name, stamp, _ in current_values(world, person):
        place = (person.name, uid, name)
        if (place, stamp) in world.journal.by_stamp:
            found[place] = world.journal.by_stamp[place, stamp]
    return found


CHECKS: list[Callable[[World, Person], list[str]]] = [
    devices_agree,
    page_agrees,
    nothing_is_lost,
    history_tells_all,
    nothing_beats_what_replaced_it,
    deletes_stay,
    undo_takes_back_its_own,
    conflicts_are_marked,
    conflicts_are_told,
    what_lives_can_be_read,
    values_are_as_made,
    nothing_is_anothers,
    nothing_is_doubled,
    counts_are_right,
    trash_is_right,
    self_checks_agree,
]
