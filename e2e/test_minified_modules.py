"""The modules as they are served in production: a browser takes them, with all that they export."""

import re

import pytest

from e2e.server import ROOT

pytestmark = pytest.mark.any_engine

SOURCES = sorted((ROOT / "static" / "js").glob("*.mjs"))
EXPORT = re.compile(r"^export (?:async )?(?:const|function) (\w+)", re.MULTILINE)
# Those that export nothing are the page's and the worker's beginning: each other test runs them.
EXPORTING = [path for path in SOURCES if EXPORT.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("source", EXPORTING, ids=lambda path: path.name)
def test_a_module_exports_what_its_source_does(module_page, source):
    text = source.read_text(encoding="utf-8")
    address = f"/static/js/{source.name}"
    assert len(module_page.request.get(address).text()) < len(text)
    names = module_page.evaluate("async (at) => Object.keys(await import(at))", address)
    assert sorted(names) == sorted(EXPORT.findall(text))
