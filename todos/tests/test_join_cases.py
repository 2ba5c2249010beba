"""The shared cases of the join in Python; e2e/test_join_in_the_browser.py: in JavaScript."""

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
