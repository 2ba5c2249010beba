"""The one write path: numbers, counts, history and announcement, for whoever writes."""

from uuid import UUID

import pytest
from django.db import connection, transaction

from todos import hlc, merge, origins, sync
from todos.models import Head, Revision, SyncState, Todo
from todos.uuid7 import uuid7

pytestmark = pytest.mark.django_db


def stamp(ms, node="a"):
    return f"{ms:015d}-0000-{node * 16}"


def version(ms=1, node="a", **values):
    defaults = {"text": "Buy milk", "completed": False, "position": "a01111", "deleted": False}
    values = values or defaults
    return {**values, "clocks": dict.fromkeys(values, stamp(ms, node))}


def write(user, uid, *versions):
    with sync.writing(user, [str(uid)]) as ledger:
        for each in versions:
            ledger.join(str(uid), each)


def recounted(user):
    """Count and sum up the person's rows one by one, as SyncState says that they are."""
    live = [todo for todo in Todo.objects.filter(user=user) if not todo.deleted]
    digest = sum(merge.fingerprint(todo.version()) for todo in live) % 2**32
    return len(live), sum(todo.completed for todo in live), digest


def counted(user):
    state = SyncState.objects.get(user=user)
    return state.live, state.completed, state.digest


def test_it_works(alice):
    uid = uuid7()
    write(alice, uid, version())
    todo = Todo.objects.get(user=alice, uid=uid)
    assert (todo.text, todo.completed, todo.change) == ("Buy milk", False, 1)


def test_each_changed_todo_gets_the_next_number(alice):
    for _ in range(3):
        write(alice, uuid7(), version())
    assert list(Todo.objects.order_by("id").values_list("change", flat=True)) == [1, 2, 3]
    assert SyncState.objects.get(user=alice).head == 3


def test_several_todos_in_one_write_get_numbers_one_after_the_other(alice):
    uids = [str(uuid7()) for _ in range(3)]
    with sync.writing(alice, uids) as ledger:
        for uid in uids:
            ledger.join(uid, version())
    assert list(Todo.objects.order_by("id").values_list("change", flat=True)) == [1, 2, 3]


def test_each_person_has_numbers_of_their_own(alice, bob):
    uid = uuid7()
    write(alice, uid, version())
    write(bob, uid, version(text="Bob's", completed=False, position="a0", deleted=False))
    assert SyncState.objects.get(user=alice).head == SyncState.objects.get(user=bob).head == 1
    assert Todo.objects.get(user=alice, uid=uid).text == "Buy milk"


def test_a_write_that_changes_nothing_takes_no_number(alice):
    uid = uuid7()
    write(alice, uid, version())
    write(alice, uid, version())
    assert SyncState.objects.get(user=alice).head == 1
    assert Head.objects.filter(user=alice).count() == 2  # number 0 and number 1


def test_each_write_logs_its_number_with_a_token_of_its_own(alice):
    uid = uuid7()
    for ms in (1, 2, 3):
        write(alice, uid, version(ms, text=f"text {ms}"))
    heads = list(Head.objects.filter(user=alice).order_by("number"))
    assert [head.number for head in heads] == [0, 1, 2, 3]
    assert len({head.token for head in heads}) == 4


def test_a_write_that_fails_leaves_everything_as_it_was(alice):
    uid = uuid7()
    write(alice, uid, version())

    class Failure(Exception):
        pass

    def fail_half_way():
        with sync.writing(alice, [str(uid)]) as ledger:
            ledger.join(str(uid), version(2, text="half"))
            raise Failure

    with pytest.raises(Failure):
        fail_half_way()
    assert Todo.objects.get(uid=uid).text == "Buy milk"
    assert SyncState.objects.get(user=alice).head == 1
    assert not Revision.objects.exists()


def test_m2_a_value_that_is_replaced_becomes_a_revision(alice):
    uid = uuid7()
    write(alice, uid, version(1))
    write(alice, uid, version(2, text="Buy oat milk"))
    revision = Revision.objects.get()
    assert (revision.user, revision.todo.uid) == (alice, uid)
    assert (revision.field, revision.value, revision.stamp) == ("text", "Buy milk", stamp(1))


