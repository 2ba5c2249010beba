"""What a client keeps of one todo (rules C1, C2, C5, C6), in the pure module that decides it."""

import pytest

pytestmark = pytest.mark.any_engine

PRELUDE = """
const r = await import("/static/js/record.mjs");
const { wireTodos } = await import("/static/js/protocol.mjs");
const stamp = (ms) => String(ms).padStart(15, "0") + "-0000-aaaaaaaaaaaaaaaa";
const at = (ms) => ({ stamp: stamp(ms), wall: ms });
const clocks = (ms, ...fields) => Object.fromEntries(fields.map((field) => [field, stamp(ms)]));
const all = ["text", "completed", "position", "deleted"];
const milk = { text: "Buy milk", completed: false, position: "a01111", deleted: false };
const served = { ...milk, id: "milk", clocks: clocks(1, ...all) };
const known = r.received(r.unknown("milk"), served);
"""


@pytest.fixture
def run(module_page):
    """Return a function that runs some JavaScript with the module and a todo at hand."""
    return lambda body: module_page.evaluate(f"async () => {{ {PRELUDE} {body} }}")


def test_c1_an_edit_is_kept_apart_from_the_servers_copy_and_the_screen_shows_their_join(run):
    record = run('return r.edited(known, { text: "Buy oat milk" }, at(2));')
    assert record["text"] == "Buy oat milk"
    assert record["server"]["text"] == "Buy milk"
    assert record["unsent"]["text"]["seen"].startswith("000000000000001-")
    assert record["unsent"]["text"]["wall"] == 2


def test_c1_an_edit_that_has_lost_is_still_sent(run):
    sent = run(
        """
        const edit = r.edited(known, { text: "mine" }, at(2));
        const lost = r.received(edit, { text: "later", clocks: clocks(3, "text") });
        return [lost.text, lost.synced, wireTodos(lost)];
        """
    )
    text, synced, [wire] = sent
    assert (text, synced) == ("later", False)
    assert wire["text"] == "mine"


def test_c5_only_exactly_its_stamp_acknowledges_an_edit(run):
    early, exact = run(
        """
        const edit = r.edited(known, { text: "Buy oat milk" }, at(3));
        const stored = (ms, text) => ({ text, clocks: clocks(ms, "text") });
        return [stored(2, "Buy"), stored(3, "Buy oat milk")].map((it) => r.acknowledged(edit, it));
        """
    )
    assert (early["synced"], exact["synced"]) == (False, True)
    assert (early["text"], early["server"]["text"]) == ("Buy oat milk", "Buy")
    assert exact["server"]["text"] == "Buy oat milk"
    assert exact["unsent"] == {}


def test_c5_a_later_stamp_acknowledges_nothing_either(run):
    """The server says which stamps it has taken; what has lost there must reach it all the same."""
    assert run(
        """
        const edit = r.edited(known, { text: "Buy oat milk" }, at(3));
        const after = r.acknowledged(edit, { text: "Buy soy milk", clocks: clocks(4, "text") });
        return after.unsent.text === edit.unsent.text;
        """
    )


def test_c2_a_record_is_synced_when_nothing_of_it_is_unsent_parked_or_offered(run):
    fresh, unsent, parked, offered, done = run(
        """
        const edit = r.edited(known, { text: "x" }, at(2));
        const reason = { error: "text_too_long", message: "Too long." };
        return [
          known,
          edit,
          r.parked(edit, clocks(2, "text"), ["text"], reason),
          r.offered(known),
          r.unoffered(r.offered(known), clocks(1, ...all)),
        ];
        """
    )
    assert [record["synced"] for record in (fresh, unsent, parked, offered, done)] == [
        True,
        False,
        False,
        False,
        True,
    ]
    assert "unsynced" not in fresh
    assert unsent["unsynced"] == 1


def test_c2_updated_at_is_the_time_of_the_latest_edit_and_not_of_its_acknowledgement(run):
    times = run(
        """
        const edit = r.edited(known, { text: "x" }, at(7));
        const done = r.acknowledged(edit, { text: "x", clocks: clocks(7, "text") });
        return [known, edit, done].map((it) => it.updatedAt);
        """
    )
    assert times == [1, 7, 7]


