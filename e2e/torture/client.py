"""A simulated device: the twin of sync.mjs, clock.mjs, device.mjs and local-todos.mjs.

What it decides it decides as the scripts do, rule by rule; merge and stamps are the real ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from e2e.torture import record as records
from e2e.torture import steps
from e2e.torture.journal import Journal
from e2e.torture.record import Anew, Record
from e2e.torture.steps import Step
from e2e.torture.store import Store
from e2e.torture.undo import Undo
from e2e.torture.verdicts import (
    OUTCOMES,
    codes_in,
    is_reply,
    judged,
    stamps_of,
    stored_in,
    wrong_in,
)
from e2e.torture.web import NETWORK_TROUBLE, Web
from todos import hlc, position
from todos.merge import Version, fingerprint

MOST_SETBACKS = 2
SELF_CHECK_EVERY = 60 * 60_000  # ms (R7)
SLOWEST_ROUND_TRIP = 10_000  # ms (S4)


@dataclass
class Ask:
    """A request, and where the store stood when it was written (C4)."""

    standing: Standing
    todos: list[Version]
    cut: bool
    body: str


Standing = tuple[str | None, tuple[str, ...]]  # the cursor, and those of pages


class Answered(NamedTuple):
    """A reply of the protocol, with the device's own times of sending and receiving."""

    reply: dict[str, Any]
    sent: int
    received: int


