"""Two devices of one person, for the tests of the sync."""

import pytest

from todos.tests.devices import Device


@pytest.fixture
def phone(alice):
    """Alice's phone, whose clock is right."""
    return Device(alice)


@pytest.fixture
def laptop(alice):
    """Alice's laptop, which has seen nothing yet."""
    return Device(alice)
