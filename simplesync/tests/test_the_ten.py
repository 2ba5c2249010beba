"""The page about the ten things that the article left out: each is there, whole, in its words."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/explanation/the-ten.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
PARTS = ["The problem.", "Here.", "Files.", "Tests.", "Others."]
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("accounts", "todos", "simplesync", "e2e")
    for path in (ROOT / folder).rglob("test_*.py")
)


def part(section, name):
    """Return what stands under one of the bold words."""
    return re.search(rf"^\*\*{re.escape(name)}\*\* (.+)$", section, re.MULTILINE)[1]


def test_the_ten_are_there_in_the_articles_words_and_order():
    assert list(SECTIONS) == [
        "What happens when local data is lost?",
        "Rehydrating from the server",
        "Conflict resolution strategies",
        "Error handling",
        "Offline capabilities",
        "Security considerations",
        "Conflict resolution",
        "Real-time sync",
        "Multiple device sync",
        "Data versioning",
    ]


@pytest.mark.parametrize("name", SECTIONS)
def test_each_says_what_a_reader_wants_to_know(name):
    assert re.findall(r"^\*\*([^*]+)\*\*", SECTIONS[name], re.MULTILINE) == PARTS


@pytest.mark.parametrize("name", SECTIONS)
def test_its_problem_takes_two_sentences(name):
    assert len(re.findall(r"[.?!](?= |$)", part(SECTIONS[name], "The problem."))) == 2


@pytest.mark.parametrize("name", SECTIONS)
def test_its_files_are_there_with_what_is_named_in_them(name):
    found = re.findall(r"`([\w./-]+\.\w+)`(?: \(([^)]*)\))?", part(SECTIONS[name], "Files."))
    assert found
    for file, named in found:
        source = (ROOT / file).read_text(encoding="utf-8")
        for word in re.findall(r"`(\w+)`", named):
            assert word in source, f"{file} has no {word}"


@pytest.mark.parametrize("name", SECTIONS)
def test_its_tests_are_there(name):
    found = re.findall(r"`(\w+)`", part(SECTIONS[name], "Tests."))
    assert len(found) >= 4
    for test in found:
        assert f"def {test}(" in TESTS, test
