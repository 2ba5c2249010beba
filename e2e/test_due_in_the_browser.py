"""Due dates in JavaScript: the cases that they share with Python, in many time zones."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_engine

CASES = json.loads(
    (Path(__file__).parent.parent / "todos/tests/due-cases.json").read_text(encoding="utf-8")
)
ZONES = sorted({zone for zone, *_ in CASES["typed"]})


def test_both_sides_know_the_same_due_dates(module_page):
    says = module_page.evaluate(
        """async (values) => {
            const { checkDue } = await import("/static/js/due.mjs");
            return values.map((value) => checkDue(value));
        }""",
        [*CASES["good"], *CASES["bad"]],
    )
    assert [not wrong for wrong in says] == [True] * len(CASES["good"]) + [False] * len(
        CASES["bad"]
    )


def test_both_sides_say_the_same_of_them(module_page):
    told = module_page.evaluate(
        """async (words) => {
            const { inWords } = await import("/static/js/due.mjs");
            const read = ([day, time]) => ({ day, time });
            return words.map(({ due, completed, now }) =>
                inWords(read(due), !!completed, read(now)));
        }""",
        CASES["words"],
    )
    assert told == [{"says": case["says"], "when": case["when"]} for case in CASES["words"]]


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_typed_in_a_time_zone_is_read_there_again(new_browser, zone):
    page = new_browser(timezone_id=zone).new_page()
    page.goto("/accounts/login/")
    typed = [case[1:] for case in CASES["typed"] if case[0] == zone]
    found = page.evaluate(
        """async (typed) => {
            const { storedDue, readDue } = await import("/static/js/due.mjs");
            return typed.map(([day, time]) => {
                const value = storedDue(day, time);
                const read = value ? readDue(value) : { day: "", time: "" };
                return [read.day, read.time, value];
            });
        }""",
        typed,
    )
    assert found == typed
