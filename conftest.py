"""What all tests share: the people of whom they tell, and a Hypothesis that measures no time."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

# The machines are shared: no timed test.
settings.register_profile("simplesync", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("simplesync")

PASSWORD = "correct horse battery staple"


def pytest_addoption(parser):
    """Let everything be run, which takes longer than anybody waits for a change."""
    help = "run in each engine also what does not depend on it (any_engine), and more rounds"
    parser.addoption("--all", action="store_true", help=help)


def pytest_collection_modifyitems(config, items):
    """Leave out what only another database can tell, and what any can: SQLite has told that."""
    on_sqlite = connection.vendor == "sqlite"
    other = "only_postgresql" if on_sqlite else "only_sqlite"
    left_out = [
        item
        for item in items
        if item.get_closest_marker(other) or not (on_sqlite or asks_database(item))
    ]
    gone = {*left_out}
    items[:] = [item for item in items if item not in gone]
    config.hook.pytest_deselected(items=left_out)


def asks_database(item):
    """Tell whether a test has a database, or a server that has one."""
    has_one = {"db", "transactional_db"} & {*item.fixturenames}
    return bool(has_one) or item.get_closest_marker("django_db") or "e2e" in item.path.parts


@pytest.fixture(autouse=True)
def nothing_unstored(monkeypatch):
    """Let no thread store what is counted, and each test begin with nothing counted."""
    from todos.activity import Unstored, unstored

    monkeypatch.setattr(Unstored, "store_later", lambda self: None)
    yield
    unstored.take()


@pytest.fixture(autouse=True)
def fresh_rate(monkeypatch):
    """Count each test's requests from nought: people of different tests share their keys."""
    from todos import api

    monkeypatch.setattr(api, "rate", type(api.rate)())


@pytest.fixture
def alice(db, django_user_model):
    """Alice, whose todos the tests are about."""
    return django_user_model.objects.create_user("alice", password=PASSWORD)


@pytest.fixture
def bob(db, django_user_model):
    """Bob, who must see nothing of Alice's."""
    return django_user_model.objects.create_user("bob", password=PASSWORD)


@pytest.fixture
def olga(db, django_user_model):
    """Olga, who runs the server."""
    return django_user_model.objects.create_superuser("olga", password=PASSWORD)
