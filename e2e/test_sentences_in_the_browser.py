"""What a history says, in JavaScript: the cases that it shares with Python."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_engine

CASES = json.loads(
    (Path(__file__).parent.parent / "todos/tests/sentence-cases.json").read_text(encoding="utf-8")
)["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_values_are_told_as_sentences(module_page, case):
    steps = module_page.evaluate(
        """async ({ values, whole }) => {
            const { told } = await import("/static/js/sentences.mjs");
            const named = values.map(([field, value, stamp, conflict]) => {
                return { field, value, stamp, conflict };
            });
            return told(named, whole).map(({ stamp, says, written }) => [stamp, says, written]);
        }""",
        case,
    )
    assert steps == case["steps"]
