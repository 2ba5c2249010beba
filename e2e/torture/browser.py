"""Real browsers among the devices: the scripts themselves, behind the same proxy.

What hands do in them is drawn from the seed; when they sync is their own business.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

from e2e import actions
from e2e.torture import faults
from e2e.torture.record import Record, Unsent
from e2e.torture.schedule import Schedule
from e2e.torture.store import Store
from e2e.torture.web import PASSWORD
from e2e.torture.world import Person, Violation, World

LONGEST_LOOK = 5_000  # ms for a row to be there: another device may just have changed it
MOST_ROWS = 40


class BrowserDevice:
    """One browser profile, with one tab."""

    def __init__(self, world: World, person: Person, browser: Browser, state: Any = None) -> None:
        world.devices_made += 1
        self.world = world
        self.person = person
        self.browser = browser
        self.name = f"{person.name}-{world.devices_made}"
        self.open(state)

    def open(self, state: Any) -> None:
        """Start the profile from what another had, or from nothing."""
        self.context: BrowserContext = self.browser.new_context(
            base_url=f"http://127.0.0.1:{self.world.proxy.port}",
            extra_http_headers={"X-Device": self.name},
            storage_state=state,
            service_workers="block",  # no request of the page's gets past the faults
        )
        # What a page sends as it goes carries no name, by which the proxy would know whose it is.
        self.context.add_init_script(actions.SILENT_FAREWELL)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(LONGEST_LOOK)
        self.enter()

    def enter(self) -> None:
        """Load the list, after a log-in if there is no session."""
        self.page.goto("/")
        if "/login/" in self.page.url:
            actions.log_in(self.page, self.person.name, PASSWORD)
        actions.ready(self.page)

    def state(self) -> Any:
        """Return a copy of all that the profile has."""
        return self.context.storage_state(indexed_db=True)

    def replace(self, state: Any) -> None:
        """Close the profile, and start it again from an older copy, or from nothing."""
        old = self.store
        self.context.close()
        self.world.proxy.plans.pop(self.name, None)
        self.open(state)
        self.world.discard(self.person, old)
        self.world.may_go(old)

    @property
    def store(self) -> Store:
        """What its IndexedDB has, in the form of a simulated device's."""
        return Store("", "", {record["id"]: read(record) for record in actions.local(self.page)})

    def live(self) -> list[Record]:
        """Return what is to be shown, in its order."""
        found = [record for record in self.store.todos.values() if record.live]
        return sorted(found, key=lambda record: (record.shown["position"], record.id))

    def titles(self) -> list[str]:
        """Return what the page shows."""
        return actions.titles(self.page).all_text_contents()


def read(record: dict[str, Any]) -> Record:
    """Read a record of IndexedDB."""
    unsent = {
        name: Unsent(edit["value"], edit["stamp"], edit["wall"], edit["seen"])
        for name, edit in record["unsent"].items()
    }
    return Record(record["id"], record["server"], unsent, tuple(record.get("offered", ())))


