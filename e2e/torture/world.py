"""Who is there: one server behind the proxy, people, their devices, and backups of everything."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from e2e.server import ROOT, Server
from e2e.torture.client import Device
from e2e.torture.faults import Counts
from e2e.torture.journal import Journal
from e2e.torture.past import Past, Trash
from e2e.torture.proxy import Proxy, Reply, Request
from e2e.torture.record import all_copies
from e2e.torture.store import Store, new_store
from e2e.torture.tables import Value, read_conflicts, read_history, read_versions
from e2e.torture.verdicts import stored_in, wrong_in
from e2e.torture.web import Page, Web
from todos import origins
from todos.fields import NEEDED
from todos.merge import Version

START = 1_800_000_000_000  # ms: when every seed begins
SMALL = {"TORTURE_PAGE": "7", "TORTURE_BATCH": "9"}
RESTORED = {"deleted": {False}, "completed": {False}}  # what else a todo needs to live again

if TYPE_CHECKING:
    from e2e.torture.browser import BrowserDevice


class Violation(AssertionError):
    """Something that must hold does not."""


class Ground:
    """The server and the proxy before it, which all seeds share; each has people of its own."""

    def __init__(self, folder: Path, made: Path | None = None, **environment: str) -> None:
        self.clock = folder / "clock"
        self.trace = False
        self.set(START)
        self.server = Server(
            folder,
            ROOT,
            made=made,
            DJANGO_SETTINGS_MODULE="e2e.torture.settings",
            TORTURE_CLOCK=str(self.clock),
            **{**SMALL, **environment},
        )
        self.server.prepare().start()
        self.world: World | None = None
        self.proxy = Proxy(
            self.server.port, self.observe, self.server.kill, self.server.start, self.pass_time
        )

    def set(self, now: int) -> None:
        """Set the true time (ms), for the server as for everybody."""
        self.now = now
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(now))
        os.replace(fresh, self.clock)

    def pass_time(self, ms: int) -> None:
        """Let some time pass."""
        self.set(self.now + ms)

    def observe(self, request: Request, reply: Reply) -> None:
        """Let the world of the present seed see what the server answered."""
        if self.world:
            self.world.observe(request, reply)

    def close(self) -> None:
        """End it all."""
        self.proxy.close()
        self.server.kill()


class Person:
    """Somebody with todos: devices, and a browser without JavaScript."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.tag = f"{name}:"  # begins every text of theirs, so a leak is a text search
        self.devices: list[Device] = []
        self.browsers: list[BrowserDevice] = []
        self.paper = Web(world.proxy.port, f"{name}-paper")
        self.page: Page | None = None  # what the browser without JavaScript shows, maybe stale
        self.trash: Trash | None = None  # the same of the Trash
        self.past: Past | None = None  # and of some todo's history
        self.paper.sign_up(name)

    def all_devices(self) -> list[Device | BrowserDevice]:
        """Return the devices and the real browsers."""
        return [*self.devices, *self.browsers]

    def new_device(self) -> Device:
        """Log in with a browser that was never here."""
        world = self.world
        world.devices_made += 1
        web = Web(world.proxy.port, f"{self.name}-{world.devices_made}")
        seed = world.random.getrandbits(32)
        device = Device(web, new_store(world.random), self.name, world.time, world.journal, seed)
        self.enter(device)
        self.devices.append(device)
        return device

    def enter(self, device: Device) -> None:
        """Load the page on a device, after a log-in if it has no session."""
        if not device.load():
            device.web.log_in(self.name)
            assert device.load()

    def look(self) -> Page:
        """Look at the page without JavaScript, after a log-in if that is needed."""
        self.page = self.paper.page()
        if self.page is None:
            self.paper.log_in(self.name)
            self.page = self.paper.page()
        assert self.page
        return self.page