def test_c6_a_parked_edit_keeps_the_servers_copy_and_is_not_sent_until_it_is_edited(run):
    server, parked, again = run(
        """
        const reason = { error: "text_too_long", message: "Too long." };
        const edit = r.edited(known, { text: "too long", completed: true }, at(2));
        const parked = r.parked(edit, clocks(2, "text"), ["text"], reason);
        const again = r.edited(parked, { text: "ok" }, at(3));
        return [parked.server.text, wireTodos(parked), wireTodos(again)];
        """
    )
    assert server == "Buy milk"
    assert [list(todo["clocks"]) for todo in parked] == [["completed"]]
    assert again[0]["text"] == "ok"


PARKED = """
const reason = { error: "text_too_long", message: "Too long." };
const long = r.edited(known, { text: "too long", completed: true }, at(2));
const waiting = r.parked(long, clocks(2, "text"), ["text"], reason);
"""


def test_c6_the_reason_is_kept_and_another_edit_leaves_what_is_parked(run):
    record = run(PARKED + "return r.edited(waiting, { completed: false }, at(3));")
    assert record["text"] == "too long"
    assert record["unsent"]["text"]["refused"]["message"] == "Too long."
    assert record["unsent"]["completed"]["value"] is False


def test_c6_a_verdict_on_a_field_that_was_not_sent_changes_nothing(run):
    parked = run(
        """
        const edit = r.edited(known, { text: "Buy oat milk" }, at(2));
        const reason = { error: "unknown_field", message: "?" };
        return r.parked(edit, clocks(2, "text"), ["conflict"], reason).unsent;
        """
    )
    assert list(parked) == ["text"]
    assert "refused" not in parked["text"]


def test_c6_deleting_gives_up_what_is_parked_and_nothing_else(run):
    record, sent = run(
        PARKED
        + """
        const gone = r.edited(waiting, { deleted: true }, at(3));
        return [gone, wireTodos(gone)];
        """
    )
    assert record["text"] == "Buy milk"
    assert list(record["unsent"]) == ["completed", "deleted"]
    assert [list(todo["clocks"]) for todo in sent] == [["completed", "deleted"]]


def test_c6_discarding_drops_what_is_parked_and_nothing_else(run):
    record = run(PARKED + "return r.discarded(waiting);")
    assert (record["text"], record["completed"]) == ("Buy milk", True)
    assert list(record["unsent"]) == ["completed"]


def test_c6_a_new_todo_that_was_deleted_before_the_refusal_came_is_sent_without_that_field(run):
    [sent] = run(
        """
        const gone = r.edited(r.edited(r.unknown("new"), milk, at(2)), { deleted: true }, at(3));
        const late = { error: "text_too_long", message: "Too long." };
        return wireTodos(r.parked(gone, clocks(2, ...all), ["text"], late));
        """
    )
    assert sent["deleted"] is True
    assert "text" not in sent


def test_c6_a_refusal_of_an_edit_that_was_replaced_meanwhile_parks_nothing(run):
    record = run(
        """
        const edit = r.edited(r.edited(known, { text: "a" }, at(2)), { text: "b" }, at(3));
        return r.parked(edit, clocks(2, "text"), ["text"], { error: "x", message: "X" });
        """
    )
    assert "refused" not in record["unsent"]["text"]


def test_m5_a_new_todo_with_a_parked_field_is_not_sent_in_parts_but_its_deletion_is(run):
    parked, deleted = run(
        """
        const fresh = r.edited(r.unknown("new"), milk, at(2));
        const parked = r.parked(fresh, clocks(2, ...all), ["text"], { error: "x", message: "X" });
        return [wireTodos(parked), wireTodos(r.edited(parked, { deleted: true }, at(3)))];
        """
    )
    assert parked == []
    assert deleted[0]["deleted"] is True
    assert "text" not in deleted[0]


def test_c6_editing_a_todo_that_was_never_stored_sends_all_of_it_again(run):
    sent, known = run(
        """
        const reason = { error: "too_many_todos", message: "The list is full." };
        const park = (record) => r.parked(record, clocks(2, ...all), all, reason);
        const fresh = park(r.edited(r.unknown("new"), milk, at(2)));
        const stored = park(r.edited(known, milk, at(2)));
        return [fresh, stored].map((each) => wireTodos(r.edited(each, { text: "x" }, at(3))));
        """
    )
    assert [sorted(todo["clocks"]) for todo in sent] == [
        ["completed", "deleted", "position", "text"]
    ]
    assert sent[0]["text"] == "x"
    assert [sorted(todo["clocks"]) for todo in known] == [["text"]]


