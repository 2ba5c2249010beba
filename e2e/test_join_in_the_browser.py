"""The join in JavaScript: the shared cases, in both directions, and what Hypothesis makes up."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from todos import hlc, merge, position
from todos.tests import strategies

CASES = json.loads(
    (Path(__file__).parent.parent / "todos/tests/join-cases.json").read_text(encoding="utf-8")
)


@pytest.fixture
def call(module_page):
    """Return a function that calls a JavaScript function once for each list of arguments."""

    def call(module, function, calls):
        return module_page.evaluate(
            """async ([module, name, calls]) => {
                const { [name]: run } = await import(`/static/js/${module}.mjs`);
                return calls.map((argument) => run(...argument));
            }""",
            [module, function, calls],
        )

    return call


def expected(kind, result):
    return {case["name"]: case[result] for case in CASES[kind]}


def found(kind, results):
    return {case["name"]: result for case, result in zip(CASES[kind], results, strict=True)}


def test_s1_a_stamp_is_checked_by_a_strict_pattern(call):
    results = call("hlc", "isStamp", [[case["value"]] for case in CASES["stamps"]])
    assert found("stamps", results) == expected("stamps", "good")


def test_s2_the_clock_ticks(call):
    calls = [[case["last"], case["now"], case["node"]] for case in CASES["ticks"]]
    assert found("ticks", call("hlc", "tick", calls)) == expected("ticks", "stamp")


def test_m1_two_versions_are_merged_field_by_field(call):
    calls = [[case["ours"], case["theirs"]] for case in CASES["merges"]]
    assert found("merges", call("merge", "merge", calls)) == expected("merges", "merged")


def test_m1_the_sides_may_be_swapped(call):
    calls = [[case["theirs"], case["ours"]] for case in CASES["merges"]]
    assert found("merges", call("merge", "merge", calls)) == expected("merges", "merged")


def test_a_version_has_a_fingerprint(call):
    results = call("merge", "fingerprint", [[case["version"]] for case in CASES["fingerprints"]])
    assert found("fingerprints", results) == expected("fingerprints", "fingerprint")


def test_m11_there_is_a_key_between_two(call):
    calls = [[case["before"], case["after"], case["jitter"]] for case in CASES["positions"]]
    assert found("positions", call("position", "between", calls)) == expected("positions", "key")


def test_m11_where_there_is_no_room_the_later_ones_make_some(call):
    calls = [[case["before"], case["after"], case["jitter"]] for case in CASES["runs"]]
    assert found("runs", call("position", "placed", calls)) == expected("runs", "keys")


def test_m11_the_order_is_by_position_and_then_by_id_compared_by_bytes(call):
    places = [("", "1"), ("Zz1", "9"), ("a0", "1"), ("a0", "2"), ("a0A", "1"), ("a0a", "1")]
    pairs = list(itertools.product(places, repeat=2))
    calls = [[{"position": at, "id": id} for at, id in pair] for pair in pairs]
    assert call("todo-rows", "isBefore", calls) == [one < other for one, other in pairs]


def test_m11_random_digits_end_in_any_but_zero_and_differ(call):
    ends = call("position", "jitter", [[]] * 5_000)
    assert {end[-1] for end in ends} == set(position.DIGITS) - {"0"}
    assert {len(end) for end in ends} == {position.JITTER_LENGTH}
    assert len(set(ends)) > 4_900


many = settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
versions = strategies.versions()


@many
@given(st.lists(st.tuples(versions, versions), min_size=20, max_size=60))
def test_python_and_javascript_merge_alike(call, pairs):
    assert call("merge", "merge", pairs) == [merge.merge(a, b) for a, b in pairs]


@many
@given(st.lists(versions, min_size=20, max_size=60))
def test_python_and_javascript_make_the_same_fingerprints(call, found):
    each = [{**version, "id": "01a0c1d2-0000-7000-8000-000000000001"} for version in found]
    results = call("merge", "fingerprint", [[version] for version in each])
    assert results == [merge.fingerprint(version) for version in each]


@many
@given(
    st.lists(
        st.tuples(strategies.stamps, st.integers(0, 2**48), st.sampled_from(strategies.NODES)),
        min_size=20,
        max_size=60,
    )
)
def test_python_and_javascript_tick_alike(call, ticks):
    ticks = [tick for tick in ticks if hlc.ms_of(tick[0]) < hlc.MAX_MS - 1]
    assert call("hlc", "tick", ticks) == [hlc.tick(*tick) for tick in ticks]


keys = st.none() | st.from_regex(position.KEY, fullmatch=True)


@many
@given(st.lists(st.tuples(keys, keys, st.just("0001")), min_size=20, max_size=60))
def test_python_and_javascript_find_the_same_room(call, gaps):
    assert call("position", "between", gaps) == [position.between(*gap) for gap in gaps]


@pytest.mark.parametrize("limit", [5])
def test_python_and_javascript_know_the_same_wrong_texts(call, limit):
    limits = {"text": limit}
    texts = ["", "12345", "123456", "\U0001f600" * 5, "\U0001f600" * 6, "a\0b", "\ud83d", "\ufffe"]
    results = call("fields", "wrongIn", [["text", text, limits] for text in texts])
    assert [bool(result) for result in results] == [
        False,
        False,
        True,
        False,
        True,
        True,
        True,
        False,
    ]


def test_ids_made_in_the_browser_are_uuids_of_version_7_in_order(call):
    ids = call("uuid7", "uuid7", [[ms] for ms in (0, 1, 1_790_000_000_000, 2**48 - 1)])
    assert ids == sorted(ids)
    for made in ids:
        assert made[14] == "7"
        assert made[19] in "89ab"
        assert len(made) == 36
