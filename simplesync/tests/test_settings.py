"""The settings from the environment, read by a process of its own in a copy of the project."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
KEY = "k" * 50
HIDDEN = "pa55-that-nobody-should-see"
SHOW = """
import json, sys
sys.argv = json.loads(sys.argv[1])
from simplesync import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()},
                 default=str))
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Copy the project, so that no test comes near the real var/."""
    tree = tmp_path_factory.mktemp("project")
    shutil.copy(PROJECT / "manage.py", tree)
    leave_out = shutil.ignore_patterns("tests", "__pycache__")
    for folder in ("simplesync", "accounts", "todos", "static", "templates"):
        shutil.copytree(PROJECT / folder, tree / folder, ignore=leave_out)
    return tree


@pytest.fixture
def tree(original):
    """The copy, without anything that it has made by itself."""
    shutil.rmtree(original / "var", ignore_errors=True)
    return original


def run(tree, *arguments, **environment):
    """Run Python in the copy, with no other environment than this."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings(tree, *argv, **environment):
    """Return all settings as they arrive in a command, such as `manage.py runserver`."""
    done = run(tree, "-c", SHOW, json.dumps(list(argv or ["manage.py", "check"])), **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(done):
    """Return the one sentence by which a command was refused."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


# It works


def test_it_works_with_no_environment_at_all(tree):
    done = run(tree, "manage.py", "check", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_the_defaults_are_for_one_machine(tree):
    got = settings(tree, "manage.py", "runserver")
    assert got["DEBUG"] is True
    assert got["HTTPS"] is got["SESSION_COOKIE_SECURE"] is got["CSRF_COOKIE_SECURE"] is False
    assert (got["HOST"], got["PORT"]) == ("127.0.0.1", 8000)
    assert got["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]", "127.0.0.1"]
    assert got["CSRF_TRUSTED_ORIGINS"] == []
    assert (got["SYNC_INTERVAL"], got["SYNC_RATE"]) == (10, "600/minute")
    database = got["DATABASES"]["default"]
    assert database["ENGINE"] == "simplesync.sqlite"
    assert Path(database["NAME"]) == tree / "var" / "simplesync.sqlite3"


def test_good_values_arrive(tree):
    got = settings(
        tree,
        DEBUG="off",
        SECRET_KEY=KEY,
        HOST="0.0.0.0",
        PORT="65535",
        ALLOWED_HOSTS="todo.example, www.todo.example,",
        HTTPS="no",
        CSRF_TRUSTED_ORIGINS="https://todo.example, http://localhost:1234",
        SYNC_INTERVAL=" 60 ",
        SYNC_RATE="5/second",
        DATABASE_URL="postgres://simple:p%40ss@db.example:5433/sync",
        STATIC_ROOT=str(tree / "var" / "elsewhere"),
    )
    assert (got["DEBUG"], got["HTTPS"], got["SECRET_KEY"]) == (False, False, KEY)
    assert (got["HOST"], got["PORT"]) == ("0.0.0.0", 65535)
    assert got["ALLOWED_HOSTS"] == ["todo.example", "www.todo.example"]
    assert got["CSRF_TRUSTED_ORIGINS"] == ["https://todo.example", "http://localhost:1234"]
    assert (got["SYNC_INTERVAL"], got["SYNC_RATE"]) == (60, "5/second")
    database = got["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    parts = [database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["simple", "p@ss", "db.example", 5433, "sync"]
    assert got["STATIC_ROOT"] == str(tree / "var" / "elsewhere")


NAMES = [
    *("DEBUG", "SECRET_KEY", "HOST", "PORT", "ALLOWED_HOSTS", "HTTPS", "CSRF_TRUSTED_ORIGINS"),
    *("SYNC_INTERVAL", "SYNC_RATE", "DATABASE_URL", "STATIC_ROOT"),
    *("LOGIN_FAILURES", "LOGIN_PAUSE", "EMAIL_HOST", "EMAIL_SECURITY", "EMAIL_PORT"),
    *("EMAIL_USER", "EMAIL_PASSWORD", "EMAIL_FROM"),
]


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_value_is_the_default(tree, empty):
    assert settings(tree, **dict.fromkeys(NAMES, empty)) == settings(tree)


@pytest.mark.parametrize("host", ["fd00::1", "[fd00::1]"])
def test_a_host_with_an_ipv6_address_is_allowed_as_browsers_write_it(tree, host):
    assert "[fd00::1]" in settings(tree, HOST=host)["ALLOWED_HOSTS"]


@pytest.mark.parametrize(
    "hosts", ["*", ".todo.example", "10.0.0.1", "[fd00::1],localhost", "todo.example,"]
)
def test_hosts_of_all_kinds_are_allowed(tree, hosts):
    assert settings(tree, ALLOWED_HOSTS=hosts)["ALLOWED_HOSTS"] == hosts.rstrip(",").split(",")


@pytest.mark.parametrize(
    "url", ["sqlite:////tmp/x/y.sqlite3", "postgres://u@h/n", "postgresql://u:p@h/n"]
)
def test_each_kind_of_database_is_taken(tree, url):
    engine = settings(tree, DATABASE_URL=url)["DATABASES"]["default"]["ENGINE"]
    assert engine.rpartition(".")[2] in ("sqlite", "postgresql")


def test_announcements_may_have_a_connection_past_a_pooler(tree):
    direct = "postgres://simple@db.example:5432/sync"
    pooled = "postgres://simple@pooler.example:6432/sync"
    found = settings(tree, DATABASE_URL=pooled, LISTEN_DATABASE_URL=direct)
    assert found["LISTEN_DATABASE"] == "listen"
    assert found["DATABASES"]["listen"]["HOST"] == "db.example"
    assert found["DATABASES"]["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_cookies_go_over_https_only_once_it_is_no_trial(tree):
    got = settings(tree, "uvicorn", SECRET_KEY=KEY)
    assert (got["DEBUG"], got["HTTPS"]) == (False, True)
    assert got["SESSION_COOKIE_SECURE"] is got["CSRF_COOKIE_SECURE"] is True


def test_mail_is_printed_unless_there_is_a_server_for_it(tree):
    assert settings(tree)["EMAIL_BACKEND"].endswith("console.EmailBackend")
    got = settings(tree, EMAIL_HOST="mail.example", EMAIL_USER="u", EMAIL_PASSWORD="p")
    assert got["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    named = [got[f"EMAIL_{name}"] for name in ("HOST", "HOST_USER", "HOST_PASSWORD")]
    assert named == ["mail.example", "u", "p"]


@pytest.mark.parametrize(
    ("security", "port", "tls", "ssl"),
    [("", 587, True, False), ("tls", 465, False, True), ("none", 25, False, False)],
)
def test_mail_has_the_port_of_its_security(tree, security, port, tls, ssl):
    got = settings(tree, EMAIL_SECURITY=security)
    told = [got[f"EMAIL_{name}"] for name in ("PORT", "USE_TLS", "USE_SSL")]
    assert told == [port, tls, ssl]
    assert settings(tree, EMAIL_SECURITY=security, EMAIL_PORT="2525")["EMAIL_PORT"] == 2525


# Production


RANDOM = "tH3-q9rW_zK7vLx2mB8nYc4Jd6Fs1Ga5"


@pytest.mark.parametrize("environment", [{}, {"DEBUG": "false", "SECRET_KEY": RANDOM}])
def test_the_checks_for_production_say_nothing(tree, environment):
    done = run(tree, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("environment", "said"),
    [({"HTTPS": "false"}, "security.W008"), ({"SECRET_KEY": KEY}, "simplesync.W001")],
)
def test_the_checks_for_production_say_what_is_not_as_it_should_be(tree, environment, said):
    done = run(tree, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert done.returncode != 0
    assert said in done.stderr


def test_one_variable_turns_https_off_with_all_that_goes_with_it(tree):
    got = settings(tree, "uvicorn", SECRET_KEY=KEY)
    assert got["SECURE_SSL_REDIRECT"] is True
    assert got["SECURE_HSTS_SECONDS"] > 0
    got = settings(tree, "uvicorn", SECRET_KEY=KEY, HTTPS="false")
    assert got["SECURE_SSL_REDIRECT"] is got["SESSION_COOKIE_SECURE"] is False
    assert got["SECURE_HSTS_SECONDS"] == 0


def test_what_a_request_says_of_https_is_believed_only_if_told_so(tree):
    assert settings(tree)["SECURE_PROXY_SSL_HEADER"] is None
    believed = settings(tree, BEHIND_PROXY="true")["SECURE_PROXY_SSL_HEADER"]
    assert believed == ["HTTP_X_FORWARDED_PROTO", "https"]


# It refuses


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("HTTPS", "2"),
        ("HOST", "two words"),
        ("HOST", "http://localhost"),
        ("HOST", "[::1"),
        ("HOST", "localhost:8000"),
        ("HOST", "127.0.0.1:8000"),
        ("HOST", ":"),
        ("LOGIN_FAILURES", "0"),
        ("LOGIN_PAUSE", "soon"),
        ("EMAIL_SECURITY", "ssl"),
        ("EMAIL_PORT", "0"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80.5"),
        ("ALLOWED_HOSTS", ","),
        ("ALLOWED_HOSTS", "https://todo.example"),
        ("ALLOWED_HOSTS", "todo.example,10.0.0.1:8000"),
        ("CSRF_TRUSTED_ORIGINS", "todo.example"),
        ("CSRF_TRUSTED_ORIGINS", "https://todo.example,*"),
        ("SYNC_INTERVAL", "0"),
        ("SYNC_INTERVAL", "-1"),
        ("SYNC_INTERVAL", "3601"),
        ("SYNC_INTERVAL", "ten"),
        ("SYNC_RATE", "often"),
        ("SYNC_RATE", "600"),
        ("SYNC_RATE", "0/minute"),
        ("SYNC_RATE", "600/minute;5/second"),
    ],
)
def test_a_bad_value_is_refused_by_one_sentence(tree, name, value):
    line = refusal(run(tree, "manage.py", "check", **{name: value}))
    assert line.startswith(f"Not started: {name} ")
    assert "must be" in line
    assert value.strip() in line
    assert line.endswith(".")


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://alice:{HIDDEN}@db.example/sync",
        f"postgres://alice:{HIDDEN}@db.example:port/sync",
        f"postgres://alice:{HIDDEN}@[db.example/sync",
        f"postgres:alice:{HIDDEN}@db.example/sync",
        f"{HIDDEN}",
    ],
)
def test_a_bad_database_is_refused_and_its_password_not_repeated(tree, url):
    line = refusal(run(tree, "manage.py", "check", DATABASE_URL=url))
    assert line.startswith("Not started: DATABASE_URL must be ")
    assert HIDDEN not in line


def test_a_short_secret_is_refused_and_not_repeated(tree):
    line = refusal(run(tree, "manage.py", "check", SECRET_KEY=HIDDEN.ljust(31, "x")))
    assert line == "Not started: SECRET_KEY must have at least 32 characters."
    assert len(settings(tree, SECRET_KEY="x" * 32)["SECRET_KEY"]) == 32


@pytest.mark.parametrize("command", ["runserver", "migrate", "collectstatic"])
def test_every_command_refuses_alike(tree, command):
    line = refusal(run(tree, "manage.py", command, PORT="http"))
    assert line.startswith("Not started: PORT ")


# The secret


def test_a_server_without_a_secret_is_refused(tree):
    done = run(tree, "-c", "import simplesync.asgi", DEBUG="false")
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr.splitlines()[-1]
    assert not (tree / "var" / "secret-key").exists()


def test_a_server_is_never_in_debug_unless_told(tree):
    done = run(tree, "-c", "import simplesync.asgi")
    assert "SECRET_KEY is not set" in done.stderr


def test_a_server_with_a_secret_starts(tree):
    done = run(tree, "-c", "import simplesync.asgi", SECRET_KEY=KEY)
    assert done.returncode == 0, done.stderr


def test_runserver_without_debug_is_refused_without_a_secret(tree):
    line = refusal(run(tree, "manage.py", "runserver", "--noreload", DEBUG="false"))
    assert line.startswith("Not started: SECRET_KEY is not set.")


def test_a_secret_is_made_once_for_its_owner_only(tree):
    made = settings(tree, "manage.py", "runserver")["SECRET_KEY"]
    file = tree / "var" / "secret-key"
    assert len(made) >= 50
    assert file.read_text() == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert settings(tree)["SECRET_KEY"] == made


def test_a_given_secret_is_used_and_not_kept(tree):
    assert settings(tree, SECRET_KEY=KEY)["SECRET_KEY"] == KEY
    assert not (tree / "var" / "secret-key").exists()


def test_a_kept_secret_that_is_broken_is_refused(tree):
    (tree / "var").mkdir()
    (tree / "var" / "secret-key").touch()
    assert "secret-key" in refusal(run(tree, "manage.py", "check"))