class World:
    """One seed's people, and what is known about their edits."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground = ground
        self.seed = seed
        self.random = Random(seed)
        self.server, self.proxy = ground.server, ground.proxy
        self.proxy.counts = self.counts = Counts()
        self.proxy.held.clear()
        self.proxy.plans.clear()
        self.notes: Counter[str] = Counter()
        self.journal = Journal()
        self.caught: list[str] = []  # what did not hold, at once
        self.unsure: set[str] = set()  # todos whose conflicts may be gone, but for the mark
        self.copied: set[tuple[str, str, str]] = set()  # unsent stamps, by todo and field
        self.refused_for_good: list[Request] = []  # since the database was last replaced
        self.typed: dict[str, str] = {}  # into real browsers, and not typed over there: into which
        self.backups: list[Path] = []
        self.devices_made = 0
        self.texts = 0
        self.people: list[Person] = []
        ground.world = self
        ground.set(START)
        salt = os.urandom(3).hex()  # the same seed may run twice on one server
        for name in ("alice", "bob"):
            self.people.append(Person(self, f"{name}{seed}x{salt}"))

    def time(self) -> int:
        """Return the true time, ms."""
        return self.ground.now

    def trace(self, sentence: str) -> None:
        """Print what happens, where that was asked for."""
        if self.ground.trace:
            print(f"{self.time() - START:>12} {sentence}")

    def new_text(self, person: Person, maker: str) -> str:
        """Return a text that nobody has: whose it is, who wrote it, and a number."""
        self.texts += 1
        return f"{person.tag} {maker.removeprefix(person.name)} wrote {self.texts}"

    def close(self) -> None:
        """Let go of the backups; what still arrives is nobody's."""
        self.ground.world = None
        while self.backups:
            self.backups.pop().unlink()

    # What the proxy sees

    def observe(self, request: Request, reply: Reply) -> None:
        """Note what the server has said it has, and search its answer for others' texts."""
        for person in self.people:
            if person.tag.encode() in reply.body and not request.device.startswith(person.name):
                self.caught.append(f"{request.device} got a text of {person.name}: {request.path}")
        self.trace(f"    {request.device} {request.method} {request.path}: {reply.status}")
        if request.path != "/sync":
            return
        status = {401: "session lost", 403: "csrf rotated", 409: "session of another"}
        if reply.status in status:
            self.counts[status[reply.status]] += 1
        if reply.status == 200:
            user = next(one.name for one in self.people if request.device.startswith(one.name))
            todos = json.loads(request.body)["todos"]
            try:
                answer = json.loads(reply.body)
            except ValueError:  # a killed server's last words
                return
            if answer["reset"]:
                self.trace("        reset")
            for row in answer["todos"]:
                self.trace(f"        got {brief(row)}")
            for sent, result in zip(todos, answer["results"], strict=True):
                self.trace(f"        {result['status']} {result.get('errors', '')} {brief(sent)}")
                if wrong_in(result):
                    self.refused_for_good.append(request)
                if result["status"] == "incomplete":
                    continue
                for name, stamp in stored_in(sent, result)["clocks"].items():
                    self.journal.acknowledge(user, sent["id"], name, stamp, sent[name])

    # What the database has

    def versions(self, person: Person) -> dict[str, Version]:
        """Return a person's todos as they are stored, by id."""
        return read_versions(self.server, person.name)

    def history(self, person: Person) -> list[Value]:
        """Return a person's revisions: id, field, stamp, value."""
        return read_history(self.server, person.name)

    def conflicts(self, person: Person) -> set[str]:
        """Return the ids of a person's todos in whose history something lost by a conflict."""
        return read_conflicts(self.server, person.name)

    def heads(self) -> int:
        """Return a number that grows with every change of a todo."""
        [(total,)] = self.server.rows("SELECT sum(head) FROM todos_syncstate")
        return total or 0

    # Backups

    def back_up(self) -> None:
        """Keep a copy of the database as it is now."""
        self.backups.append(self.server.folder / f"backup-{self.seed}-{len(self.backups)}")
        self.server.database.back_up(self.backups[-1])

    def restore(self, backup: Path) -> None:
        """Replace the server's database by an older copy; forgive what nobody has any more.

        Only acknowledged values that the newer database had and the older one has not are at risk,
        and of those only what no device has either is given up (a stated residue). What a device
        has, as the server's copy or unsent, it must bring back.
        """
        with self.proxy.quiet():
            before = [self.stored(person) for person in self.people]
            self.unsure = self.unsure.union(*map(self.conflicts, self.people))
            for edit in self.journal.edits:
                edit.relived = True
            self.server.database.restore(backup)
            self.refused_for_good.clear()  # it may have forgotten whose clock was wrong
            for person, had in zip(self.people, before, strict=True):
                self.forgive(person, had)

    def note_copy(self, store: Store) -> None:
        """Note what a store has unsent that is being copied: from now on it is in two places."""
        for uid, record in store.todos.items():
            self.copied |= {(uid, name, edit.stamp) for name, edit in record.unsent.items()}

    def may_go(self, store: Store) -> None:
        """Expect no longer that the server gets what was typed and is unsent: it is undone, say."""
        for record in store.todos.values():
            if "text" in record.unsent:
                self.typed.pop(record.unsent["text"].value, None)

    def discard(self, person: Person, store: Store) -> None:
        """Forgive what only this store of a device could have brought back after a restore."""
        self.forgive(person, copies_in(store))

    def forgive(self, person: Person, had: set[Value]) -> None:
        """Give up on acknowledged values that were there, and are gone from everywhere now.

        One that a device has unsent only, having never heard that it was stored, counts as not
        acknowledged: the device sends it again, or its owner edits the field once more before.
        """
        stores = [device.store for device in person.all_devices()]
        kept = self.stored(person).union(*map(copies_in, stores))
        had_stamps, kept_stamps = stamped(had), stamped(kept)
        had_values, kept_values = valued(had), valued(kept)
        for edit in self.journal.owed(person.name):
            uid, name = edit.place[1:]
            stamps = {(uid, name, stamp) for stamp in edit.stamps}
            if stamps & had_stamps:
                edit.acknowledged = bool(stamps & kept_stamps)
            elif (uid, name, edit.value) in had_values:  # an equal one has taken its place (M1)
                edit.acknowledged = (uid, name, edit.value) in kept_values
            if not edit.acknowledged and not any(is_unsent(edit.value, store) for store in stores):
                self.typed.pop(edit.value, None)

    def stored(self, person: Person) -> set[Value]:
        """Return all values that the database has, history included."""
        return set(self.history(person)) | values_of(self.versions(person).values())

    # Edits made by forms

    def note_form(
        self, person: Person, kind: str, uid: str, name: str, value: Any, shown: Version | None
    ) -> None:
        """Note the edit that a form made, if it did; the page had shown `shown`."""
        place = (person.name, uid, name)
        seen = shown["clocks"].get(name) if shown else None
        for row in self.stored(person):
            stamp = row[2]
            known = (place, stamp) in self.journal.by_stamp
            if row == (uid, name, stamp, value) and stamp.endswith(origins.FORM) and not known:
                edit = self.journal.made(person.name, kind, uid, name, value, stamp, seen)
                edit.acknowledged = True

    def note_restored(
        self, person: Person, shown: dict[str, Version | None], texts: set[str]
    ) -> None:
        """Note the edits by which a form restored todos, if it did: each had one of these texts.

        `shown` is what the page had shown of each of them.
        """
        for uid, name, stamp, value in sorted(self.stored(person), key=str):
            known = ((person.name, uid, name), stamp) in self.journal.by_stamp
            if uid not in shown or not stamp.endswith(origins.FORM) or known:
                continue
            seen = (shown[uid] or {"clocks": {}})["clocks"].get(name)
            if name == "position" or value in RESTORED.get(name, texts):
                edit = self.journal.made(person.name, "restore", uid, name, value, stamp, seen)
                edit.acknowledged = True

    def note_form_add(self, person: Person, text: str) -> None:
        """Note the todo that a form added, if it did."""
        for uid, version in self.versions(person).items():
            if version["text"] == text:
                for name in NEEDED:
                    self.note_form(person, "add", uid, name, version[name], None)


