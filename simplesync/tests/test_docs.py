"""The docs say what the code does: rules, codes, limits, settings and links are held together."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from todos import cursor, export_format, fields, protocol

ROOT = Path(__file__).resolve().parent.parent.parent
PROTOCOL = (ROOT / "docs/reference/sync-protocol.md").read_text(encoding="utf-8")
FAILURE_MODES = (ROOT / "docs/reference/failure-modes.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
TODOMVC = (ROOT / "docs/reference/todomvc.md").read_text(encoding="utf-8")
VERSIONS = (ROOT / "docs/reference/versions.md").read_text(encoding="utf-8")
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("accounts", "todos", "simplesync", "e2e")
    for path in (ROOT / folder).rglob("test_*.py")
)
SOURCES = [
    path
    for folder, suffix in (
        ("todos", "py"),
        ("accounts", "py"),
        ("simplesync", "py"),
        ("static", "mjs"),
    )
    for path in (ROOT / folder).rglob(f"*.{suffix}")
]
RULES = re.findall(r"^- \*\*([SCRMAF]\d+)\*\* ", PROTOCOL, re.MULTILINE)
FAILURES = re.findall(r"^\| (F\d+) \|", FAILURE_MODES, re.MULTILINE)


def first_cells(text):
    """Return the names in the first column of all tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_each_rule_is_stated_once():
    assert len(RULES) == len(set(RULES)) == 39


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_a_test_that_cites_it(rule):
    assert re.search(rf"def test_(\w+_and_)?{rule.lower()}_", TESTS), f"no test cites {rule}"


def test_no_source_cites_a_rule_that_is_not_stated():
    for path in SOURCES:
        cited = re.findall(r"\b([SCRMAF]\d{1,2})\b", path.read_text(encoding="utf-8"))
        strange = set(cited) - set(RULES) - set(FAILURES)
        assert not strange, f"{path.relative_to(ROOT)} cites {strange}"


def test_no_test_cites_a_rule_that_is_not_stated():
    for name in re.findall(r"def test_((?:[scrmaf]\d+_(?:and_)?)+)", TESTS):
        cited = re.findall(r"([scrmaf]\d+)_", name)
        strange = {rule.upper() for rule in cited} - set(RULES) - set(FAILURES)
        assert not strange, name


def test_no_page_cites_a_rule_that_is_not_stated():
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        cited = re.findall(r"\b([SCRMAF]\d{1,2})\b", path.read_text(encoding="utf-8"))
        strange = set(cited) - set(RULES) - set(FAILURES)
        assert not strange, f"{path.relative_to(ROOT)} cites {strange}"


def test_each_failure_mode_names_its_tests():
    assert [f"F{number}" for number in range(1, 57)] == FAILURES
    for line in re.findall(r"^\| F\d+ .*$", FAILURE_MODES, re.MULTILINE):
        named = re.findall(r"`(test_\w+)`", line)
        assert named or "cannot happen here" in line, line
        for name in named:
            assert f"def {name}(" in TESTS, name


def test_each_of_the_27_points_of_todomvc_names_its_tests():
    points = re.findall(r"^\| (\d+) \| .* \| (.*) \|$", TODOMVC, re.MULTILINE)
    assert [int(number) for number, _ in points] == list(range(1, 28))
    for number, tests in points:
        defined = re.findall(rf"^def (test_point_{int(number):02}_\w+)\(", TESTS, re.MULTILINE)
        assert defined == re.findall(r"`(\w+)`", tests) != [], number


def test_each_version_is_documented_with_its_number_and_its_tests():
    steps = (ROOT / "static/js/migrations.mjs").read_text(encoding="utf-8").count("\n  (db")
    numbers = {
        "local schema": steps,
        "wire protocol": protocol.PROTOCOL,
        "cursor": cursor.VERSION,
        "export format": export_format.VERSION,
    }
    for name, number in numbers.items():
        assert f"| `{name}` | {number} |" in VERSIONS, name
    for name in re.findall(r"`(test_\w+)`", VERSIONS):
        assert f"def {name}(" in TESTS, name


def test_both_sides_speak_of_the_same_versions():
    for module, name, number in (
        ("protocol", "PROTOCOL", protocol.PROTOCOL),
        ("export", "VERSION", export_format.VERSION),
    ):
        source = (ROOT / f"static/js/{module}.mjs").read_text(encoding="utf-8")
        assert f"const {name} = {number};" in source


