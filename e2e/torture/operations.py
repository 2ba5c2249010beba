"""All that can happen: what hands do, syncs, forms, and what goes wrong with data and sessions."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from e2e.torture import faults
from e2e.torture.client import Answered, Ask, Device, Store, new_store
from e2e.torture.faults import Plan
from e2e.torture.web import NETWORK_TROUBLE, Answer
from e2e.torture.world import Person, World
from todos.merge import Version
from todos.protocol import NEEDED

MINUTE = 60_000  # ms
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MOST_DEVICES = 5  # of one person; clones count
LONG_LIST = 40  # todos: many pages of the small ones


class Operations:
    """Each draws from the seed who does it, to what, and what goes wrong meanwhile."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random: Random = world.random
        self.copies: list[tuple[Device, Store]] = []  # what a device was some time ago
        self.in_flight: list[tuple[Device, Ask, Answered]] = []  # other tabs wait for the replies
        for person, devices in zip(world.people, (3, 2), strict=True):
            for _ in range(devices):
                person.new_device()
        world.back_up()
        self.add_many()

    def person(self) -> Person:
        """Draw somebody; most of it happens to the first."""
        return self.random.choices(self.world.people, (3, 1))[0]

    def device(self) -> Device:
        """Draw a device."""
        return self.random.choice(self.person().devices)

    def owner(self, device: Device) -> Person:
        """Return whose device it is."""
        return next(person for person in self.world.people if device in person.devices)

    # What hands do on a device

    def add(self) -> None:
        person = self.person()
        device = self.random.choice(person.devices)
        uid = self.new_id(person)
        device.add(uid, self.world.new_text(person, device.name))

    def add_many(self) -> None:
        """Fill the list, so that it takes many pages and many batches."""
        person = self.person()
        device = self.random.choice(person.devices)
        if len(device.live()) < LONG_LIST:
            for _ in range(self.random.randint(5, 20)):
                device.add(self.new_id(person), self.world.new_text(person, device.name))

    def new_id(self, person: Person) -> str:
        """Return a new id, now and then the one of another person's todo: ids are one's own."""
        others = [one for one in self.world.people if one is not person]
        taken = [uid for one in others for device in one.devices for uid in device.store.todos]
        own = {uid for device in person.devices for uid in device.store.todos}
        free = sorted(set(taken) - own - self.world.journal.ids.get(person.name, set()))
        if free and self.random.random() < 0.05:
            return self.random.choice(free)
        return new_uuid(self.random)

    def rename(self) -> None:
        device = self.device()
        for uid in self.some(device, 1):
            text = self.world.new_text(self.owner(device), device.name)
            device.edit([uid], "rename", text=text)

    def write_too_much(self) -> None:
        """Write a text that the server will refuse: it blocks nothing else (F39)."""
        device = self.device()
        for uid in self.some(device, 1):
            text = self.world.new_text(self.owner(device), device.name)
            device.edit([uid], "rename", text=text.ljust(2_001, "!"))

    def toggle(self) -> None:
        device = self.device()
        for uid in self.some(device, 1):
            completed = not device.known(uid).shown["completed"]
            device.edit([uid], "toggle", completed=completed)

    def toggle_all(self) -> None:
        device = self.device()
        completed = self.random.random() < 0.5
        others = [one.id for one in device.live() if one.shown["completed"] != completed]
        if others:
            device.edit(others, "toggle", completed=completed)

    def delete(self) -> None:
        device = self.device()
        for uid in self.some(device, 1):
            device.remove([uid])

    def clear_completed(self) -> None:
        device = self.device()
        done = [record.id for record in device.live() if record.shown["completed"]]
        if done:
            device.remove(done)

    def undo(self) -> None:
        device = self.device()
        if device.undo:
            device.restore(*device.undo.pop())

    def restore_from_trash(self) -> None:
        """Take somebody's deletion back, of a todo that is known whole."""
        device = self.device()
        gone = [
            record.id
            for record in device.store.todos.values()
            if record.shown["deleted"] and len(record.shown["clocks"]) >= len(NEEDED)
        ]
        if gone:
            device.edit([self.random.choice(sorted(gone))], "undelete", deleted=False)

    def move(self) -> None:
        device = self.device()
        for uid in self.some(device, 1):
            device.move(uid, self.random.randrange(len(device.live())))

    def some(self, device: Device, count: int) -> list[str]:
        """Draw todos that a device shows; fewer if there are not as many."""
        live = [record.id for record in device.live()]
        return self.random.sample(live, min(count, len(live)))

    # Syncs

    def sync(self) -> None:
        """Sync a device, through whatever goes wrong on the way."""
        device = self.device()
        if self.random.random() < 0.6:
            self.world.proxy.plan(device.name, self.trouble(device))
        self.attempt(device)

    def trouble(self, device: Device) -> Plan:
        """Draw what happens to a device's next request."""
        names = list(faults.ON_THE_WAY)
        # A restart takes a second; and there is more to kill while something is being written.
        rare = 1.0 if device.unsynced() else 0
        weights = [rare if name == "server killed" else 1 for name in names]
        return self.plan(self.random.choices(names, weights)[0])

    def plan(self, fault: str) -> Plan:
        """Draw how exactly a fault is to happen."""
        slow = self.random.choice((3_000, 20_000, MINUTE))
        ms = self.random.randint(1, 25) if fault == "server killed" else slow
        return Plan(fault, self.random.random() < 0.5, ms)

    def attempt(self, device: Device) -> str:
        """Sync a device; where the session is gone, log in again with a chance of a half."""
        heads, kills = self.world.heads(), self.world.counts["server killed"]
        outcome = device.sync()
        self.world.proxy.plans.pop(device.name, None)
        if self.world.counts["server killed"] > kills:
            committed = self.world.heads() > heads
            self.world.notes["killed after the commit" if committed else "killed before it"] += 1
        self.world.notes[f"sync: {outcome}"] += 1
        if outcome == "signed-out" and self.random.random() < 0.5:
            self.enter(device)
        return outcome

    def enter(self, device: Device) -> None:
        """Log in as the device's owner."""
        device.web.cookies.clear()
        self.owner(device).enter(device)

    def sync_in_another_tab(self) -> None:
        """Send a request whose reply arrives only when others have been here."""
        device = self.device()
        ask = device.prepare(device.limits["todosPerRequest"])
        answer = device.post(ask)
        if isinstance(answer, Answered):
            self.in_flight.append((device, ask, answer))

    def reply_arrives(self) -> None:
        if self.in_flight:
            device, ask, answer = self.in_flight.pop(self.random.randrange(len(self.in_flight)))
            if device.standing != ask.standing:
                self.world.counts["reply late"] += 1
            device.apply(ask, answer)

    def reload(self) -> None:
        self.owner(device := self.device()).enter(device)

    def late_requests_arrive(self) -> None:
        """Deliver some of the requests that were held back, in any order."""
        held = self.world.proxy.held
        for _ in range(self.random.randint(0, len(held))):
            index = self.random.randrange(len(held))
            if index:
                self.world.counts["out of order"] += 1
            self.world.proxy.deliver(index)

    def time_passes(self) -> None:
        self.world.ground.pass_time(self.random.choice((5_000, MINUTE, 4 * MINUTE, HOUR)))

    # Without JavaScript

    def look(self) -> None:
        self.person().look()

    def form_add(self) -> None:
        person = self.person()
        page = person.page or person.look()
        text = self.world.new_text(person, "a form")
        self.submit(person, "/todos/add/", id=page.new_id, text=text, back="/")
        self.world.note_form_add(person, text)

    def form_rename(self) -> None:
        def edit(person: Person, todo: Version) -> None:
            text = self.world.new_text(person, "a form")
            self.submit(person, f"/todos/{todo['id']}/edit/", shown=todo["text"], text=text)
            self.world.note_form(person, "rename", todo["id"], "text", text, todo)

        self.by_form(edit)

    def form_toggle(self) -> None:
        def edit(person: Person, todo: Version) -> None:
            shown, wanted = ("on", "") if todo["completed"] else ("", "on")
            self.submit(person, f"/todos/{todo['id']}/toggle/", shown=shown, completed=wanted)
            self.world.note_form(person, "toggle", todo["id"], "completed", bool(wanted), todo)

        self.by_form(edit)

    def form_delete(self) -> None:
        def edit(person: Person, todo: Version) -> None:
            self.submit(person, f"/todos/{todo['id']}/delete/")
            self.world.note_form(person, "delete", todo["id"], "deleted", True, todo)

        self.by_form(edit)

    def form_clear_completed(self) -> None:
        person = self.person()
        page = person.page or person.look()
        done = [todo for todo in page.todos if todo["completed"]]
        if done:
            ids = [todo["id"] for todo in done]
            self.submit(person, "/todos/clear-completed/", shown_completed=ids)
            for todo in done:
                self.world.note_form(person, "delete", todo["id"], "deleted", True, todo)

    def by_form(self, edit: Callable[[Person, Version], None]) -> None:
        """Let somebody use a form of a row, on a page that may have become stale."""
        person = self.person()
        page = person.page or person.look()
        if page.todos:
            edit(person, self.random.choice(page.todos))

    def submit(self, person: Person, path: str, **fields: object) -> None:
        """Submit a form, through whatever goes wrong; nobody tries again."""
        if self.random.random() < 0.4:
            fault = self.random.choice(FORM_FAULTS)
            self.world.proxy.plan(person.paper.name, self.plan(fault))
        try:
            answer = person.paper.submit(path, **fields)
        except NETWORK_TROUBLE:
            answer = Answer(0, "")
        self.world.proxy.plans.pop(person.paper.name, None)
        if answer.status != 302 or self.random.random() < 0.7:
            person.look()

    def trespass(self) -> None:
        """Use a form on another person's todo: there is none."""
        mine, theirs = self.random.sample(self.world.people, 2)
        own = self.world.versions(mine)
        page = theirs.look()
        for todo in [todo for todo in page.todos if todo["id"] not in own][:1]:
            mine.look()
            for verb in ("toggle", "edit", "delete"):
                path = f"/todos/{todo['id']}/{verb}/"
                answer = mine.paper.submit(path, completed="on", shown="", text="not mine")
                if answer.status != 404:
                    self.world.leaks.append(f"{mine.name} reached {path}: {answer.status}")

    # What goes wrong with the server's data, with devices and with sessions

    def back_up(self) -> None:
        self.world.back_up()

    def database_restored(self) -> None:
        self.in_flight.clear()  # the server is stopped for it, so connections break
        self.world.restore(self.random.choice(self.world.backups))
        self.world.counts["database restored"] += 1

    def copy_device(self) -> None:
        device = self.device()
        self.copies.append((device, device.store.copy()))
        self.world.note_copy(device.store)

    def device_wiped(self) -> None:
        self.replace(device := self.device(), new_store(self.random))
        device.web.cookies.clear()
        self.owner(device).enter(device)
        self.world.counts["device wiped"] += 1

    def device_rolled_back(self) -> None:
        if self.copies:
            device, store = self.copies.pop(self.random.randrange(len(self.copies)))
            self.replace(device, store)
            self.owner(device).enter(device)
            self.world.counts["device rolled back"] += 1

    def replace(self, device: Device, store: Store) -> None:
        """Give a device another store; its tabs are gone with the old one."""
        old, device.store = device.store, store
        self.in_flight = [one for one in self.in_flight if one[0] is not device]
        self.world.discard(self.owner(device), old)

    def device_cloned(self) -> None:
        person = self.person()
        if len(person.devices) < MOST_DEVICES:
            original = self.random.choice(person.devices)
            clone = person.new_device()
            clone.store, clone.offset = original.store.copy(), original.offset
            self.world.note_copy(original.store)
            clone.web.cookies = dict(original.web.cookies)
            person.enter(clone)
            self.world.counts["device cloned"] += 1

    def session_lost(self) -> None:
        """Let the server forget a session; what the device says then is counted by the world."""
        device = self.device()
        session = device.web.cookies.get("sessionid")
        database = self.world.connect()
        with database:
            database.execute("DELETE FROM django_session WHERE session_key = ?", (session,))
        database.close()
        self.attempt(device)

    def session_of_another(self) -> None:
        """Let somebody else log in in a device's browser, behind a page that is still open."""
        device = self.device()
        other = next(one for one in self.world.people if device not in one.devices)
        other.look()
        device.web.cookies = dict(other.paper.cookies)
        self.attempt(device)
        self.enter(device)

    def csrf_rotated(self) -> None:
        device = self.device()
        device.web.cookies.pop("csrftoken", None)
        self.attempt(device)

    def clock_wrong(self) -> None:
        device = self.device()
        furthest = self.random.choice((10 * MINUTE, HOUR, DAY, 365 * DAY))
        device.offset = self.random.randint(-furthest, furthest)
        self.world.counts["clock wrong"] += 1

    def clock_a_little_ahead(self) -> None:
        """Put a clock ahead of what the device takes for the time, by what is still stored."""
        device = self.device()
        device.offset += self.random.randint(MINUTE // 6, 4 * MINUTE)
        self.world.counts["clock a little ahead"] += 1


def new_uuid(random: Random) -> str:
    """Return a random id in the form of the wire."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


FORM_FAULTS = [
    "request dropped",
    "reply dropped",
    "request duplicated",
    "error 500",
    "error 503",
    "html",
    "truncated",
]

WEIGHTS: dict[Callable[[Operations], None], float] = {
    Operations.add: 10,
    Operations.add_many: 1,
    Operations.rename: 12,
    Operations.write_too_much: 1,
    Operations.toggle: 8,
    Operations.toggle_all: 1,
    Operations.delete: 5,
    Operations.clear_completed: 1,
    Operations.undo: 3,
    Operations.restore_from_trash: 2,
    Operations.move: 5,
    Operations.sync: 30,
    Operations.sync_in_another_tab: 4,
    Operations.reply_arrives: 4,
    Operations.reload: 3,
    Operations.late_requests_arrive: 4,
    Operations.time_passes: 3,
    Operations.look: 3,
    Operations.form_add: 2,
    Operations.form_rename: 3,
    Operations.form_toggle: 2,
    Operations.form_delete: 1.5,
    Operations.form_clear_completed: 0.5,
    Operations.trespass: 0.5,
    Operations.back_up: 2,
    Operations.database_restored: 1,
    Operations.copy_device: 2,
    Operations.device_wiped: 0.5,
    Operations.device_rolled_back: 1.5,
    Operations.device_cloned: 0.8,
    Operations.session_lost: 1,
    Operations.session_of_another: 0.7,
    Operations.csrf_rotated: 1,
    Operations.clock_wrong: 2.5,
    Operations.clock_a_little_ahead: 1,
}
