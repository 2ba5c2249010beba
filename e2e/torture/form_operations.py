"""What people do without JavaScript: the forms of the list, on pages that may have become stale."""

from __future__ import annotations

from collections.abc import Callable

from e2e.torture.operations import Operations
from e2e.torture.web import NETWORK_TROUBLE, Answer
from e2e.torture.world import Person
from todos.merge import Version

FORM_FAULTS = [
    "request dropped",
    "reply dropped",
    "request duplicated",
    "error 500",
    "error 503",
    "html",
    "truncated",
]


class FormOperations(Operations):
    """What the page does by itself."""

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

    def submit(self, person: Person, path: str, **fields: object) -> bool:
        """Submit a form, through whatever goes wrong, and once; tell whether it led back."""
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
        return answer.status == 302

    def trespass(self) -> None:
        """Use a form on another person's todo: there is none."""
        mine, theirs = self.random.sample(self.world.people, 2)
        own = self.world.versions(mine)
        page = theirs.look()
        for todo in [todo for todo in page.todos if todo["id"] not in own][:1]:
            mine.look()
            fields = {"completed": "on", "text": "not mine", "stamp": todo["clocks"]["text"]}
            for verb in ("toggle", "edit", "delete", "restore", "history/restore", "history/look"):
                path = f"/todos/{todo['id']}/{verb}/"
                answer = mine.paper.submit(path, shown="", **fields)
                if answer.status != 404:
                    self.world.caught.append(f"{mine.name} reached {path}: {answer.status}")
