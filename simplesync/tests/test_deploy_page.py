"""What the page about deploying has a proxy and a service manager do fits what the server needs."""

import re
from pathlib import Path

from django.urls import reverse

from simplesync.processes import GRACE
from todos import events, export_format, protocol

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/how-to/deploy.md").read_text(encoding="utf-8")


def block(kind, part=""):
    """Return the piece of the page in some language that has this in it."""
    pieces = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    [found] = [piece for piece in pieces if part in piece]
    return found


def location(path):
    """Return what nginx is told of a path."""
    return re.search(rf"location = {re.escape(path)} \{{(.*?)\}}", block("nginx"), re.DOTALL)[1]


def test_nginx_lets_a_file_through_that_may_be_imported_and_any_other_request():
    most = int(re.search(r"client_max_body_size (\d+)m;", location(reverse("import")))[1])
    assert most * 1_000_000 == export_format.MOST_BYTES
    assert protocol.LIMITS["bytesPerRequest"] <= 2**20  # nginx's own limit, everywhere else


def test_nginx_lets_events_through_at_once_and_waits_for_the_next_one():
    told = location("/sync/events")
    assert "proxy_buffering off;" in told
    assert int(re.search(r"proxy_read_timeout (\d+)s;", told)[1]) > 2 * events.BEAT


def test_nothing_compresses_events():
    assert re.findall(r"path (\S+)\n\s+encode", block("caddy")) == ["/sync"]
    assert "gzip" not in location("/sync/events")


def test_the_service_ends_in_the_time_that_it_is_given():
    unit = block("ini", "manage.py serve")
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > GRACE
    assert "KillMode=mixed" in unit  # the processes are ended by the one that started them


def test_the_service_is_reloaded_by_the_one_signal_that_replaces_its_processes():
    assert "ExecReload=/bin/kill -HUP $MAINPID\n" in block("ini", "manage.py serve")