def test_every_code_is_documented_and_no_other():
    _, verdicts = PROTOCOL.split("\n| code | why |\n")
    assert first_cells(verdicts.split("\n\n")[0]) == set(protocol.REJECTIONS)
    documented = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", PROTOCOL, re.MULTILINE)
    assert {(int(status), code) for status, code in documented} == {
        (status, code) for code, (status, _) in protocol.REFUSALS.items()
    }


def test_every_code_has_its_answer_in_the_client():
    source = (ROOT / "static/js/sync.mjs").read_text(encoding="utf-8")
    table = source.split("const OUTCOMES")[1].split("});")[0]
    known = set(re.findall(r"^  (\w+): \"", table, re.MULTILINE))
    in_trouble = {"method_not_allowed", "rejected", "server_error"}  # as if it were offline
    assert known == set(protocol.REFUSALS) - in_trouble


def test_the_page_about_a_stuck_sync_has_each_sentence_and_only_codes_that_there_are():
    page = (ROOT / "docs/how-to/debug-a-stuck-sync.md").read_text(encoding="utf-8")
    source = (ROOT / "static/js/sync-status.mjs").read_text(encoding="utf-8")
    said = set(re.findall(r'says: "([^"]+)"', source)) - {"Syncing…", "Saving…", "Log in", "Reload"}
    said |= set(re.findall(r'^const [A-Z_]+ = "([^"]+)"', source, re.MULTILINE))
    assert set(re.findall(r'^\| "([^"]+)" \|', page, re.MULTILINE)) == said
    codes = set(re.findall(r"^\| last error `(\w+)`(?: or `(\w+)`)?", page, re.MULTILINE))
    assert {code for pair in codes for code in pair if code} <= {
        *protocol.REJECTIONS,
        *protocol.REFUSALS,
    }


def test_every_limit_is_documented_with_its_value():
    for name, value in protocol.LIMITS.items():
        assert f"| `{name}` | {value} |" in PROTOCOL
    assert f"at most {protocol.PAGE:,}," in PROTOCOL


# What is a field, and no word of a sentence: in quotes, after a dot, or before what is set to it.
AS_A_FIELD = (
    r"""["'`.]NAME(_stamp)?\b|\bNAME(_stamp)?(:(?!$)|=(?!=)| = models)"""
    r"""|[/ -]NAME\.(mjs|py)\b|import (\w+, )*NAME\b"""
)
WITH_FIELDS = ("todos", "static/js", "static/css", "templates", "docs/reference", "e2e")


def files_that_speak_of(name):
    """Return the files in which a field is spoken of as one; the fault kit knows none by name."""
    pattern = re.compile(AS_A_FIELD.replace("NAME", name), re.MULTILINE)
    return {
        str(path.relative_to(ROOT))
        for folder in WITH_FIELDS
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".py", ".mjs", ".css", ".html", ".md", ".json"}
        if "torture" not in str(path.relative_to(ROOT))
        if pattern.search(path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("name", fields.DETAILS)
def test_a_new_field_touches_the_files_that_the_how_to_lists_and_no_others(name):
    how_to = (ROOT / "docs/how-to/add-a-field.md").read_text(encoding="utf-8")
    sections = how_to.split("\n## ")
    listed = [each for each in sections if each.startswith(("Each field", f"What `{name}`"))]
    assert len(listed) == 2
    assert files_that_speak_of(name) == first_cells("\n".join(listed))


def settings_read():
    """Return by which function each setting is read, and what that is given beside the name."""
    source = (ROOT / "simplesync/settings.py").read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        ast.literal_eval(call.args[0]): (
            call.func.id,
            call.args[1:] + [each.value for each in call.keywords if each.arg == "default"],
        )
        for call in calls
        if isinstance(call.func, ast.Name) and re.match(r"env(_|$)", call.func.id)
    }


