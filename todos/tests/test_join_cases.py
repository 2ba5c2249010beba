"""The shared cases of the join in Python; e2e/test_join_in_the_browser.py: in JavaScript."""

import itertools
import json
from pathlib import Path

import pytest

from todos import hlc, merge, position

CASES = json.loads((Path(__file__).parent / "join-cases.json").read_text(encoding="utf-8"))


def cases(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case["name"])


@cases("stamps")
def test_s1_a_stamp_is_checked_by_a_strict_pattern(case):
    assert hlc.is_stamp(case["value"]) is case["good"]


@cases("ticks")
def test_s2_the_clock_ticks(case):
    assert hlc.tick(case["last"], case["now"], case["node"]) == case["stamp"]


@cases("merges")
def test_m1_two_versions_are_merged_field_by_field(case):
    assert merge.merge(case["ours"], case["theirs"]) == case["merged"]


@cases("merges")
def test_m1_the_sides_may_be_swapped(case):
    assert merge.merge(case["theirs"], case["ours"]) == case["merged"]


@cases("fingerprints")
def test_a_version_has_a_fingerprint(case):
    assert merge.fingerprint(case["version"]) == case["fingerprint"]


@cases("positions")
def test_m11_there_is_a_key_between_two(case):
    assert position.between(case["before"], case["after"], case["jitter"]) == case["key"]


@cases("runs")
def test_m11_where_there_is_no_room_the_later_ones_make_some(case):
    assert position.placed(case["before"], case["after"], case["jitter"]) == case["keys"]


def test_m11_ten_thousand_equal_keys_make_room_by_short_ones():
    keys = position.placed("a0", ["a0"] * 9_999 + ["a00001"], "0001")
    assert len(keys) == 10_000
    assert all(a < b for a, b in itertools.pairwise(["a0", *keys, "a00001"]))
    assert max(map(len, keys)) < 20