def is_unsent(value: Any, store: Store) -> bool:
    """Tell whether a device still has to send a value."""
    unsent = [edit.value for one in store.todos.values() for edit in one.unsent.values()]
    return value in unsent


def copies_in(store: Store) -> set[Value]:
    """Return the values of the server's copies that a device has."""
    records = store.todos.values()
    copies = [{**copy, "id": one.id} for one in records for copy in all_copies(one)]
    return values_of([*copies, *store.replaced])


def values_of(versions: Iterable[Version]) -> set[Value]:
    """Return the values of some todos."""
    return {
        (version["id"], name, stamp, version[name])
        for version in versions
        for name, stamp in version["clocks"].items()
    }


def stamped(values: set[Value]) -> set[tuple[str, str, str]]:
    """Return the stamps under which there are values."""
    return {(uid, name, stamp) for uid, name, stamp, _ in values}


def valued(values: set[Value]) -> set[tuple[str, str, Any]]:
    """Return the values, whatever their stamps."""
    return {(uid, name, value) for uid, name, _, value in values}


def brief(version: Version) -> str:
    """Write a version on one line."""
    fields = [f"{name}={version[name]!r:.40} {stamp}" for name, stamp in version["clocks"].items()]
    return f"{version['id']}: {', '.join(fields)}"
