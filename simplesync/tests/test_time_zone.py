"""Times on the server's pages are the reader's, as far as the browser has told."""

import datetime

import pytest
from django.conf import settings

from simplesync.time_zone import zone_named
from todos import sync
from todos.tests import lists

NOON = int(datetime.datetime(2027, 1, 15, 12, tzinfo=datetime.UTC).timestamp() * 1000)

pytestmark = pytest.mark.django_db


def history_of(client, user, monkeypatch):
    """Return the page on a todo that was added at noon in Greenwich."""
    monkeypatch.setattr(sync, "now_ms", lambda: NOON)
    [todo] = lists.add(user, "Buy milk")
    client.force_login(user)
    return client.get(f"/todos/{todo.uid}/history/").content.decode()


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (None, "15 January 2027, 12:00 UTC"),
        ("America/New_York", "15 January 2027, 07:00 EST"),
        ("Asia/Tokyo", "15 January 2027, 21:00 JST"),
        ("Nowhere/At_All", "15 January 2027, 12:00 UTC"),
    ],
)
def test_a_time_is_in_the_readers_zone(client, alice, monkeypatch, zone, shown):
    if zone:
        client.cookies["time-zone"] = zone
    assert shown in history_of(client, alice, monkeypatch)


@pytest.mark.parametrize("name", ["", ".", "..", "/etc/passwd", "a\0b", "Europe", "x" * 5_000, "é"])
def test_whatever_a_cookie_says_is_some_zone(name):
    assert str(zone_named(name)) == settings.TIME_ZONE


def test_the_admin_speaks_utc(admin_client, alice):
    admin_client.cookies["time-zone"] = "Asia/Tokyo"
    joined = datetime.datetime(2027, 1, 15, 12, tzinfo=datetime.UTC)
    type(alice).objects.filter(pk=alice.pk).update(date_joined=joined)
    page = admin_client.get(f"/admin/accounts/user/{alice.pk}/change/").content.decode()
    assert "12:00" in page
