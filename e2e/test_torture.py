"""A short run of the fault kit: at least one seed for each fault.

`python3 dev.py torture` runs it for as long as told. A seed that fails there goes into NAMED, with
what it found, and is run here ever after.
"""

import pytest

from e2e.torture.faults import Counts
from e2e.torture.schedule import Schedule
from e2e.torture.world import Ground, World

OPERATIONS = 100
SEEDS = [1, 2, 3, 4, 7]  # together they have every fault
NAMED: dict[int, str] = {}  # seeds that once found something, and what that was


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """One server behind one proxy, for all seeds."""
    ground = Ground(tmp_path_factory.mktemp("torture"))
    yield ground
    ground.close()


@pytest.fixture
def new_world(ground):
    """Return a function that makes the world of a seed."""
    worlds = []

    def make(seed):
        worlds.append(World(ground, seed))
        return worlds[-1]

    yield make
    for world in worlds:
        world.close()


def test_nothing_is_lost_leaked_or_doubled_whatever_goes_wrong(new_world):
    happened = Counts()
    for seed in [*SEEDS, *NAMED]:
        world = new_world(seed)
        Schedule(world).run(OPERATIONS)
        happened.update(world.counts)
    assert happened.missing() == []
