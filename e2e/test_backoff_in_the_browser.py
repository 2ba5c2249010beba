"""How long a page waits before it tries again (backoff.mjs)."""

import pytest

pytestmark = pytest.mark.any_engine

FIRST = 1_000  # ms, the longest pause after one failure
LONGEST = 5 * 60_000  # ms, the longest of all
TIMES = 200


@pytest.fixture
def pauses(module_page):
    """Return a function that returns many pauses after so many failures in a row."""
    script = """async ([failures, first, times]) => {
      const { pauseAfter } = await import("/static/js/backoff.mjs");
      return Array.from({ length: times }, () => pauseAfter(failures, first));
    }"""
    return lambda failures: module_page.evaluate(script, [failures, FIRST, TIMES])


@pytest.mark.parametrize(
    ("failures", "longest"),
    [
        (1, FIRST),
        (2, 2 * FIRST),
        (5, 16 * FIRST),
        (9, 256 * FIRST),
        (10, LONGEST),
        (5_000, LONGEST),
    ],
)
def test_a_pause_is_between_half_and_all_of_one_that_doubles_up_to_five_minutes(
    pauses, failures, longest
):
    found = pauses(failures)
    assert all(longest / 2 <= pause <= longest for pause in found)
    assert min(found) < 0.6 * longest
    assert max(found) > 0.9 * longest


def test_no_two_pages_wait_for_the_same_time(pauses):
    assert len(set(pauses(3))) == TIMES
