"""What is found, in JavaScript: the cases that it shares with Python."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_engine

CASES = json.loads(
    (Path(__file__).parent.parent / "todos/tests/search-cases.json").read_text(encoding="utf-8")
)["cases"]


def test_what_is_found(module_page):
    found = module_page.evaluate(
        """async (cases) => {
            const { finder } = await import("/static/js/search.mjs");
            return cases.map(({ query, text }) => finder(query)({ text }));
        }""",
        CASES,
    )
    pairs = zip(CASES, found, strict=True)
    assert [case["name"] for case, is_found in pairs if is_found != case["found"]] == []
