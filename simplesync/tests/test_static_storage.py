"""What `collectstatic` makes of the files: our modules small, everybody else's as they came."""

import gzip
import hashlib
import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from simplesync.settings import STORAGES
from simplesync.static_storage import minified

SOURCE = settings.BASE_DIR / "static"
MODULES = sorted(str(path.relative_to(SOURCE)) for path in SOURCE.glob("js/**/*.mjs"))
NESTED = re.compile(r"`[^`]*\$\{[^}`]*`")
COMMENT = re.compile(r"/\*|(?<![:\w`\"'])//")
THEIRS = "// Others' words.\nexport const theirs = 1;\n"


def collect(folder, **options):
    """Collect our files as production does, and a module of somebody else's."""
    theirs = folder.parent / "theirs" / "js"
    theirs.mkdir(parents=True, exist_ok=True)
    (theirs / "module.mjs").write_text(THEIRS)
    with override_settings(
        STATIC_ROOT=folder / "static",
        STATICFILES_DIRS=[SOURCE, ("theirs", theirs.parent)],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES=STORAGES,
    ):
        call_command("collectstatic", interactive=False, verbosity=0, **options)
    return folder / "static"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The folder of the files for production."""
    return collect(tmp_path_factory.mktemp("production"))


@pytest.mark.parametrize("name", MODULES)
def test_each_module_gets_smaller_and_has_no_comment(collected, name):
    source, served = (SOURCE / name).read_text("utf-8"), (collected / name).read_text("utf-8")
    assert len(served) < len(source)
    assert not COMMENT.search(served)


@pytest.mark.parametrize("name", MODULES)
def test_each_template_literal_comes_through_as_it_is(collected, name):
    served = (collected / name).read_text("utf-8")
    lines = (SOURCE / name).read_text("utf-8").splitlines()
    code = [line for line in lines if not line.strip().startswith(("*", "/*", "//"))]
    for literal in re.findall("`[^`]*`", "\n".join(code)):
        assert literal in served


def test_a_template_literal_inside_of_another_is_refused():
    with pytest.raises(ValueError, match="inside of another"):
        minified("const a = `one ${b ? `two ${b} ` : 3} four`;")


@pytest.mark.parametrize("name", MODULES)
def test_both_names_of_a_module_lead_to_the_same_and_the_hash_is_of_that(collected, name):
    content = (collected / name).read_bytes()
    hashed = json.loads((collected / "staticfiles.json").read_text())["paths"][name]
    assert hashlib.md5(content).hexdigest()[:12] in hashed
    assert (collected / hashed).read_bytes() == content
    for served in (name, hashed):
        assert gzip.decompress((collected / f"{served}.gz").read_bytes()) == content


def test_the_modules_of_others_are_as_they_came(collected):
    assert (collected / "theirs/js/module.mjs").read_text() == THEIRS


def test_to_collect_again_changes_nothing(tmp_path):
    folder = collect(tmp_path)
    before = {path: path.read_bytes() for path in folder.glob("js/*.*")}
    collect(tmp_path)
    assert {path: path.read_bytes() for path in folder.glob("js/*.*")} == before


def test_to_collect_links_leaves_the_sources_alone(tmp_path):
    before = {name: (SOURCE / name).read_bytes() for name in MODULES}
    folder = collect(tmp_path, link=True)
    assert {name: (SOURCE / name).read_bytes() for name in MODULES} == before
    assert "@ts-check" not in (folder / "js/main.mjs").read_text("utf-8")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const a = `x  // y  ${b}  /* z */`; // said", "const a=`x  // y  ${b}  /* z */`;"),
        ("const a = `one\n  two`;", "const a=`one\n  two`;"),
        ("const a = /[/*]  \\/\\/ '/u.test(b) // said", "const a=/[/*]  \\/\\/ '/u.test(b)"),
        ('const a = "// not  said";', 'const a="// not  said";'),
        ("const a = b\n(c)", "const a=b\n(c)"),
        ("// @ts-check\n/** @type {string} */\nlet a", "let a"),
    ],
)
def test_only_comments_and_space_go(source, expected):
    assert minified(source) == expected


@pytest.mark.parametrize("name", MODULES)
def test_no_module_has_a_template_in_another(name):
    """Rjsmin takes the inner one for the end of the outer one, and spaces out of its text."""
    assert NESTED.findall((SOURCE / name).read_text()) == []
