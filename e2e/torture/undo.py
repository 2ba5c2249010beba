"""What was done on a page and can be undone or redone: the twin of static/js/undo.mjs."""

from __future__ import annotations

from collections.abc import Callable

from e2e.torture.steps import News, Step, renewals, renewed

MOST_STEPS = 100
OTHER = {"undo": "redo", "redo": "undo"}


class Undo:
    """The steps of one page, each the newest last."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[Step]] = {"undo": [], "redo": []}

    def note(self, step: Step) -> None:
        """Something was done: what was undone before cannot be redone."""
        self.stacks["redo"].clear()
        self.put("undo", step)

    def put(self, way: str, step: Step) -> None:
        """Keep a step, unless nothing was done."""
        self.stacks[way] = [*self.stacks[way], *([step] if step else [])][-MOST_STEPS:]

    def take(self, way: str, at: int, revert: Callable[[Step], Step]) -> bool:
        """Take one back, whatever was done after it, and keep the way back; tell if any was."""
        step = self.stacks[way].pop(at)
        back = revert(step)
        self.renew(renewals(step, back))
        self.put(OTHER[way], back)
        return bool(back)

    def renew(self, news: News) -> None:
        """Let all steps know what they left by new stamps."""
        for way, steps in self.stacks.items():
            self.stacks[way] = [renewed(step, news) for step in steps]
