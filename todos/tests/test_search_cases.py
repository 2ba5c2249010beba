"""The shared cases of what is found; e2e/test_search_in_the_browser.py: in JavaScript."""

import json
from pathlib import Path

import pytest

from todos.search import finder

CASES = json.loads((Path(__file__).parent / "search-cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_what_is_found(case):
    assert finder(case["query"])(case["text"]) is case["found"]