def test_m2_a_value_that_comes_too_late_becomes_a_revision(alice):
    uid = uuid7()
    write(alice, uid, version(5))
    write(alice, uid, version(2, text="An older text"))
    assert Todo.objects.get().text == "Buy milk"
    assert Revision.objects.get().value == "An older text"
    assert SyncState.objects.get(user=alice).head == 1


@pytest.mark.parametrize("times", [2, 5])
def test_m2_a_revision_is_kept_once_however_often_it_is_sent(alice, times):
    uid = uuid7()
    write(alice, uid, version(5))
    for _ in range(times):
        write(alice, uid, version(2, text="An older text"), version(2, text="An older text"))
    assert Revision.objects.count() == 1


def test_m2_two_texts_under_one_stamp_are_both_kept(alice):
    uid = uuid7()
    write(alice, uid, version(1, text="a"), version(1, text="b"), version(1, text="c"))
    assert Todo.objects.get().text == "c"
    assert {revision.value for revision in Revision.objects.all()} == {"a", "b"}


def test_m2_a_long_text_fits_into_the_history(alice):
    uid, longest = uuid7(), "\U0001f600" * 2_000
    write(alice, uid, version(1, text=longest), version(2, text="short"))
    assert Revision.objects.get().value == longest


def test_m1_the_same_value_under_a_greater_stamp_takes_the_stamp_and_makes_no_revision(alice):
    uid = uuid7()
    write(alice, uid, version(1))
    write(alice, uid, version(2, text="Buy milk"))
    todo = Todo.objects.get()
    assert (todo.text_stamp, todo.change) == (stamp(2), 2)
    assert not Revision.objects.exists()


def test_a_switch_is_kept_in_the_history_as_a_switch(alice):
    uid = uuid7()
    write(alice, uid, version(1), version(2, completed=True))
    assert Revision.objects.get().value is False


def test_the_counts_and_the_digest_are_those_of_the_rows(alice):
    uids = [uuid7() for _ in range(4)]
    assert SyncState.of(alice).live == 0
    for uid in uids:
        write(alice, uid, version(1))
        assert counted(alice) == recounted(alice)
    edits = [{"completed": True}, {"deleted": True}, {"deleted": False}, {"completed": False}]
    for ms, edit in enumerate(edits, start=2):
        for uid in uids[:3]:
            write(alice, uid, version(ms, **edit))
            assert counted(alice) == recounted(alice)
    assert counted(alice)[0] == 4


def test_a_bare_tombstone_is_not_counted(alice):
    write(alice, uuid7(), version(1, deleted=True))
    assert counted(alice) == (0, 0, 0)


def test_the_digest_of_two_ways_to_the_same_todos_is_the_same(alice, bob):
    uid = uuid7()
    write(alice, uid, version(1), version(2, text="b"), version(3, completed=True))
    write(bob, uid, version(3, completed=True), version(2, text="b"), version(1))
    assert counted(alice) == counted(bob)


def test_the_greatest_stamp_is_kept(alice):
    uid = uuid7()
    write(alice, uid, version(7), version(3, text="older"))
    assert SyncState.objects.get(user=alice).greatest_stamp == stamp(7)


def test_s6_an_edit_made_on_the_server_beats_all_that_is_there(alice):
    uid, far = uuid7(), sync.now_ms() + 10**9
    write(alice, uid, version(far))
    sync.edit(alice, {uid: {"text": "From the form"}}, origins.FORM)
    todo = Todo.objects.get()
    assert todo.text == "From the form"
    assert todo.text_stamp > stamp(far)
    assert todo.text_stamp.endswith(origins.FORM)


def test_s6_an_edit_made_on_the_server_is_stamped_with_its_time(alice):
    uid = uuid7()
    write(alice, uid, version())
    before = sync.now_ms()
    sync.edit(alice, {uid: {"text": "From the form"}}, origins.FORM)
    assert before <= hlc.ms_of(Todo.objects.get().text_stamp) <= sync.now_ms()


def test_s6_a_bulk_edit_is_one_edit_with_one_stamp(alice):
    uids = [uuid7() for _ in range(3)]
    for uid in uids:
        write(alice, uid, version())
    sync.edit(alice, {uid: {"completed": True} for uid in uids}, origins.FORM)
    assert len(set(Todo.objects.values_list("completed_stamp", flat=True))) == 1


