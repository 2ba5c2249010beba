"""The shared cases of what a history says; e2e/test_sentences_in_the_browser.py: in JavaScript."""

import json
from pathlib import Path

import pytest

from todos.sentences import Value, told

CASES = json.loads((Path(__file__).parent / "sentence-cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_values_are_told_as_sentences(case):
    steps = told([Value(*value) for value in case["values"]], case["whole"])
    assert [list(step) for step in steps] == case["steps"]