def test_r6_a_record_that_is_offered_sends_the_servers_copy_first_and_then_its_own_edits(run):
    todos = run(
        'return wireTodos(r.offered(r.edited(known, { text: "mine" }, at(2))));',
    )
    assert [todo["text"] for todo in todos] == ["Buy milk", "mine"]
    assert set(todos[0]["clocks"]) == {"text", "completed", "position", "deleted"}
    assert set(todos[1]["clocks"]) == {"text"}


def test_a_field_that_this_client_does_not_know_is_kept_with_its_stamp(run):
    record = run(
        """
        const news = { color: "red", clocks: clocks(5, "color") };
        return r.edited(r.received(known, news), { text: "x" }, at(6));
        """
    )
    assert record["color"] == "red"
    assert record["server"]["clocks"]["color"] == record["clocks"]["color"]


def test_what_tells_nothing_new_makes_no_new_record(run):
    assert run("return r.received(known, served) === known;") is True


RESTAMP = """
const node = "aaaaaaaa00000001";
const by = { node, correction: -900, latest: 150 };
const anew = (record, ms, ...fields) => r.restamped(record, clocks(ms, ...fields), fields, by);
const inTheFuture = r.edited(known, { text: "Buy oat milk" }, at(1000));
"""


def test_s5_an_edit_of_a_wrong_clock_is_stamped_anew_with_the_time_when_it_was_made(run):
    edit, sent = run(
        RESTAMP
        + """
        const record = anew(inTheFuture, 1000, "text");
        return [record.unsent.text, wireTodos(record)];
        """
    )
    assert edit["stamp"] == "000000000000100-0000-aaaaaaaa00000001"
    assert edit["wall"] == 1000
    assert [(todo["text"], todo["clocks"]) for todo in sent] == [
        ("Buy oat milk", {"text": edit["stamp"]})
    ]


def test_s5_but_never_later_than_the_server_says_that_it_is(run):
    stamp = run(
        RESTAMP
        + """
        const late = r.edited(known, { text: "Buy oat milk" }, { stamp: stamp(1000), wall: 5000 });
        return anew(late, 1000, "text").unsent.text.stamp;
        """
    )
    assert stamp.startswith("000000000000150-")


def test_s5_nor_before_what_its_maker_saw(run):
    stamp = run(
        RESTAMP
        + """
        const theirs = stamp(120).slice(0, 21) + "bbbbbbbb99999999";
        const soy = { text: "Buy soy milk", clocks: { text: theirs } };
        const record = r.edited(r.received(known, soy), { text: "Buy oat milk" }, at(1000));
        return anew(record, 1000, "text").unsent.text.stamp;
        """
    )
    assert stamp == "000000000000120-0001-aaaaaaaa00000001"


def test_s5_nor_before_an_own_edit_that_the_server_holds_unacknowledged(run):
    own, others = run(
        RESTAMP
        + """
        const old = stamp(120).slice(0, 21);
        const there = (node) => ({ text: "sent before", clocks: { text: old + node } });
        return ["aaaaaaaa99999999", "bbbbbbbb99999999"].map((node) =>
            anew(r.received(inTheFuture, there(node)), 1000, "text").unsent.text.stamp);
        """
    )
    assert own == "000000000000120-0001-aaaaaaaa00000001"
    assert others == "000000000000100-0000-aaaaaaaa00000001"


def test_s5_an_edit_made_since_is_left_as_it_is(run):
    assert run(RESTAMP + 'return anew(inTheFuture, 999, "text").unsent.text.stamp;').startswith(
        "000000000001000-"
    )


def test_s5_a_copy_that_the_server_will_not_have_back_becomes_an_edit(run):
    record, both = run(
        RESTAMP
        + """
        const ahead = r.received(known, { text: "Buy soy milk", clocks: clocks(1000, "text") });
        const edit = r.edited(ahead, { text: "Buy oat milk" }, at(1001));
        return [ahead, edit].map((record) => anew(r.offered(record), 1000, "text"));
        """
    )
    assert record["text"] == "Buy soy milk"
    assert record["unsent"]["text"]["stamp"] == "000000000000150-0000-aaaaaaaa00000001"
    assert "text" not in record["server"]["clocks"]
    assert both["unsent"]["text"]["value"] == "Buy oat milk"
    assert both["unsent"]["text"]["seen"].startswith("000000000000000-")


