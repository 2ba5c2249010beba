"""What the docs name is there: files, headings, tests; and the index names each page."""

import os
import re
from pathlib import Path
from unicodedata import category

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("accounts", "bench", "docs", "e2e", "simplesync", "static", "templates", "todos")
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
# A decision is not rewritten: what it names was there when it was made.
LIVING = [page for page in PAGES if page.parent.name != "decisions"]
FILES = [file for name in FOLDERS for file in (ROOT / name).rglob("*.*")]
NAMES = {file.name for file in [*FILES, *ROOT.glob("*.*")]}
TESTS = {
    name
    for file in FILES
    if file.name.startswith("test_") and file.suffix == ".py"
    for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
}


def prose(page):
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)


def quoted(page):
    """Return the words that stand in backticks."""
    return " ".join(re.findall(r"`([^`\n]+)`", prose(page))).split()


def anchors(page):
    """Return the anchors that GitHub makes of a page's headings."""
    found = []
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        kept = (c for c in words if c in " -_" or category(c)[0] in "LN")
        anchor = "".join(kept).replace(" ", "-")
        again = sum(
            re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", each) is not None for each in found
        )
        found.append(f"{anchor}-{again}" if again else anchor)
    return found


def name_of(page):
    """Return a page's path in the project."""
    return str(page.relative_to(ROOT))


def links(page):
    """Return where a page leads to, and what it shows."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(page))


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_each_link_leads_to_a_file_and_a_heading_that_are_there(document):
    for link in links(document):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", LIVING, ids=name_of)
def test_each_file_that_is_named_is_there(document):
    for word in quoted(document):
        if word.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            assert (ROOT / word).exists(), word
        elif re.fullmatch(r"[\w-]+\.(py|mjs|html|css|md|toml)", word):
            assert word in NAMES, word


@pytest.mark.parametrize("document", LIVING, ids=name_of)
def test_each_test_that_is_named_is_there(document):
    for word in quoted(document):
        if re.fullmatch(r"test_\w+", word):
            assert word in TESTS, word


def test_the_index_has_each_page():
    index = ROOT / "docs/README.md"
    linked = {os.path.normpath(index.parent / link.partition("#")[0]) for link in links(index)}
    pages = [page for page in LIVING if page.is_relative_to(ROOT / "docs") and page != index]
    assert [name_of(page) for page in pages if str(page) not in linked] == []


def test_each_picture_is_in_a_page():
    shown = {os.path.normpath(page.parent / link) for page in LIVING for link in links(page)}
    pictures = sorted((ROOT / "docs/images").glob("*.png"))
    assert len(pictures) > 40
    assert [name_of(picture) for picture in pictures if str(picture) not in shown] == []