class Device:
    """One browser profile of a person."""

    def __init__(
        self,
        web: Web,
        store: Store,
        user: str,
        time: Callable[[], int],
        journal: Journal,
        seed: int,
    ) -> None:
        self.web = web
        self.store = store
        self.user = user
        self.time = time  # the true one, ms
        self.offset = 0  # ms: how wrong this device's clock is
        self.journal = journal
        self.random = Random(seed)
        self.account = ""
        self.limits: dict[str, int] = {}
        self.served_last = ""
        self.node = ""
        self.era: int | None = None
        self.undo = Undo()

    @property
    def name(self) -> str:
        """What the proxy and the journal call it."""
        return self.web.name

    def wall(self) -> int:
        """Return the device's own idea of the time, ms."""
        return self.time() + self.offset

    # The page

    def load(self) -> bool:
        """Load the page, take in what it shows (C3); tell whether there is a session."""
        sent = self.wall()
        page = self.web.page()
        if page is None:
            return False
        self.account = page.facts["data-account"]
        self.limits = json.loads(page.facts["data-limits"])
        self.served_last = page.facts["data-last-position"]
        self.node, self.era = self.new_node(), None
        self.undo = Undo()
        self.take_served(page.todos, page.facts["data-cursor"])
        self.see(stamps_of(page.todos))
        self.correct(int(page.facts["data-server-time"]), sent, self.wall())
        return True

    def take_served(self, todos: list[Version], cursor: str) -> None:
        """Take in the page's rows, and note them down until a sync confirms them (served.mjs)."""
        store = self.store
        for version in todos:
            before = self.known(version["id"])
            self.put(after := records.received(before, version))
            if after.server != before.server and before.server["clocks"]:
                store.replaced += ({**before.server, "id": before.id},)
        others = tuple(known for known in store.pages if known != cursor)
        store.pages = (*others, cursor)[-self.limits["pagesPerRequest"] :]
        store.cursor = store.cursor or cursor

    def new_node(self) -> str:
        """Return a node whose second half is drawn anew (S3)."""
        return f"{self.store.device[:8]}{self.random.getrandbits(32):08x}"

    # The verbs

    def known(self, uid: str) -> Record:
        """Return the record of a todo, an empty one if there is none."""
        return self.store.todos.get(uid) or Record(uid)

    def put(self, record: Record) -> None:
        """Keep a record."""
        self.store.todos[record.id] = record

    def live(self) -> list[Record]:
        """Return what the screen shows, in its order (M11)."""
        found = [record for record in self.store.todos.values() if record.live]
        return sorted(found, key=lambda record: (record.shown["position"], record.id))

    def edit(self, uids: Iterable[str], kind: str, **values: Any) -> None:
        """Set fields of some todos under one stamp (S2), and note the way back."""
        self.undo.note(self.change(dict.fromkeys(uids, values), kind))

    def change(self, edits: dict[str, dict[str, Any]], kind: str) -> Step:
        """Set fields of todos, by id, under one stamp; return the way back."""
        if not edits:
            return []
        now = self.wall()
        if self.era not in (None, self.store.era):
            self.node = self.new_node()  # the clock was set back: the server has done with this one
        self.era = self.store.era
        stamp = hlc.tick(self.store.last, now + self.store.correction, self.node)
        self.store.last = stamp
        return [self.set(uid, values, kind, stamp, now) for uid, values in edits.items()]

    def set(self, uid: str, values: dict[str, Any], kind: str, stamp: str, now: int) -> steps.Part:
        """Set fields of a todo under a stamp; return the way back."""
        before = self.known(uid)
        shown, server = before.shown["clocks"], before.server["clocks"]
        for name, value in values.items():
            edit = self.journal.made(self.user, kind, uid, name, value, stamp, shown.get(name))
            edit.told = server.get(name)
        self.put(after := records.edited(before, values, stamp, now))
        return steps.way_back(uid, before.shown, after.shown)

    def is_overtaken(self, step: Step) -> bool:
        """Tell whether some of what a step left was changed since."""
        shown = {part.id: self.known(part.id).shown["clocks"].items() for part in step}
        return any(not part.left.items() <= shown[part.id] for part in step)

    def take_back(self, way: str, at: int) -> bool:
        """Undo or redo one of the steps, as far as what it left still stands (M10)."""

        def revert(step: Step) -> Step:
            back = self.change(steps.taken_back(step, self.store.todos.get), way)
            left = {part.id: part.left for part in step}
            for part in back:
                for name in part.values:
                    edit = self.journal.by_stamp[(self.user, part.id, name), part.left[name]]
                    edit.undoes = left[part.id][name]
            return back

        return self.undo.take(way, at, revert)

    def add(self, uid: str, text: str) -> None:
        """Append a todo."""
        last = max([record.shown["position"] for record in self.store.todos.values()], default="")
        last = max(last, self.served_last)
        key = position.between(last or None, None, self.jitter()) or last
        self.edit([uid], "add", text=text, completed=False, position=key, deleted=False)

    def move(self, uid: str, place: int) -> None:
        """Move a todo before the one that is now at a place of the list without it."""
        others = [one.shown["position"] for one in self.live() if one.id != uid]
        before = others[place - 1] if place else None
        after = others[place] if place < len(others) else None
        key = position.between(before, after, self.jitter())
        if key:
            self.edit([uid], "move", position=key)

    def jitter(self) -> str:
        """Return random digits for the end of a key."""
        digits = self.random.choices(position.DIGITS[1:], k=position.JITTER_LENGTH)
        return "".join(digits)

    def remove(self, uids: list[str]) -> None:
        """Delete todos."""
        self.edit(uids, "delete", deleted=True)

    # The sync

    def unsynced(self) -> list[Record]:
        """Return what the server has not acknowledged, parked edits included."""
        return [record for record in self.store.todos.values() if not record.synced]

    def sync(self) -> str:
        """Sync until both sides have all; return the outcome, as sync.mjs does."""
        batch, setbacks = self.limits["todosPerRequest"], 0
        while True:
            ask = self.prepare(batch)
            answer = self.post(ask)
            if answer == "too-large" and batch > 1:
                batch = (len(ask.todos) + 1) // 2 or 1
                continue
            if isinstance(answer, str):
                return answer
            again, setback, ahead = self.apply(ask, answer)
            setbacks += setback
            if setbacks > MOST_SETBACKS:
                return "refused"
            if not again:
                return "clock-ahead" if ahead else "synced"

    def prepare(self, batch: int) -> Ask:
        """Write a request from what the store has now."""
        todos: list[Version] = []
        cut = False
        for record in sorted(self.unsynced(), key=lambda record: record.id):
            versions = records.wire(record)
            if todos and len(todos) + len(versions) > batch:
                cut = True
                break
            todos += versions
        who = {"account": self.account, "device": self.store.device, "secret": self.store.secret}
        cursor, pages = self.standing
        standing = {"cursor": cursor, "pages": pages}
        content = {"protocol": 1, **who, **standing, "digest": self.digest(), "todos": todos}
        return Ask(self.standing, todos, cut, json.dumps(content))

    @property
    def standing(self) -> Standing:
        """What a request says of where the store stands."""
        return self.store.cursor, self.store.pages

    def digest(self) -> int | None:
        """Return what the server is thought to hold, once an hour (R7)."""
        if not self.store.whole or abs(self.wall() - self.store.checked_at) < SELF_CHECK_EVERY:
            return None
        copies = [{**record.server, "id": record.id} for record in self.store.todos.values()]
        live = [copy for copy in copies if copy["clocks"] and not copy.get("deleted")]
        return sum(map(fingerprint, live)) % 2**32

    def post(self, ask: Ask, retry: bool = True) -> Answered | str:
        """Send a request; return the reply, or the outcome when there is none."""
        sent = self.wall()
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.web.token()}
        try:
            answer = self.web.request("POST", "/sync", ask.body, **headers)
            if answer.status == 413:
                return "too-large"
            content = json.loads(answer.body)
            if answer.status == 200 and is_reply(content, len(ask.todos)):
                return Answered(content, sent, self.wall())
            code = content.get("error") if isinstance(content, dict) else None
            if code == "csrf" and retry:
                self.web.request("GET", "/")  # brings a fresh token
                return self.post(ask, retry=False)
        except (*NETWORK_TROUBLE, ValueError):
            return "offline"
        return OUTCOMES.get(str(code), "offline")

    def apply(self, ask: Ask, answer: Answered) -> tuple[bool, bool, bool]:
        """Apply a reply, all of it or nothing.

        Return whether there is more to sync, whether this was a setback, and whether the clock is
        ahead.
        """
        if self.standing != ask.standing:
            return True, False, False  # C4
        reply = answer.reply
        verdicts = list(zip(ask.todos, reply["results"], strict=True))
        before = [self.known(sent["id"]) for sent in ask.todos]
        for sent, result in verdicts:
            self.put(judged(self.known(sent["id"]), sent, result))
        for row in reply["todos"]:
            self.put(records.received(self.known(row["id"]), row))
        stored = [
            stamp
            for sent, result in verdicts
            for stamp in stored_in(sent, result)["clocks"].values()
        ]
        self.see([*stamps_of(reply["todos"]), *stored])
        self.correct(reply["serverTime"], answer.sent, answer.received)
        if wrong := [(sent, names) for sent, result in verdicts if (names := wrong_in(result))]:
            self.stamp_anew(wrong, reply["serverTime"])
        if reply["reset"]:
            self.offer_all(before)
        elif not reply["more"]:
            self.store.whole = True
        if reply.get("checked") or reply["reset"]:
            self.store.checked_at = self.wall()
        self.store.cursor, self.store.pages, self.store.replaced = reply["cursor"], (), ()
        statuses = [result["status"] for result in reply["results"]]
        setback = reply["reset"] or "incomplete" in statuses or bool(wrong)
        rest = ask.cut and "stored" in statuses
        ahead = any("clock_ahead" in codes_in(result).values() for result in reply["results"])
        return reply["more"] or setback or rest, setback, ahead

    def offer_all(self, before: list[Record]) -> None:
        """Let all that this device has be sent again (R6).

        `before` is what the reply has found, whose copies it may have replaced.
        """
        replaced = [*self.store.replaced, *({**one.server, "id": one.id} for one in before)]
        for copy in replaced:
            self.put(records.offered(self.known(copy["id"]), copy))
        for record in list(self.store.todos.values()):
            self.put(records.offered(record))

    def stamp_anew(self, wrong: list[tuple[Version, list[str]]], server_time: int) -> None:
        """Stamp anew what was stamped by a wrong clock, and set the clock back (S5)."""
        by = Anew(self.new_node(), self.store.correction, server_time)
        for sent, names in wrong:
            before = self.known(sent["id"])
            after = records.restamped(before, sent["clocks"], names, by)
            self.put(after)
            self.undo.renew(steps.restampings([(before, after)]))
            for name in names:
                edit = after.unsent.get(name)
                if edit and edit.stamp.endswith(by.node):
                    self.journal.restamped(
                        self.user, sent["id"], name, sent["clocks"][name], edit.stamp
                    )
        every = self.store.todos.values()
        unsent = [edit for record in every for edit in record.unsent.values()]
        free = [edit.stamp for edit in unsent if not edit.refused]
        self.store.last = max([self.store.seen, *free])
        self.store.era += 1

    # The clock

    def see(self, stamps: Iterable[str]) -> None:
        """Let the next tick be later than these, which the server has."""
        self.store.seen = max([self.store.seen, *stamps])
        self.store.last = max(self.store.last, self.store.seen)

    def correct(self, server_time: int, sent: int, received: int) -> None:
        """Take over the server's time, from an answer that did not take too long (S4)."""
        if received - sent < SLOWEST_ROUND_TRIP:
            self.store.correction = round(server_time - (sent + received) / 2)
