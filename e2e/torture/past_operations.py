"""What people do with what was: undo, redo, the history, the Trash; and its pruning."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from e2e.torture.client import Device
from e2e.torture.emptying import all_of, emptying
from e2e.torture.form_operations import FormOperations
from e2e.torture.past import Past, Trash, past_of, trash_of, values_of
from e2e.torture.steps import is_emptied
from e2e.torture.tables import id_of
from e2e.torture.web import NETWORK_TROUBLE
from e2e.torture.world import Person
from todos.fields import NEEDED
from todos.merge import Version

TOMBSTONE_DAYS = 90
OLDEST = 400  # days


class PastOperations(FormOperations):
    """What goes back to what was."""

    # On a device

    def meet(self) -> None:
        """Change one thing on two devices, neither of which hears of the other (M12)."""
        devices = self.devices()
        first, second = self.random.sample(devices, 2)
        both = sorted({one.id for one in first.live()} & {one.id for one in second.live()})
        if both:
            uid = self.random.choice(both)
            for device in (first, second):
                text = self.world.new_text(self.owner(device), device.name)
                device.edit([uid], "rename", text=text)

    def undo(self) -> None:
        self.take_back("undo")

    def redo(self) -> None:
        self.take_back("redo")

    def take_back(self, way: str) -> None:
        """Take something back that was done on a page: by the keys the last, by a toast any."""
        devices = [device for device in self.devices() if device.undo.stacks[way]]
        if devices:
            device = self.random.choice(devices)
            stack = device.undo.stacks[way]
            overtaken = [at for at, step in enumerate(stack) if device.is_overtaken(step)]
            isnt_last = self.random.random() < 0.4
            places = overtaken or range(len(stack))
            done = device.take_back(
                way, self.random.choice(places) if isnt_last else len(stack) - 1
            )
            self.world.notes[f"{way}: {'some of it' if done else 'left alone'}"] += 1

    def devices(self) -> list[Device]:
        """Return somebody's devices."""
        return self.person().devices

    def restore_deleted(self) -> None:
        """Take somebody's deletion back, of a todo that is known whole."""
        device = self.device()
        gone = [
            record.id
            for record in device.store.todos.values()
            if record.shown["deleted"] and len(record.shown["clocks"]) >= len(NEEDED)
            if not is_emptied(record.shown)
        ]
        if gone:
            device.edit([self.random.choice(sorted(gone))], "undelete", deleted=False)

    def restore_text(self) -> None:
        """Give a todo a text again that its history tells: an edit like any other (M10)."""
        person = self.person()
        device = self.random.choice(person.devices)
        live = self.renamed(person, [record.id for record in device.live()])
        for uid in self.random.sample(live, min(1, len(live))):
            try:
                told = values_of(device.web, uid)
            except (*NETWORK_TROUBLE, AssertionError):  # no session, or never sent
                return
            shown = device.known(uid).shown["text"]
            texts = [each.value for each in told if each.field == "text" and each.value]
            if others := sorted({text for text in texts if text != shown}):
                device.edit([uid], "restore", text=self.random.choice(others))
                self.world.notes["a text restored on a device"] += 1

    def renamed(self, person: Person, uids: list[str]) -> list[str]:
        """Return those todos that had several texts on the server; all of them if none had."""
        owed = self.world.journal.owed(person.name)
        texts = Counter(edit.place[1] for edit in owed if edit.place[2] == "text")
        return [uid for uid in uids if texts[uid] > 1] or uids

    def look_at_conflict(self) -> None:
        """Take the mark of a conflict away (M12); that is not to be undone."""
        marked = [
            (device, record.id)
            for device in self.devices()
            for record in device.live()
            if record.shown.get("conflict")
        ]
        if marked:
            device, uid = self.random.choice(marked)
            device.change({uid: {"conflict": False}}, "look")

    # Without JavaScript: the history

    def form_look_at_conflict(self) -> None:
        person = self.person()
        page = person.page or person.look()
        if marked := [todo for todo in page.todos if todo.get("conflict")]:
            todo = self.random.choice(marked)
            path = f"/todos/{todo['id']}/history/look/"
            self.submit(person, path, shown=todo["clocks"]["conflict"])
            self.world.note_form(person, "look", todo["id"], "conflict", False, todo)

    def open_history(self) -> None:
        """Look at the history of a todo, deleted ones too."""
        person = self.person()
        page = person.look()
        uids = [todo["id"] for todo in page.todos]
        uids += person.trash.uids if person.trash else []
        if uids := self.renamed(person, uids):
            uid = self.random.choice(uids)
            shown = self.world.versions(person).get(uid)
            person.past = past_of(person.paper, uid)
            if person.past:
                person.past.shown = shown

    def form_restore_text(self) -> None:
        """Restore a text from a page of a history that may have become stale."""
        person = self.person()
        if not person.past or self.random.random() < 0.5:
            self.open_history()
        past: Past | None = person.past
        if past and past.texts:
            stamp, text = self.random.choice(past.texts)
            done = self.submit(person, f"/todos/{past.uid}/history/restore/", stamp=stamp)
            self.world.note_restored(person, {past.uid: past.shown}, {text})
            self.world.notes["a text restored by a form"] += done
            stands = self.world.versions(person).get(past.uid, {"text": "", "deleted": True})
            if done and not person.browsers and (stands["text"] != text or stands["deleted"]):
                self.world.caught.append(f"restored, and it does not stand: {text}")

    # Without JavaScript: the Trash

    def look_at_trash(self) -> None:
        person = self.person()
        person.look()
        person.trash = trash_of(person.paper)
        if person.trash:
            there = all_of(self.world, person)
            person.trash.was = {uid: there[uid] for uid in person.trash.uids}
            person.trash.restores = self.world.counts["database restored"]

    def trash(self) -> tuple[Person, Trash] | None:
        """Return somebody's view of the Trash, maybe a stale one."""
        person = self.person()
        if not person.trash or self.random.random() < 0.5:
            self.look_at_trash()
        return (person, person.trash) if person.trash else None

    def form_restore(self) -> None:
        if found := self.trash():
            person, trash = found
            self.restore_by(person, trash, [self.random.choice(trash.uids)])

    def form_restore_all(self) -> None:
        if found := self.trash():
            self.restore_by(*found, found[1].uids)

    def restore_by(self, person: Person, trash: Trash, uids: list[str]) -> None:
        """Restore one todo, or all that the Trash showed."""
        one = len(uids) == 1 and self.random.random() < 0.8
        path = f"/todos/{uids[0]}/restore/" if one else "/trash/restore/"
        had = {value for uid in uids for name, _, value in self.had(person, uid) if name == "text"}
        due = self.unchanged(person, trash) & set(uids)
        done = self.submit(person, path, **({} if one else {"upto": trash.upto}))
        shown: dict[str, Version | None]
        shown = {uid: shown_in(trash, uid) for uid in (uids if one else trash.uids)}
        self.world.note_restored(person, shown, had)
        live = {uid for uid, one in self.world.versions(person).items() if not one["deleted"]}
        if done and not person.browsers and due - live:
            self.world.caught.append(f"not restored from the Trash: {sorted(due - live)}")

    def form_empty_trash(self) -> None:
        if found := self.trash():
            person, trash = found
            due = self.unchanged(person, trash)
            meant = trash.uids if self.is_current(trash) else all_of(self.world, person)
            with emptying(self.world, person, meant) as emptied:
                done = self.submit(person, "/trash/empty/", upto=trash.upto)
            if (done or emptied) and not person.browsers and due - emptied:
                self.world.caught.append(f"not emptied: {sorted(due - emptied)}")
            self.world.notes["todos emptied by a form"] += len(emptied)
            self.undo_what_is_gone(person, emptied)

    def undo_what_is_gone(self, person: Person, emptied: set[str]) -> None:
        """Take deletions back on devices that may not have heard that they are for good."""
        for device in person.devices:
            for at in reversed(range(len(device.undo.stacks["undo"]))):
                gone = {part.id for part in device.undo.stacks["undo"][at]} & emptied
                if gone and self.random.random() < 0.5:
                    done = device.take_back("undo", at)
                    self.world.notes["undone what was emptied"] += done

    def had(self, person: Person, uid: str) -> list[tuple[str, str, Any]]:
        """Return all that there is of a todo."""
        return all_of(self.world, person).get(uid, [])

    def unchanged(self, person: Person, trash: Trash) -> set[str]:
        """Return what is still in the Trash just as it was seen there."""
        if not self.is_current(trash):
            return set()
        there = all_of(self.world, person)
        return {uid for uid in trash.uids if there.get(uid) == trash.was[uid]}

    def is_current(self, trash: Trash) -> bool:
        """Tell whether the numbers that a page of the Trash brought are of this database."""
        return trash.restores == self.world.counts["database restored"]

    # Pruning

    def prune(self) -> None:
        """Let months pass for some of what was deleted, and prune."""
        aged = {person.name: self.age(person) for person in self.world.people}
        if not any(aged.values()):
            return
        first, second = self.world.people
        with (
            emptying(self.world, first, aged[first.name]) as emptied,
            emptying(self.world, second, aged[second.name]) as others,
        ):
            self.world.server.manage("prune", "--days", str(TOMBSTONE_DAYS))
        for person, done in ((first, emptied), (second, others)):
            if not person.browsers and aged[person.name] - done:
                self.world.caught.append(f"not pruned: {sorted(aged[person.name] - done)}")
            self.world.notes["todos pruned"] += len(done)

    def age(self, person: Person) -> set[str]:
        """Let some of a person's deleted todos have been there for long; return which."""
        rows = self.world.server.rows(
            "SELECT todos_todo.id, uid FROM todos_todo JOIN accounts_user"
            " ON accounts_user.id = user_id WHERE username = ? AND trashed_at IS NOT NULL"
            " ORDER BY uid",
            person.name,
        )
        aged = [row for row in rows if self.random.random() < 0.4]
        for key, _ in aged:
            days = self.random.randint(TOMBSTONE_DAYS + 1, OLDEST)
            then = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")
            self.world.server.rows("UPDATE todos_todo SET trashed_at = ? WHERE id = ?", then, key)
        return {id_of(uid) for _, uid in aged}


def shown_in(trash: Trash, uid: str) -> dict[str, Any]:
    """Return the stamps of a todo that stood when the Trash was looked at."""
    clocks: dict[str, str] = {}
    for name, stamp, _ in trash.was[uid]:
        clocks.setdefault(name, stamp)  # what stands comes first
    return {"clocks": clocks}
