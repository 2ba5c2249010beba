"""What watches the site learns whether it works and how much it does, and nothing of anybody."""

import pytest
from django.db import OperationalError

from simplesync import monitoring

TOKEN = "a token of the operator's"


@pytest.fixture
def token(settings):
    """Let the counters be seen by who has the token."""
    settings.METRICS_TOKEN = TOKEN


def ask(client, path, token=None):
    return client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})


def test_it_says_that_it_works(client, db):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_it_says_that_its_database_does_not_answer(client, monkeypatch):
    def cursor():
        raise OperationalError("connection refused to 10.0.0.7")

    monkeypatch.setattr(monitoring.connection, "cursor", cursor)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert b"10.0.0.7" not in response.content


def test_without_a_token_there_are_no_metrics(client, db):
    assert ask(client, "/metrics").status_code == 404
    assert ask(client, "/metrics", "").status_code == 404


@pytest.mark.parametrize("given", [None, "another", TOKEN[:-1]])
def test_who_has_not_the_token_sees_nothing(client, db, token, given):
    response = ask(client, "/metrics", given)
    assert response.status_code == 401
    assert b"simplesync" not in response.content


def test_who_has_it_sees_the_counters(client, db, token):
    response = ask(client, "/metrics", TOKEN)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    text = response.content.decode()
    for name in ("syncs", "rejections", "resets", "conflicts", "failures"):
        assert f"# TYPE simplesync_{name}_total counter" in text
    assert "# TYPE simplesync_listeners gauge" in text
    assert "# TYPE simplesync_lag_seconds histogram" in text
