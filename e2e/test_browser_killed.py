"""A browser that is killed while a person writes: what the screen called kept is there afterwards.

The page tells what it says with each change of it, so that the last word before the end is known.
All rounds go on in one profile; its seed is printed where one fails.
"""

import json
import random
import re
import secrets
import threading

import pytest
from playwright.sync_api import Error

from e2e.actions import (
    SCRIPTS,
    add_todo,
    delete,
    eventually,
    local,
    make_account,
    new_name,
    ready,
    rename,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

LATEST_KILL = 1.0  # seconds after the first edit
MOST_KEPT = 15  # edits
HOLD = (SCRIPTS / "hold-store.js").read_text(encoding="utf-8")
TITLE = "todo {}, version {}"


class Writer:
    """A person who writes: what was done to each todo, and up to where the screen called it kept.

    What was done is a list of states, each of which comes once: version, ticked, deleted.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.done = {}
        self.kept = {}
        self.last = 0
        self.starts()

    def starts(self):
        """The browser was started: it shows nothing, and nothing holds its store."""
        self.shown = set()
        self.holding = False

    def write_until_killed(self, page, kill):
        """Make one edit after the other, until some time has passed or so many are called kept."""
        self.until_killed, self.killed = self.random.randint(1, MOST_KEPT), kill
        killer = threading.Timer(self.random.uniform(0, LATEST_KILL), kill)
        killer.start()
        with pytest.raises(Error, match=r"closed|crashed"):
            self.write(page)
        killer.join()

    def write(self, page):
        while True:
            self.edit(page)

    def edit(self, page):
        """Add a todo, or change one, as quickly as a hand can be driven."""
        likely = [self.add] * 6 + [self.rename, self.toggle, self.delete, self.hold] * 2
        self.random.choice(likely)(page)

    def add(self, page):
        self.last += 1
        self.done[self.last] = [(1, False, False)]
        page.get_by_placeholder("What needs to be done?").focus()
        page.keyboard.insert_text(TITLE.format(self.last, 1))
        page.keyboard.press("Enter")

    def rename(self, page):
        for number, (version, ticked, _) in self.one_of(lambda state: True):
            self.done[number].append((version + 1, ticked, False))
            rename(page, TITLE.format(number, version), TITLE.format(number, version + 1))

    def toggle(self, page):
        for number, (version, _, _) in self.one_of(lambda state: not state[1]):
            self.done[number].append((version, True, False))
            toggle(page, TITLE.format(number, version))

    def delete(self, page):
        for number, (version, ticked, _) in self.one_of(lambda state: True):
            self.done[number].append((version, ticked, True))
            delete(page, TITLE.format(number, version))

    def hold(self, page):
        """Keep the local store busy, or let go of it: the edits meanwhile are on their way."""
        page.evaluate("void letGo()" if self.holding else HOLD)
        self.holding = not self.holding

    def one_of(self, test):
        """Return a todo that is there, with its state, if any passes the test."""
        there = [
            (number, states[-1])
            for number, states in self.done.items()
            if not states[-1][2] and test(states[-1])
        ]
        return self.random.sample(there, min(len(there), 1))

    def see(self, screen):
        """Note what the screen calls kept."""
        calm = not screen["says"].endswith("Saving…")
        shown = {}
        for row in screen["rows"]:
            number, version = numbers_of(row["title"])
            shown[number] = (version, row["ticked"], False)
            if calm or row["marked"]:
                self.called_kept(number, shown[number])
        for number in self.shown - set(shown):
            if calm and self.done[number][-1][2]:
                self.called_kept(number, self.done[number][-1])
        self.shown |= set(shown)

    def called_kept(self, number, state):
        at = self.done[number].index(state)
        if self.kept.get(number, -1) >= at:
            return
        self.kept[number] = at
        self.until_killed -= 1
        if self.until_killed == 0:
            self.killed()

    def compare(self, page):
        """Check that nothing is missing that was called kept, and go on from what is there."""
        records = {numbers_of(record["text"])[0]: record for record in local(page)}
        found = {number: state_of(record) for number, record in records.items()}
        for number, states in self.done.items():
            least = self.kept.get(number)
            possible = [None, *states] if least is None else states[least:]
            assert found.get(number) in possible, f"todo {number} was {states}, kept: {least}"
        self.done = {number: [state] for number, state in found.items()}
        self.kept = dict.fromkeys(found, 0)

    def titles(self):
        """Return what is to be on the screen, in any order."""
        states = {number: states[-1] for number, states in self.done.items()}
        return sorted(TITLE.format(n, state[0]) for n, state in states.items() if not state[2])


def numbers_of(title):
    """Return the number of a todo, and the version of its title."""
    return tuple(map(int, re.findall(r"\d+", title)))


def state_of(record):
    """Return what a record says."""
    return numbers_of(record["text"])[1], record["completed"], record["deleted"]


@pytest.fixture
def profile(new_profile):
    """A profile of somebody who is logged in, written to the disk."""
    profile = new_profile()
    page = profile.start()
    make_account(page, new_name("alice"))
    page.goto("/")
    synced(page)
    profile.close()
    return profile


@pytest.fixture
def rounds(pytestconfig, browser_name):
    """How often the browser is killed; Firefox takes seconds to start."""
    return 50 if pytestconfig.getoption("--all") and browser_name == "chromium" else 5


@pytest.mark.timeout(600)
def test_what_the_screen_called_kept_outlives_a_browser_that_is_killed(profile, rounds):
    seed = secrets.randbits(32)
    writer = Writer(seed)
    for count in range(rounds):
        print(f"seed {seed}, round {count}: what was done is {writer.done}")
        page = start(profile, writer, online=writer.random.random() < 0.5)
        writer.compare(page)
        eventually(
            lambda page=page: sorted(titles(page).all_text_contents()) == writer.titles(), page
        )
        writer.write_until_killed(page, profile.killer())
    page = start(profile, writer, online=True)
    writer.compare(page)
    synced(page)


DURABILITY = """() => {
    window.asked = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...values) {
        const made = transaction.apply(this, values);
        if (made.mode === "readwrite") window.asked.push(made.durability);
        return made;
    };
}"""


def test_an_edit_is_kept_only_once_it_is_on_the_disk_where_a_power_cut_leaves_it(page, alice):
    page.evaluate(DURABILITY)
    add_todo(page, "Buy milk")
    synced(page)
    assert set(page.evaluate("asked")) == {"strict"}


def start(profile, writer, online):
    """Start the browser, which may not reach the server but for the page itself."""
    page = profile.start()
    writer.starts()
    if not online:
        page.route("**/sync", lambda route: route.abort())
    page.expose_function("screenShows", lambda screen: writer.see(json.loads(screen)))
    page.add_init_script(path=SCRIPTS / "tell-screen.js")
    page.goto("/")
    ready(page)
    return page