class BrowserSchedule(Schedule):
    """A run in which some devices are real browsers of the first person."""

    def __init__(self, world: World, browser: Browser) -> None:
        super().__init__(world)
        self.browser = browser
        self.first = world.people[0]
        self.states: list[Any] = []
        self.first.browsers.append(BrowserDevice(world, self.first, browser))

    def weights(self) -> dict[Callable[[Any], None], float]:
        """Return what may happen, and how often."""
        return {**super().weights(), **BROWSER_WEIGHTS}

    def hand(self, do: Callable[[BrowserDevice, str], None]) -> None:
        """Do something to a row of a browser, unless it goes away meanwhile."""
        device = self.random.choice(self.first.browsers)
        self.disturb(device)
        titles = device.titles()
        if not titles:
            return
        try:
            do(device, self.random.choice(titles))
        except TimeoutError:
            self.world.notes["a row went away under a hand"] += 1

    def disturb(self, device: BrowserDevice) -> None:
        """Let something happen to a browser's next request, with a chance of a half."""
        if self.random.random() < 0.5:
            names = list(faults.ON_THE_WAY)
            weights = [0.3 if name == "server killed" else 1 for name in names]
            plan = self.plan(self.random.choices(names, weights)[0])
            self.world.proxy.plan(device.name, plan)

    def type_new(self) -> None:
        device = self.random.choice(self.first.browsers)
        self.disturb(device)
        if len(device.titles()) < MOST_ROWS:
            text = self.world.new_text(self.first, device.name)
            self.world.typed[text] = device.name
            actions.add_todo(device.page, text)

    def type_over(self) -> None:
        def rename(device: BrowserDevice, title: str) -> None:
            text = self.world.new_text(self.first, device.name)
            self.world.journal.replaced[text] = title
            actions.rename(device.page, title, text)
            actions.eventually(lambda: actions.local_todo(device.page, text), device.page)
            self.world.typed[text] = device.name
            if self.world.typed.get(title) == device.name:
                del self.world.typed[title]  # it may never have been sent

        self.hand(rename)

    def tick(self) -> None:
        self.hand(lambda device, title: actions.toggle(device.page, title))

    def press_delete(self) -> None:
        self.hand(lambda device, title: actions.delete(device.page, title))

    def press_undo(self) -> None:
        self.press(".toast .undo", ".undo-last")
        if self.random.random() < 0.5:
            self.press(".redo-last")

    def press_redo(self) -> None:
        self.press(".redo-last")

    def press(self, *buttons: str) -> None:
        """Press one of the buttons that take something back, where there is anything."""
        device = self.random.choice(self.first.browsers)
        self.disturb(device)
        for name in self.random.sample(buttons, len(buttons)):
            button = device.page.locator(name)
            if button.is_visible() and button.is_enabled():
                self.world.may_go(device.store)
                button.click()
                self.world.notes[f"pressed {name}"] += 1
                return

    def restore_from_history(self) -> None:
        """Open the history of a todo, and restore one of its texts, if there is another one."""

        def restore(device: BrowserDevice, title: str) -> None:
            link = actions.row(device.page, title).get_by_role("link", name="History of")
            past = device.page.get_by_role("dialog", name="History")
            link.click()
            try:
                hint = past.get_by_role("status")
                actions.eventually(lambda: "Asking" not in hint.inner_text(), device.page)
                buttons = past.get_by_role("button", name="Restore").all()
                if buttons:
                    self.world.may_go(device.store)
                    self.random.choice(buttons).click()
                    self.world.notes["restored from a dialog"] += 1
            finally:
                if past.is_visible():
                    past.get_by_role("button", name="Close").click()

        self.hand(restore)

    def press_reload(self) -> None:
        self.random.choice(self.first.browsers).enter()

    def press_sync_now(self) -> None:
        self.random.choice(self.first.browsers).page.locator(".sync-now").click()

    def browser_session_lost(self) -> None:
        self.random.choice(self.first.browsers).context.clear_cookies(name="sessionid")

    def browser_copied(self) -> None:
        device = self.random.choice(self.first.browsers)
        self.states.append(device.state())
        self.world.note_copy(device.store)

    def browser_rolled_back(self) -> None:
        if self.states:
            device = self.random.choice(self.first.browsers)
            device.replace(self.states.pop(self.random.randrange(len(self.states))))
            self.world.counts["device rolled back"] += 1

    def browser_cloned(self) -> None:
        if len(self.first.browsers) < 2:
            state = self.first.browsers[0].state()
            self.world.note_copy(self.first.browsers[0].store)
            self.first.browsers.append(BrowserDevice(self.world, self.first, self.browser, state))
            self.world.counts["device cloned"] += 1

    def browser_wiped(self) -> None:
        self.random.choice(self.first.browsers).replace(None)
        self.world.counts["device wiped"] += 1

    def drain(self) -> None:
        """Faults off: the simulated devices drain, then the browsers, then all see the result."""
        self.world.proxy.plans.clear()
        for device in self.first.browsers:
            device.enter()
            self.settle(device)
        super().drain()
        for device in self.first.browsers:
            self.settle(device)
        super().drain()
        for device in self.first.browsers:
            self.settle(device)
            self.check(device)

    def settle(self, device: BrowserDevice) -> None:
        """Wait until a browser says that everything is saved."""

        def is_saved() -> bool:
            status = actions.status(device.page)
            if status.get_attribute("data-state") not in ("synced", "syncing"):
                self.world.ground.pass_time(1_000)  # what is stamped a little ahead waits for it
                device.page.locator(".sync-now").click()
            return status.get_attribute("data-state") == "synced" and not any(
                record.unsent or record.offered for record in device.store.todos.values()
            )

        device.page.locator(".sync-now").click()
        actions.eventually(is_saved, device.page)

    def check(self, device: BrowserDevice) -> None:
        """A browser's page shows what the server has, and nothing typed is lost."""
        world, person = self.world, self.first
        stored = world.versions(person)
        live = [one for one in stored.values() if not one["deleted"]]
        wanted = [one["text"] for one in sorted(live, key=lambda one: (one["position"], one["id"]))]
        actions.eventually(lambda: device.titles() == wanted, device.page)
        there = {one["text"] for one in stored.values()}
        there |= {value for _, name, _, value in world.history(person) if name == "text"}
        if lost := set(world.typed) - there:
            raise Violation(f"typed into a browser, and lost: {sorted(lost)}")


BROWSER_WEIGHTS: dict[Callable[[Any], None], float] = {
    Schedule.back_up: 4,
    Schedule.database_restored: 4,
    BrowserSchedule.type_new: 14,
    BrowserSchedule.type_over: 18,
    BrowserSchedule.tick: 12,
    BrowserSchedule.press_delete: 6,
    BrowserSchedule.press_undo: 6,
    BrowserSchedule.press_redo: 3,
    BrowserSchedule.restore_from_history: 4,
    BrowserSchedule.press_reload: 4,
    BrowserSchedule.press_sync_now: 14,
    BrowserSchedule.browser_session_lost: 1,
    BrowserSchedule.browser_copied: 2,
    BrowserSchedule.browser_rolled_back: 2,
    BrowserSchedule.browser_cloned: 2,
    BrowserSchedule.browser_wiped: 1,
}


def run_with_browser(world: World, operations: int, browser: Browser | None = None) -> None:
    """Run a seed with real browsers among the devices; start Chromium where none is given."""
    if browser:
        run(world, operations, browser)
        return
    with sync_playwright() as playwright:
        path = os.environ.get("E2E_BROWSER")
        own = playwright.chromium.launch(executable_path=path)
        try:
            run(world, operations, own)
        finally:
            own.close()


def run(world: World, operations: int, browser: Browser) -> None:
    """Run a seed in a browser, and leave none of its tabs open."""
    try:
        BrowserSchedule(world, browser).run(operations)
    finally:
        for context in browser.contexts:
            context.close()