def test_s5_it_is_stamped_with_its_own_time_which_was_right_already(run):
    stamp = run(
        RESTAMP
        + """
        const ahead = r.received(known, { text: "Buy soy milk", clocks: clocks(1000, "text") });
        const late = { node, correction: -900, latest: 5000 };
        const back = r.restamped(r.offered(ahead), clocks(1000, "text"), ["text"], late);
        return back.unsent.text.stamp;
        """
    )
    assert stamp == "000000000001000-0000-aaaaaaaa00000001"


def test_m4_where_no_copy_is_whole_the_join_of_everything_is_sent_first(run):
    whole, partial = run(
        RESTAMP
        + """
        const ahead = r.received(known, { text: "Buy soy milk", clocks: clocks(1000, "text") });
        const offered = r.offered(r.edited(ahead, { completed: true }, at(1001)));
        return [offered, anew(offered, 1000, "text")].map(wireTodos);
        """
    )
    assert [len(todo["clocks"]) for todo in whole] == [4, 1]
    assert [len(todo["clocks"]) for todo in partial] == [4, 3, 2]
    assert (partial[0]["text"], partial[0]["completed"]) == ("Buy soy milk", True)


SOLD = """
const soy = { text: "Buy soy milk", clocks: clocks(2, "text") };
const waiting = r.received(r.offered(known), soy);
"""


def test_r6_a_copy_that_waits_to_be_offered_is_not_lost_when_a_later_one_comes(run):
    record, sent = run(SOLD + "return [waiting, wireTodos(waiting)];")
    assert record["text"] == "Buy soy milk"
    assert [todo["text"] for todo in sent] == ["Buy milk"]


def test_r6_former_copies_are_sent_too_the_whole_ones_first_and_each_once(run):
    sent = run(
        SOLD
        + """
        const part = { completed: true, clocks: clocks(3, "completed") };
        const again = [part, { ...known.server }, { clocks: clocks(2, "text"), text: soy.text }];
        return wireTodos(r.offered(waiting, again));
        """
    )
    assert [todo.get("text") for todo in sent] == ["Buy milk", "Buy soy milk", None, "Buy soy milk"]
    assert [len(todo["clocks"]) for todo in sent] == [4, 4, 1, 1]


def test_r6_an_offer_is_done_when_the_server_has_exactly_what_was_offered(run):
    left = run(
        SOLD
        + """
        const both = r.offered(waiting);
        const joined = r.unoffered(both, both.clocks);
        const none = r.unoffered(joined, clocks(1, ...all));
        return [r.unoffered(both, clocks(9, ...all)) === both, joined, none];
        """
    )
    unchanged, joined, none = left
    assert unchanged is True
    assert [copy["text"] for copy in joined["offered"]] == ["Buy milk"]
    assert "offered" not in none
    assert none["synced"] is True


def test_r6_what_the_server_refuses_for_good_is_taken_out_of_every_copy(run):
    record = run(
        SOLD
        + """
        const reason = { error: "text_too_long", message: "Too long." };
        return r.parked(r.offered(waiting), clocks(1, ...all), ["text"], reason);
        """
    )
    assert record["unsent"] == {}
    assert [copy.get("text") for copy in record["offered"]] == [None, "Buy soy milk"]


def test_r6_a_copy_that_the_server_refuses_for_good_is_parked_as_an_edit(run):
    record, newer = run(
        """
        const reason = { error: "text_too_long", message: "Too long." };
        const edit = r.edited(known, { text: "Buy oat milk" }, at(2));
        return [known, edit].map((each) =>
            r.parked(r.offered(each), clocks(1, ...all), ["text"], reason));
        """
    )
    assert record["unsent"]["text"]["value"] == "Buy milk"
    assert record["unsent"]["text"]["refused"]["message"] == "Too long."
    assert "text" not in record["server"]["clocks"]
    assert "refused" not in newer["unsent"]["text"]
    assert newer["unsent"]["text"]["value"] == "Buy oat milk"
