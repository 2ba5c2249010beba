"""All that can happen: what hands do, syncs, forms, and what goes wrong with data and sessions."""

from __future__ import annotations

from random import Random

from e2e.torture import faults
from e2e.torture.client import Answered, Ask, Device
from e2e.torture.faults import Plan
from e2e.torture.store import Store, new_store
from e2e.torture.world import Person, World

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
        self.world.server.rows("DELETE FROM django_session WHERE session_key = ?", session)
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
