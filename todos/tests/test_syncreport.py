"""`manage.py syncreport USER` tells what support needs, and no text of a todo."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Device as KnownDevice
from todos import hlc
from todos.activity import unstored
from todos.models import SyncState
from todos.tests import lists


@pytest.fixture
def report(capsys):
    """Return a function that gives the lines of somebody's report."""

    def of(name):
        unstored.store()
        call_command("syncreport", name)
        return [line.strip() for line in capsys.readouterr().out.splitlines()]

    return of


def test_it_works_for_somebody_who_has_nothing(alice, report):
    lines = report("alice")
    assert lines[0] == f"alice: key {alice.pk}, account {alice.account}"
    assert "List: head 0, 0 live, 0 deleted" in lines
    assert "Devices: 0" in lines
    assert "Rejected todos: 0" in lines


def test_nobody_of_that_name_is_an_error(db):
    with pytest.raises(CommandError, match="nobody with the user name 'carla'"):
        call_command("syncreport", "carla")


def test_it_tells_where_the_list_stands_and_that_all_fits(alice, report):
    milk, beans = lists.add(alice, "Buy milk", "Sow beans")
    lists.edit(milk, completed=True)
    lists.edit(beans, deleted=True)
    lines = report("alice")
    assert "List: head 4, 1 live, 1 deleted" in lines
    assert "live: 1, fits the rows" in lines
    assert "completed: 1, fits the rows" in lines
    assert f"digest: {SyncState.of(alice).digest}, fits the rows" in lines
    assert "latest change: 4, fits the rows" in lines


@pytest.mark.parametrize("kept", ["live", "completed", "digest"])
def test_it_tells_what_does_not_fit(alice, report, kept):
    lists.add(alice, "Buy milk")
    state = SyncState.of(alice)
    before = getattr(state, kept)
    SyncState.objects.update(**{kept: before + 7})
    told = f"{kept}: {before + 7} is kept, but the rows come to {before}: DOES NOT FIT"
    assert told in report("alice")


def test_it_tells_how_each_device_is_doing(alice, phone, laptop, report):
    phone.sync(phone.new("x" * 2_001))
    laptop.sync(laptop.new())
    laptop.sync(laptop.new())
    KnownDevice.objects.filter(uid=phone.id).update(losses=2, divergences=3, user_agent="Phone 1.0")
    lines = report("alice")
    place = lines.index(f"{phone.id} Phone 1.0")
    assert "2 changes behind" in lines[place + 1]
    assert lines[place + 2].startswith("last error text_too_long at 2")
    assert lines[place + 3] == "losses of its store 2, divergences 3"
    assert "0 changes behind" in lines[lines.index(f"{laptop.id}") + 1]


def test_it_counts_rejections_by_code_conflicts_and_wrong_clocks(alice, phone, laptop, report):
    phone.sync(phone.new("x" * 2_001), phone.new("y" * 2_001), phone.new(position="!"))
    ahead = hlc.pack(phone.now() + 10 * 60_000, 0, phone.node)
    milk = phone.new()
    phone.sync(milk)
    phone.sync({"id": milk["id"], "text": "wrong", "clocks": {"text": ahead}})
    laptop.sync()
    late = phone.edit_of(milk, text="late")
    laptop.sync(laptop.edit_of(milk, text="greater"))
    phone.sync(late)
    lines = report("alice")
    assert "Rejected todos: 3" in lines
    assert any(line.startswith("text_too_long: 2, last at 2") for line in lines)
    assert any(line.startswith("position_invalid: 1, last at 2") for line in lines)
    assert "Conflicts: 1" in lines
    assert "Wrong clocks: 1" in lines


def test_it_has_no_text_of_anybodys_todo_and_nothing_of_others(alice, bob, phone, report):
    lists.add(bob, "Bob's secret")
    kept = phone.new("a secret")
    phone.sync(kept, phone.new("a secret" + "!" * 2_001))
    phone.sync(phone.edit(kept["id"], text="another secret"))
    said = "\n".join(report("alice"))
    assert "secret" not in said
    assert "bob" not in said
