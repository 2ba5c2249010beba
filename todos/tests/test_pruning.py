"""`manage.py prune` empties old tombstones, and nothing comes back that was deleted (M3, F50)."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from todos import merge, origins, pruning, sync
from todos.models import Head, Revision, SyncState, Todo
from todos.tests import lists
from todos.tests.devices import DAY, Device, only

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk(phone, laptop):
    """A todo with a history, known to both, and deleted by the phone a hundred days ago."""
    milk = phone.new("Buy milk")
    phone.sync(milk)
    phone.sync(phone.edit(milk["id"], text="Buy oat milk"))
    laptop.pull()
    phone.sync(phone.edit(milk["id"], deleted=True))
    lists.age(100)
    return milk


def prune(capsys, *arguments):
    call_command("prune", *arguments)
    return capsys.readouterr().out.strip()


def test_m3_an_old_tombstone_is_emptied_down_to_its_id_and_stamps(milk, alice, capsys):
    said = prune(capsys)
    todo = Todo.objects.get(user=alice)
    assert str(todo.uid) == milk["id"]
    assert (todo.text, todo.completed, todo.position, todo.deleted) == ("", False, "", True)
    assert all(todo.version()["clocks"].values())
    assert not Revision.objects.exists()
    assert said.splitlines() == [
        "Emptied 1 todos deleted more than 90 days ago, of 1 people, "
        "and 2 entries of their history.",
        "Cleared the sessions that have run out.",
    ]


def test_m3_it_is_an_edit_that_reaches_the_devices_and_resets_none(milk, laptop, phone, capsys):
    prune(capsys)
    for device in (laptop, phone):
        reply = device.sync()
        assert reply["reset"] is False
        [todo] = reply["todos"]
        assert (todo["text"], todo["deleted"]) == ("", True)


def test_what_was_deleted_lately_or_lives_is_left(phone, alice, capsys):
    kept = [phone.new("lives"), phone.new("lately")]
    phone.sync(*kept)
    lists.age(100)
    phone.sync(phone.edit(kept[1]["id"], deleted=True))
    assert prune(capsys).startswith("Emptied 0 todos")
    assert set(Todo.objects.values_list("text", flat=True)) == {"lives", "lately"}


def test_m3_a_todo_that_was_first_heard_of_as_deleted_is_kept_as_long(phone, capsys):
    """It has no history that would keep it."""
    phone.sync(phone.new("Buy milk", deleted=True))
    lists.age(80)
    assert prune(capsys).startswith("Emptied 0 todos")
    lists.age(100)
    assert prune(capsys).startswith("Emptied 1 todos")


def test_m3_a_tick_goes_too_by_an_edit_of_the_pruning(phone, capsys):
    phone.sync(phone.new("Buy milk", completed=True, deleted=True))
    lists.age(100)
    prune(capsys)
    todo = Todo.objects.get()
    assert todo.completed is False
    emptied = (todo.text_stamp, todo.completed_stamp, todo.position_stamp)
    assert {stamp[21:] for stamp in emptied} == {origins.PRUNING}
    assert todo.deleted_stamp[21:] == phone.node


def test_how_long_is_told_by_the_command_or_the_setting(milk, capsys, settings):
    assert prune(capsys, "--days=120").startswith("Emptied 0 todos")
    settings.TOMBSTONE_DAYS = 99
    assert prune(capsys).startswith("Emptied 1 todos deleted more than 99 days ago")


@pytest.mark.parametrize("days", ["0", "-1", "soon"])
def test_a_number_of_days_that_is_none_is_refused(days):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("prune", "--days", days)


def test_the_second_time_there_is_nothing_to_do(milk, alice, capsys):
    prune(capsys)
    head = lists.head(alice)
    lists.age(100)
    assert prune(capsys).startswith("Emptied 0 todos")
    assert lists.head(alice) == head


def test_more_than_go_into_one_transaction_are_emptied_too(phone, alice, capsys, monkeypatch):
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    lists.add_many(phone, 5)
    sync.edit(alice, {each.uid: {"deleted": True} for each in Todo.objects.all()}, "0" * 16)
    lists.age(100)
    assert prune(capsys).startswith("Emptied 5 todos")


def test_f50_a_device_that_was_away_for_a_year_resurrects_nothing(milk, laptop, alice, capsys):
    prune(capsys)
    stale = laptop.edit(milk["id"], completed=True, text="Buy soy milk")
    laptop.sync(stale)
    everything = {"text": "Buy milk", "completed": False, "position": "a01111", "deleted": False}
    laptop.sync({**everything, "id": milk["id"], "clocks": milk["clocks"]})
    assert lists.texts(alice) == []
    assert Todo.objects.get().deleted


def test_f50_its_own_edit_of_a_deleted_todo_is_kept_with_it(milk, laptop, capsys):
    """An edit made before the emptying loses to it, and is in the history."""
    stale = laptop.edit(milk["id"], text="Buy soy milk")
    prune(capsys)
    laptop.sync(stale)
    assert list(Revision.objects.values_list("value", flat=True)) == ["Buy soy milk"]
    assert Todo.objects.get().text == ""


def test_m3_nor_does_one_that_takes_the_deletion_back_unknowing(milk, laptop, alice, capsys):
    prune(capsys)
    reply = laptop.sync(laptop.edit(milk["id"], deleted=False))
    assert [(row["text"], row["deleted"]) for row in reply["todos"]] == [("", True)]
    assert only(reply)["status"] == "stored"
    assert SyncState.of(alice).live == 0


def test_m3_with_a_text_of_its_own_it_lives_again(milk, laptop, alice, capsys):
    prune(capsys)
    laptop.sync(laptop.edit(milk["id"], deleted=False, text="Oat milk"))
    assert lists.texts(alice) == ["Oat milk"]


def test_m3_an_emptied_todo_that_is_offered_after_a_reset_is_taken(milk, laptop, capsys):
    prune(capsys)
    [emptied] = laptop.sync()["todos"]
    assert laptop.sync(emptied)["results"] == [{"id": milk["id"], "status": "stored"}]


def test_a_todo_that_is_restored_in_between_keeps_its_text(milk, phone, alice):
    full = pruning.full_tombstones(pruning.days_ago(90)).filter(user=alice)
    uids = list(full.values_list("uid", flat=True))
    phone.sync(phone.edit(milk["id"], deleted=False))
    assert pruning.empty(alice, uids, full) == (0, 0)
    assert lists.texts(alice) == ["Buy oat milk"]
    assert Revision.objects.exists()


def test_the_counts_still_fit_the_rows(milk, phone, alice, capsys):
    phone.sync(phone.new("lives"))
    prune(capsys)
    live = [todo for todo in Todo.objects.all() if not todo.deleted]
    state = SyncState.of(alice)
    assert state.live == len(live) == 1
    assert state.digest == sum(merge.fingerprint(todo.version()) for todo in live) % 2**32


def test_m3_what_has_nothing_left_is_not_emptied_again_when_it_is_deleted_again(
    milk, laptop, alice, capsys
):
    prune(capsys)
    laptop.sync(laptop.edit(milk["id"], deleted=True))
    head = lists.head(alice)
    lists.age(100)
    assert prune(capsys).startswith("Emptied 0 todos")
    assert lists.head(alice) == head


def test_sessions_that_have_run_out_are_cleared_and_no_others(alice, capsys):
    kept, old = Device(alice).client, Device(alice).client
    Session.objects.filter(pk=old.session.session_key).update(expire_date=timezone.now())
    prune(capsys)
    assert [each.pk for each in Session.objects.all()] == [kept.session.session_key]


# History


@pytest.fixture
def renamed(phone):
    """A live todo whose text was replaced a hundred days ago, and again just now."""
    milk = phone.new("Buy milk")
    phone.sync(milk)
    phone.sync(phone.edit(milk["id"], text="Buy oat milk"))
    lists.age(100)
    phone.sync(phone.edit(milk["id"], text="Buy soy milk"))
    return milk


def values():
    return set(Revision.objects.filter(field="text").values_list("value", flat=True))


@pytest.mark.usefixtures("renamed")
def test_history_is_kept_for_ever_unless_it_is_said_otherwise(alice, capsys):
    assert "history replaced" not in prune(capsys)
    assert values() == {"Buy milk", "Buy oat milk"}
    assert pruning.history_begins(alice) == 0


def test_history_goes_by_its_age_and_nothing_else_changes(renamed, alice, laptop, settings, capsys):
    laptop.pull()
    head, rows = lists.head(alice), list(Todo.objects.values())
    settings.HISTORY_DAYS = 30
    said = prune(capsys)
    assert "Deleted 1 entries of the history replaced more than 30 days ago, of 1 people." in said
    assert values() == {"Buy oat milk"}
    assert (lists.head(alice), list(Todo.objects.values())) == (head, rows)
    assert laptop.sync()["todos"] == []


@pytest.mark.usefixtures("renamed")
def test_the_history_says_where_it_begins_and_that_never_goes_back(alice, bob, capsys):
    prune(capsys, "--history-days=30")
    begins = pruning.history_begins(alice)
    assert 0 <= sync.now_ms() - 30 * DAY - begins < 60_000
    lists.age(100)
    prune(capsys, "--history-days=60")
    assert values() == set()
    assert pruning.history_begins(alice) == begins
    assert pruning.history_begins(bob) == 0


@pytest.mark.usefixtures("renamed")
def test_where_nothing_was_old_enough_the_history_is_still_whole(alice, capsys):
    prune(capsys, "--history-days=120")
    assert pruning.history_begins(alice) == 0


def test_more_history_than_goes_into_one_transaction_goes_too(phone, monkeypatch, capsys):
    monkeypatch.setattr(pruning, "AT_ONCE", 2)
    milk = phone.new("0")
    phone.sync(milk, *(phone.edit(milk["id"], text=str(each)) for each in range(1, 6)))
    lists.age(100)
    assert "Deleted 5 entries" in prune(capsys, "--history-days=30")


def test_what_the_trash_can_show_of_a_todo_goes_with_it_and_not_before(milk, laptop, alice, capsys):
    late = laptop.edit(milk["id"], text="Buy soy milk")
    prune(capsys)
    laptop.sync(late)
    lists.age(40)
    prune(capsys, "--history-days=30")
    assert values() == {"Buy soy milk"}
    lists.age(100)
    prune(capsys, "--history-days=30")
    assert values() == set()


def test_the_history_of_what_is_in_the_trash_with_its_text_goes_by_age(milk, capsys):
    lists.age(40)
    prune(capsys, "--history-days=30")
    assert not Revision.objects.exists()
    assert Todo.objects.get().text == "Buy oat milk"


def test_history_that_is_sent_again_afterwards_is_kept_again(phone, laptop, capsys):
    milk = phone.new("Buy milk")
    phone.sync(milk)
    stale = laptop.edit(milk["id"], text="Buy soy milk")
    phone.last = laptop.last
    phone.sync(phone.edit(milk["id"], text="Buy oat milk"))
    laptop.sync(stale)
    lists.age(100)
    prune(capsys, "--history-days=30")
    laptop.sync(stale)
    assert values() == {"Buy soy milk"}


# The log of heads


def log(user, count, days):
    """Log so many heads, so many days ago, the first time after number 0."""
    SyncState.of(user)
    first = Head.objects.filter(user=user).count()
    Head.objects.bulk_create([Head(user=user, number=first + each) for each in range(count)])
    then = timezone.now() - datetime.timedelta(days=days)
    logged = Head.objects.filter(user=user, number__gte=first if first > 1 else 0)
    logged.update(created_at=then)


@pytest.fixture
def few(monkeypatch):
    """Only the newest ten heads are kept by their number."""
    monkeypatch.setattr("todos.models.HEADS_KEPT", 10)


def numbers(user):
    return list(Head.objects.filter(user=user).order_by("number").values_list("number", flat=True))


@pytest.mark.usefixtures("few")
def test_r4_the_log_keeps_its_newest_entries_however_old_and_the_first(alice):
    log(alice, 30, days=400)
    Head.trim(alice.pk)
    assert numbers(alice) == [0, *range(21, 31)]


@pytest.mark.usefixtures("few")
def test_r4_the_log_keeps_thirty_days_however_many(alice):
    log(alice, 5, days=31)
    log(alice, 25, days=29)
    Head.trim(alice.pk)
    assert numbers(alice) == [0, *range(6, 31)]


def test_r4_the_log_keeps_a_thousand_entries(alice):
    log(alice, 1_010, days=400)
    Head.trim(alice.pk)
    assert numbers(alice) == [0, *range(11, 1_011)]


@pytest.mark.usefixtures("few")
def test_r4_it_is_trimmed_by_writing(alice, bob):
    log(alice, 30, days=400)
    log(bob, 30, days=400)
    SyncState.objects.filter(user=alice).update(head=30)
    lists.add(alice, "another")
    assert numbers(alice) == [0, *range(22, 32)]
    assert len(numbers(bob)) == 31