def test_m10_restoring_is_an_edit_like_any_other(alice):
    uid = uuid7()
    write(alice, uid, version(1), version(2, deleted=True))
    sync.edit(alice, {uid: {"deleted": False}}, origins.ADMIN)
    todo = Todo.objects.get()
    assert (todo.deleted, todo.change) == (False, 2)
    assert todo.deleted_stamp > stamp(2)
    history = Revision.objects.filter(field="deleted").order_by("stamp")
    assert [revision.value for revision in history] == [False, True]


def test_an_edit_of_a_todo_that_is_not_there_makes_none(alice, bob):
    uid = uuid7()
    write(alice, uid, version())
    sync.edit(bob, {uid: {"text": "mine now"}}, origins.FORM)
    assert Todo.objects.get().text == "Buy milk"


def test_the_head_is_announced_once_it_is_committed(alice, django_capture_on_commit_callbacks):
    announced = []

    def receiver(state, **_):
        announced.append((state.user_id, state.head))

    sync.head_moved.connect(receiver)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            write(alice, uuid7(), version())
            assert announced == []
    finally:
        sync.head_moved.disconnect(receiver)
    assert announced == [(alice.pk, 1)]


def test_a_write_needs_no_transaction_around_it(alice):
    assert transaction.get_connection().in_atomic_block  # the test's own
    write(alice, uuid7(), version())
    assert Todo.objects.count() == 1


@pytest.mark.parametrize(("text", "count"), [("Buy milk", 1), ("Buy oat milk", 2)])
def test_f2_a_form_sent_again_adds_a_todo_only_for_another_text(alice, text, count):
    uid = uuid7()
    sync.add(alice, uid, "Buy milk", origins.FORM)
    sync.add(alice, uid, text, origins.FORM)
    assert Todo.objects.count() == count
    assert Todo.objects.get(uid=uid).text == "Buy milk"


def test_f2_a_form_used_again_may_be_sent_twice_too(alice):
    uid = uuid7()
    for text in ("Buy milk", "Call mum", "Call mum", "Buy milk"):
        sync.add(alice, uid, text, origins.FORM)
    assert sorted(todo.text for todo in Todo.objects.all()) == ["Buy milk", "Call mum"]


def test_f2_a_todo_that_was_deleted_is_made_again(alice):
    uid = uuid7()
    for _ in range(3):
        sync.add(alice, uid, "Buy milk", origins.FORM)
        for todo in Todo.objects.filter(deleted=False):
            sync.edit(alice, {todo.uid: {"deleted": True}}, origins.FORM)
    sync.add(alice, uid, "Buy milk", origins.FORM)
    assert Todo.objects.filter(deleted=False).count() == 1


def test_m4_a_bare_tombstone_is_not_restored(alice):
    uid = uuid7()
    write(alice, uid, version(1, deleted=True))
    sync.edit(alice, {uid: {"deleted": False}}, origins.ADMIN)
    assert Todo.objects.get().deleted


def test_m11_a_todo_is_added_at_the_end(alice):
    for name in "abc":
        sync.add(alice, uuid7(), name, origins.FORM)
    texts = Todo.objects.order_by("position", "uid").values_list("text", flat=True)
    assert list(texts) == ["a", "b", "c"]


def test_m11_a_todo_is_added_at_the_end_even_where_no_key_is_left(alice):
    ids = [UUID(int=number) for number in (1, 2, 3)]  # as if each were made later
    last = version(1, text="last", position="z" * 100, completed=False, deleted=False)
    write(alice, ids[0], last)
    for uid, name in zip(ids[1:], "ab", strict=True):
        sync.add(alice, uid, name, origins.FORM)
    texts = Todo.objects.order_by("position", "uid").values_list("text", flat=True)
    assert list(texts) == ["last", "a", "b"]


def test_no_statement_takes_more_values_than_any_sqlite_does(alice):
    ids, taken = [str(uuid7()) for _ in range(120)], []

    def count(execute, sql, values, many, context):
        if many:
            taken.extend(map(len, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(count), sync.writing(alice, ids) as ledger:
        for uid in ids:
            ledger.join(uid, version())
    assert Todo.objects.count() == 120
    assert max(taken) <= 999
