"""Where `manage.py runserver` listens, and what it says before it does."""

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import runserver
from django.db import OperationalError

from simplesync.checks import static_files_are_collected
from simplesync.management.commands.runserver import Command


@pytest.fixture
def listened(monkeypatch):
    """Return where the server would listen, instead of listening."""
    found = []

    def run(self, **options):
        found.append((self.addr, self.port, self._raw_ipv6))

    monkeypatch.setattr(runserver.Command, "run", run)
    return found


@pytest.mark.parametrize(
    ("host", "arguments", "expected"),
    [
        ("127.0.0.1", [], ("127.0.0.1", "8123", False)),
        ("127.0.0.1", ["9000"], ("127.0.0.1", "9000", False)),
        ("127.0.0.1", ["127.0.0.2:9000"], ("127.0.0.2", "9000", False)),
        ("0.0.0.0", ["9000"], ("0.0.0.0", "9000", False)),
        ("localhost", [], ("localhost", "8123", False)),
        ("[::1]", [], ("::1", "8123", True)),
        ("[::1]", ["9000"], ("::1", "9000", True)),
        ("127.0.0.1", ["[::1]:9000"], ("::1", "9000", True)),
        ("127.0.0.1", ["--ipv6"], ("::1", "8123", True)),
    ],
)
def test_it_listens_on_host_and_port_unless_told_otherwise(
    listened, settings, monkeypatch, host, arguments, expected
):
    settings.DEBUG, settings.HOST, settings.PORT = True, host, 8123
    monkeypatch.setattr(Command, "default_port", "8123")
    call_command(Command(), *arguments)
    assert listened == [expected]


def test_a_database_that_does_not_answer_is_told_in_a_sentence(settings, monkeypatch):
    def unreachable(*arguments, **options):
        raise OperationalError("connection refused")

    settings.DEBUG = True
    monkeypatch.setattr("simplesync.management.commands.runserver.call_command", unreachable)
    command = Command()
    command.addr, command._raw_ipv6 = "127.0.0.1", False
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        command.inner_run()


def test_static_files_that_are_not_collected_are_an_error_in_production(settings, tmp_path):
    settings.STATIC_ROOT, settings.DEBUG, settings.COMMAND = tmp_path, False, "runserver"
    [error] = static_files_are_collected(None)
    assert "collectstatic" in error.hint
    (tmp_path / "staticfiles.json").touch()
    assert static_files_are_collected(None) == []


@pytest.mark.parametrize(("debug", "command"), [(True, "runserver"), (False, "migrate")])
def test_they_need_not_be_collected_otherwise(settings, tmp_path, debug, command):
    settings.STATIC_ROOT, settings.DEBUG, settings.COMMAND = tmp_path, debug, command
    assert static_files_are_collected(None) == []
