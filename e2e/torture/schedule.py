"""One seed: things happen one after the other, everything drains, what must hold is checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from e2e.torture import checks
from e2e.torture.client import Device
from e2e.torture.operations import DAY, MINUTE
from e2e.torture.past_operations import PastOperations
from e2e.torture.world import Person, Violation

MOST_ROUNDS = 30  # of syncs of all devices, before it is said that they do not come to an end


class Schedule(PastOperations):
    """One seed's run."""

    def run(self, operations: int) -> None:
        """Do so many things, let everything drain, and check what must hold."""
        names, weights = zip(*self.weights().items(), strict=True)
        for _ in range(operations):
            self.world.ground.pass_time(self.random.randint(1, 2_000))
            [do] = self.random.choices(names, weights)
            self.world.notes[do.__name__] += 1
            self.world.trace(do.__name__)
            do(self)
        self.drain()
        if self.world.refused_for_good:
            self.refused_requests_arrive()
            self.drain()
        checks.check(self.world)

    def weights(self) -> dict[Callable[[Any], None], float]:
        """Return what may happen, and how often."""
        return WEIGHTS

    def drain(self) -> None:
        """Faults off: everybody logs in, mends what was refused, and syncs until all is said."""
        world = self.world
        world.trace("drain")
        while world.proxy.held:
            world.proxy.deliver(self.random.randrange(len(world.proxy.held)))
        while self.in_flight:
            self.reply_arrives()
        for person in world.people:
            for device in person.devices:
                self.enter(device)
                self.mend(person, device)
        for _ in range(MOST_ROUNDS):
            heads = world.heads()
            outcomes = [self.finish(device) for one in world.people for device in one.devices]
            if set(outcomes) == {"synced"} and world.heads() == heads:
                return
            world.ground.pass_time(MINUTE)  # what is stamped a little ahead waits for its time
        raise Violation(f"it does not drain: {outcomes}")

    def refused_requests_arrive(self) -> None:
        """Deliver late copies of what a wrong clock stamped, now that its time has come (S5)."""
        self.world.trace("a year later")
        self.world.ground.pass_time(400 * DAY)
        for request in self.world.refused_for_good[:]:
            self.world.proxy.held.append(request)
            self.world.proxy.deliver(-1)

    def finish(self, device: Device) -> str:
        """Sync a device; it must not say that it is done while something is unsent."""
        outcome = device.sync()
        self.mend(self.owner(device), device)
        left = [record.id for record in device.unsynced()]
        return f"synced, but for {left}" if left and outcome == "synced" else outcome

    def mend(self, person: Person, device: Device) -> None:
        """Write what was too long again, and shorter."""
        for record in list(device.store.todos.values()):
            if record.parked:
                text = self.world.new_text(person, device.name)
                device.edit([record.id], "rename", text=text)


WEIGHTS: dict[Callable[[Any], None], float] = {
    Schedule.add: 10,
    Schedule.add_many: 1,
    Schedule.rename: 12,
    Schedule.write_too_much: 1,
    Schedule.toggle: 8,
    Schedule.toggle_all: 1,
    Schedule.meet: 3,
    Schedule.delete: 6,
    Schedule.clear_completed: 1,
    Schedule.move: 5,
    Schedule.sync: 30,
    Schedule.sync_in_another_tab: 4,
    Schedule.reply_arrives: 4,
    Schedule.reload: 3,
    Schedule.late_requests_arrive: 4,
    Schedule.time_passes: 3,
    Schedule.look: 3,
    Schedule.form_add: 2,
    Schedule.form_rename: 3,
    Schedule.form_toggle: 2,
    Schedule.form_delete: 2.5,
    Schedule.form_clear_completed: 0.5,
    Schedule.trespass: 0.5,
    Schedule.back_up: 2,
    Schedule.database_restored: 1,
    Schedule.copy_device: 2,
    Schedule.device_wiped: 0.5,
    Schedule.device_rolled_back: 1.5,
    Schedule.device_cloned: 0.8,
    Schedule.session_lost: 1,
    Schedule.session_of_another: 0.7,
    Schedule.csrf_rotated: 1,
    Schedule.clock_wrong: 2.5,
    Schedule.clock_a_little_ahead: 1,
    Schedule.undo: 6,
    Schedule.redo: 3,
    Schedule.restore_deleted: 1.5,
    Schedule.restore_text: 4,
    Schedule.look_at_conflict: 2,
    Schedule.form_look_at_conflict: 0.5,
    Schedule.open_history: 0.5,
    Schedule.form_restore_text: 2,
    Schedule.look_at_trash: 1,
    Schedule.form_restore: 1.5,
    Schedule.form_restore_all: 0.5,
    Schedule.form_empty_trash: 1.5,
    Schedule.prune: 0.25,
}