READ = settings_read()
# What the table says of a default that is no plain value; of one that is not given, by the name.
IN_WORDS = {
    "f\"sqlite:///{VAR_DIR / 'simplesync.sqlite3'}\"": (
        "`sqlite:///var/simplesync.sqlite3` in the project"
    ),
    "VAR_DIR / 'metrics'": "`var/metrics` in the project",
    "VAR_DIR / 'static'": "`var/static` in the project",
    "os.cpu_count() or 1": "as many as there are cores",
    "COMMAND == 'runserver'": "on under `runserver`, else off",
    "not DEBUG": "the opposite of `DEBUG`",
    "['localhost', '127.0.0.1', '[::1]', HOST]": "`localhost`, `127.0.0.1`, `[::1]` and `HOST`",
    "{'starttls': 587, 'tls': 465}.get(EMAIL_SECURITY, 25)": (
        "`587`, with `tls` `465`, with `none` `25`"
    ),
    "LISTEN_DATABASE_URL": "`DATABASE_URL`",
    "SECRET_KEY": "with `DEBUG` on: made at first start and kept in `var/secret-key`",
}


def test_every_setting_is_documented_and_every_documented_one_is_read():
    assert set(READ) == first_cells(SETTINGS)
    assert len(READ) > 20


@pytest.mark.parametrize("name", READ)
def test_each_setting_is_documented_with_its_default_and_what_it_may_be(name):
    [[default, what]] = re.findall(rf"^\| `{name}` \| (.*) \| (.*) \|$", SETTINGS, re.MULTILINE)
    how, values = READ[name]
    given = values[0] if values else None
    if isinstance(given, ast.Constant | ast.List) and ast.unparse(given) not in IN_WORDS:
        value = ast.literal_eval(given)
        written = str(value).lower() if isinstance(value, bool) else value
        told = rf"`{re.escape(str(written))}`" if value or isinstance(value, int) else "none"
        assert re.match(rf"{told}(?!\w)", default)
    else:
        assert default == IN_WORDS[ast.unparse(given) if given else name]
    if how == "env_int":
        lowest, highest = map(ast.literal_eval, values[1:])
        assert f"{lowest} to {highest}" in what
    if how == "env_choice":
        for word in ast.literal_eval(values[1]):
            assert f"`{word}`" in what, word


def test_every_command_of_dev_is_listed_without_arguments_and_told_of_in_the_docs():
    listed = subprocess.check_output([sys.executable, ROOT / "dev.py"], text=True)
    told = "".join((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
    commands = re.findall(r"^  (\w+) +[A-Z]", listed, re.MULTILINE)
    assert set(commands) == set(re.findall(r"python3 dev\.py (\w+)", told))


def test_each_module_in_the_picture_of_an_edits_way_exists():
    architecture = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    picture = architecture.split("```")[1]
    modules = re.findall(r"\b([\w-]+\.mjs)\b", picture)
    files = re.findall(r"\b((?:todos|accounts|simplesync)/\w+\.py)\b", picture)
    assert len(modules) > 5
    assert len(files) > 3
    for name in [*(f"static/js/{module}" for module in modules), *files]:
        assert (ROOT / name).exists(), name


def test_each_module_that_has_a_twin_stands_beside_it_in_the_table():
    architecture = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    twins = {
        path.name: re.findall(r"twin of[\s*]+(todos/\w+\.py)", path.read_text(encoding="utf-8"))
        for path in (ROOT / "static/js").glob("*.mjs")
        if "twin of" in path.read_text(encoding="utf-8")
    }
    assert len(twins) > 8
    for module, [twin] in twins.items():
        assert f"| `{twin}` | `static/js/{module}` |" in architecture, module


def test_all_cases_that_both_sides_run_are_named():
    architecture = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`todos/tests/(\S+-cases\.json)`", architecture))
    assert named == {path.name for path in (ROOT / "todos/tests").glob("*-cases.json")}


def test_each_concern_of_the_browser_has_one_file():
    concerns = {
        r"\bindexedDB\.": "browserDB.mjs",
        r"\bfetch\(": "sync.mjs",
        r"\bdocument\.cookie\b": "session.mjs",
        r"\bcsrftoken\b": "session.mjs",
        r"\bDate\.now\(": "clock.mjs",
        r"\bBroadcastChannel\b": "tabs.mjs",
    }
    for pattern, name in concerns.items():
        users = {
            path.name
            for path in (ROOT / "static/js").glob("*.mjs")
            if not path.name.startswith("service-worker")  # which has no other files
            if re.search(pattern, path.read_text(encoding="utf-8"))
        }
        assert users == {name}, pattern


def test_no_module_builds_html_from_text():
    for path in (ROOT / "static/js").glob("*.mjs"):
        found = re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text()
        )
        assert not found, path.name
