"""The three laws of a join, the laws of the clock and of positions, on what Hypothesis makes up."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from todos import hlc, merge, position
from todos.tests.strategies import NODES, stamps, versions

times = st.integers(0, hlc.MAX_MS - 2)
nodes = st.sampled_from(NODES)


@given(versions())
def test_a_version_merged_with_itself_is_itself(a):
    assert merge.merge(a, a) == a


@given(versions(), versions())
def test_it_does_not_matter_which_version_comes_first(a, b):
    assert merge.merge(a, b) == merge.merge(b, a)


@given(versions(), versions(), versions())
def test_it_does_not_matter_which_two_are_merged_first(a, b, c):
    assert merge.merge(merge.merge(a, b), c) == merge.merge(a, merge.merge(b, c))


@given(versions(), versions())
def test_each_value_is_in_the_merge_or_lost_or_the_same_as_one_that_is(a, b):
    merged = merge.merge(a, b)
    kept = {(field, repr(merged[field])) for field in merged["clocks"]}
    kept |= {(field, repr(value)) for field, value, _ in merge.lost(a, b)}
    for version in (a, b):
        assert {(field, repr(version[field])) for field in version["clocks"]} <= kept


@given(versions(), versions())
def test_m2_what_is_lost_is_older_or_lesser_and_never_the_current_value(a, b):
    merged = merge.merge(a, b)
    for field, value, stamp in merge.lost(a, b):
        assert value != merged[field]
        assert stamp <= merged["clocks"][field]


@given(versions(), versions())
def test_a_merge_changes_neither_of_its_sides(a, b):
    before = repr((a, b))
    merge.merge(a, b)
    assert repr((a, b)) == before


@given(versions(), versions())
def test_fingerprints_differ_where_stamps_do(a, b):
    assume(a["clocks"] != b["clocks"])
    assert merge.fingerprint({**a, "id": "x"}) != merge.fingerprint({**b, "id": "x"})


@given(stamps, times, nodes)
def test_s2_a_tick_is_greater_than_all_that_was_seen(last, now, node):
    assume(hlc.ms_of(last) < hlc.MAX_MS - 2)
    assert hlc.tick(last, now, node) > last


@given(stamps, times, nodes)
def test_s2_a_tick_is_never_before_the_time(last, now, node):
    assume(hlc.ms_of(last) < hlc.MAX_MS - 2)
    assert hlc.ms_of(hlc.tick(last, now, node)) >= now


@given(st.integers(0, hlc.MAX_MS), st.integers(0, hlc.MAX_COUNTER), nodes)
def test_s1_a_stamp_gives_back_its_parts(ms, counter, node):
    stamp = hlc.pack(ms, counter, node)
    assert hlc.is_stamp(stamp)
    assert (hlc.ms_of(stamp), hlc.counter_of(stamp), hlc.node_of(stamp)) == (ms, counter, node)


@given(stamps, stamps)
def test_s1_stamps_compare_as_their_parts_do(a, b):
    def parts(stamp):
        return hlc.ms_of(stamp), hlc.counter_of(stamp), hlc.node_of(stamp)

    assert (a < b) is (parts(a) < parts(b))


@pytest.mark.parametrize(
    ("ms", "counter", "node"),
    [
        (-1, 0, NODES[0]),
        (hlc.MAX_MS + 1, 0, NODES[0]),
        (0, hlc.MAX_COUNTER + 1, NODES[0]),
        (0, 0, "a"),
    ],
)
def test_s1_parts_that_do_not_fit_are_refused(ms, counter, node):
    with pytest.raises(ValueError, match="not the parts of a stamp"):
        hlc.pack(ms, counter, node)


def test_s2_the_clock_ends_with_an_error_and_no_wrong_stamp():
    last = hlc.pack(hlc.MAX_MS, hlc.MAX_COUNTER, NODES[0])
    with pytest.raises(ValueError, match="not the parts of a stamp"):
        hlc.tick(last, 0, NODES[0])


keys = st.from_regex(position.KEY, fullmatch=True)


@given(st.none() | keys, st.none() | keys)
def test_m11_a_new_key_lies_between_its_neighbours(before, after):
    key = position.between(before, after, position.jitter())
    assume(key)
    assert position.is_position(key)
    assert before is None or before < key
    assert after is None or key < after


@given(st.lists(st.integers(0, 100), min_size=1, max_size=200))
def test_m11_a_list_of_our_own_keys_takes_insertions_anywhere(places):
    keys = []
    for place in places:
        index = place % (len(keys) + 1)
        before = keys[index - 1] if index else None
        after = keys[index] if index < len(keys) else None
        key = position.between(before, after, position.jitter())
        assert key is not None
        keys.insert(index, key)
    assert keys == sorted(set(keys))


def test_m11_appending_ten_thousand_times_keeps_keys_short():
    key = None
    for _ in range(10_000):
        key = position.between(key, None, position.jitter())
    assert len(key) <= 8


def test_m11_no_key_ends_in_a_zero_which_would_leave_no_room_before_it():
    assert {position.jitter()[-1] for _ in range(5_000)} == set(position.DIGITS) - {"0"}


def test_m11_two_devices_that_append_at_once_make_different_keys():
    keys = {position.between("a04k9X", None, position.jitter()) for _ in range(100)}
    assert len(keys) == 100
