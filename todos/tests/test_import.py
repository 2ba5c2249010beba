"""An import is one more join: nothing is lost, doubled, overwritten or anybody else's."""

import json

import jsonschema
import pytest
from django.contrib.auth import get_user_model

from conftest import PASSWORD
from simplesync.tests.pages import Browser
from todos import export, imports, protocol, pruning, sync
from todos.models import Revision, SyncState, Todo
from todos.tests import lists
from todos.tests.devices import DAY, Device
from todos.tests.files import OF_VERSIONS, a_file, exported, imported, post
from todos.tests.test_export import SCHEMA

NOW = "2026-11-24T02:10:11.402113Z"
OLD = f"{5:015}-0000-{'a' * 16}"  # a stamp
HEAD = b'{"format": "simplesync-account", "version": 1'


@pytest.fixture
def device(alice):
    return Device(alice)


def new_account():
    """Return a device of a person who has nothing yet."""
    return Device(get_user_model().objects.create_user("alice-anew", password=PASSWORD))


def history(user):
    """Return all former values of a person."""
    kept = Revision.objects.filter(user=user)
    return set(kept.values_list("todo__uid", "field", "value", "stamp", "created_at"))


def values(user):
    """Return the former texts of a person."""
    kept = Revision.objects.filter(user=user, field="text")
    return sorted(kept.values_list("value", flat=True))


def lived_in(user, device):
    """Let a list have been used for a while: edits, deletions, ties, late edits, a tombstone, and
    two edits that met."""
    milk, call, gone = lists.add(user, "Buy milk", "Call mum", "Sell the car")
    lists.edit(milk, text="Buy oat milk")
    lists.edit(milk, text="Buy milk")  # as it was once before
    lists.edit(call, completed=True, text="Call mum; or: \\ “é” \U0001f600")
    lists.edit(gone, deleted=True)
    late = {"id": str(call.uid), "text": "late", "clocks": {"text": f"{7:015}-0000-{device.node}"}}
    device.sync(late, device.edit(str(lists.some_uid()), deleted=True))
    met = {"text": "Buy soy milk", "clocks": {"text": f"{8:015}-0000-{device.node}"}}
    device.sync({"id": str(milk.uid), **met, "seen": {"text": f"{7:015}-0000-{device.node}"}})
    lists.age(3)  # so that a time of now would be seen


# There and back


@pytest.mark.parametrize("most", [1, 500])
def test_an_account_comes_back_equal_with_its_history(monkeypatch, alice, device, most):
    monkeypatch.setattr(imports, "AT_ONCE", most)
    lived_in(alice, device)
    file = exported(device)
    other = new_account()
    report = imported(other, file)
    assert (report["added"], report["deleted"], report["refused"]) == (2, 2, 0)
    assert report["values"] == len(file["history"]) == 7
    assert [each["value"] for each in file["history"] if "conflict" in each] == ["Buy soy milk"]
    again = exported(other)
    assert (again["todos"], again["history"]) == (file["todos"], file["history"])
    ours, theirs = SyncState.of(alice), SyncState.of(other.user)
    assert (ours.live, ours.completed, ours.digest) == (
        theirs.live,
        theirs.completed,
        theirs.digest,
    )


def test_a_device_gets_what_was_imported_as_any_change(alice, device):
    lists.add(alice, "Buy milk")
    file = exported(device)
    other = new_account()
    other.sync()
    imported(other, file)
    assert [todo["text"] for todo in other.sync()["todos"]] == ["Buy milk"]


def test_twice_changes_nothing(alice, device):
    lived_in(alice, device)
    file = exported(device)
    other = new_account()
    imported(other, file)
    head, kept = lists.head(other.user), history(other.user)
    for each in (device, other):
        before = lists.head(each.user)
        report = imported(each, file)
        assert report == {**NOTHING, "same": 4}
        assert lists.head(each.user) == before
    assert (lists.head(other.user), history(other.user)) == (head, kept)


NOTHING = {
    **dict.fromkeys(("added", "changed", "same", "deleted", "values", "refused"), 0),
    "refusals": [],
    "unnamed": 0,
}


def test_an_old_backup_overwrites_nothing_newer_and_its_values_go_to_the_history(alice, device):
    milk, call, gone = lists.add(alice, "Buy milk", "Call mum", "Sell the car")
    backup = exported(device)
    lists.edit(milk, text="Buy oat milk")
    lists.edit(call, completed=True)
    lists.edit(gone, deleted=True)
    Revision.objects.all().delete()  # as if this server had never seen the old values
    head = lists.head(alice)
    report = imported(device, backup)
    assert report == {**NOTHING, "same": 3}
    assert lists.head(alice) == head
    assert lists.texts(alice) == ["Buy oat milk", "Call mum"]
    assert values(alice) == ["Buy milk"]
    assert Revision.objects.filter(user=alice).count() == 3


def test_a_backup_that_is_newer_brings_its_values_and_keeps_ours_as_history(alice, device):
    (milk,) = lists.add(alice, "Buy milk")
    before = exported(device)
    lists.edit(milk, text="Buy oat milk")
    lists.add(alice, "Call mum")
    after = exported(device)
    other = new_account()
    imported(other, before)
    report = imported(other, after)
    assert (report["added"], report["changed"]) == (1, 1)
    assert sorted(lists.texts(other.user)) == ["Buy oat milk", "Call mum"]
    assert values(other.user) == ["Buy milk"]


def test_what_was_deleted_before_the_backup_and_restored_since_lives_on(alice, device):
    (milk,) = lists.add(alice, "Buy milk")
    lists.edit(milk, deleted=True)
    backup = exported(device)
    lists.edit(milk, deleted=False)
    imported(device, backup)
    assert lists.texts(alice) == ["Buy milk"]


def test_a_former_value_that_is_later_than_what_stands_is_an_edit(alice, device):
    todo = device.new("Buy milk")
    device.sync(todo)
    value = {"todo": todo["id"], "field": "text", "value": "later", "stamp": device.stamp()}
    report = imported(device, a_file(history=[{**value, "replacedAt": NOW}]))
    assert (report["refused"], report["values"]) == (0, 0)
    assert lists.texts(alice) == ["later"]
    assert values(alice) == ["Buy milk"]


def test_no_value_was_replaced_in_the_future(alice, device):
    todo = device.new("Buy milk")
    device.sync(todo)
    old = {"todo": todo["id"], "field": "text", "value": "old", "stamp": OLD}
    imported(device, a_file(history=[{**old, "replacedAt": "9999-12-31T23:59:59Z"}]))
    [kept] = Revision.objects.filter(user=alice)
    assert kept.created_at.timestamp() * 1000 <= sync.now_ms() + 1


# Whose it is


def test_anothers_export_becomes_copies_and_touches_nobody_elses(alice, bob, device):
    lived_in(alice, device)
    file = exported(device)
    theirs = Device(bob)
    lists.add(bob, "Bob's own")
    head = lists.head(alice)
    imported(theirs, file)
    lists.edit(Todo.objects.get(user=bob, text="Buy milk"), text="Bob's now")
    assert lists.head(alice) == head
    again = exported(device)
    assert (again["todos"], again["history"]) == (file["todos"], file["history"])
    assert "Bob's now" in lists.texts(bob)


def test_nothing_is_imported_without_a_log_in_a_token_or_by_a_get(client, alice, device):
    file = a_file(device.new())
    response = client.post("/accounts/import/", {"back": "/accounts/"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/accounts/")
    device.token = "wrong"
    assert post(device, file).status_code == 403
    assert device.client.get("/accounts/import/").status_code == 405
    assert not Todo.objects.exists()


def test_it_counts_as_a_request_to_sync(settings, device):
    settings.SYNC_RATE = "1/minute"
    imported(device, a_file())
    response = post(device, a_file())
    assert response.status_code == 429
    assert int(response["Retry-After"]) <= 61
    assert b"Too many requests" in response.content


# What is wrong with one entry


def test_bad_entries_are_named_by_number_and_block_no_other(alice, device):
    stamp = device.stamp()
    bad = [
        5,
        [[]],
        {"id": "no id", "clocks": {}},
        {**device.new(), "text": "NUL \0"},
        {**device.new(), "text": "half \ud800"},
        {**device.new(), "text": 10**300},
        device.new("x" * 2_001),
        device.new(position="-"),
        device.edit(str(lists.some_uid()), text="in part"),
        {**device.new(), "clocks": {"text": 7}},
        {**device.new(), "color": "red", "clocks": {"color": stamp}},
    ]
    good = [device.new("one"), device.new("two", position="a1")]
    report = imported(device, a_file(good[0], *bad, good[1]))
    assert lists.texts(alice) == ["one", "two"]
    assert (report["added"], report["refused"]) == (2, len(bad))
    assert [refusal["number"] for refusal in report["refusals"]] == [*range(2, 2 + len(bad))]
    reasons = [refusal["reason"] for refusal in report["refusals"]]
    assert set(reasons) <= set(protocol.REJECTIONS.values())
    assert reasons[3] == reasons[4] == protocol.REJECTIONS["text_invalid"]
    assert reasons[-1] == protocol.REJECTIONS["unknown_field"]


def test_a_field_of_a_newer_version_is_refused_and_the_others_are_imported(alice, device):
    todo = device.new("Buy milk")
    newer = {**todo, "color": "red", "clocks": {**todo["clocks"], "color": device.stamp()}}
    device.sync(todo)
    report = imported(device, a_file(newer))
    [refusal] = report["refusals"]
    assert refusal["reason"] == "This server does not know the field."
    assert lists.texts(alice) == ["Buy milk"]


def test_s5_a_stamp_from_the_future_is_refused_as_by_sync(alice, device):
    ahead = Device(alice, now=lambda: sync.now_ms() + DAY)
    report = imported(device, a_file(ahead.new("from tomorrow"), device.new("of today")))
    assert lists.texts(alice) == ["of today"]
    assert [refusal["reason"] for refusal in report["refusals"]] == [
        protocol.REJECTIONS["clock_wrong"]
    ]


def test_bad_former_values_are_named_and_block_no_other(alice, device):
    todo = device.new("Buy milk")
    device.sync(todo)
    good = {
        "todo": todo["id"],
        "field": "text",
        "value": "old",
        "stamp": f"{5:015}-0000-{'a' * 16}",
    }
    good["replacedAt"] = NOW
    bad = [
        None,
        {},
        {**good, "todo": str(lists.some_uid())},
        {**good, "todo": str(lists.some_uid()), "field": "deleted", "value": True},
        {**good, "todo": 7},
        {**good, "field": "clocks"},
        {**good, "field": ["text"]},
        {**good, "value": {"deep": []}},
        {**good, "stamp": "yesterday"},
        {**good, "stamp": f"{sync.now_ms() + DAY:015}-0000-{'a' * 16}"},
        {**good, "replacedAt": "yesterday"},
        {**good, "replacedAt": 7},
        {**good, "replacedAt": "0001-01-01T00:00:00+23:00"},
    ]
    report = imported(device, a_file(history=[*bad, good]))
    assert (report["values"], report["refused"]) == (1, len(bad))
    assert [refusal["kind"] for refusal in report["refusals"]] == ["value"] * len(bad)
    reasons = [refusal["reason"] for refusal in report["refusals"]]
    assert all(reasons)
    assert reasons[2] == reasons[3] == imports.NO_TODO
    assert values(alice) == ["old"]


def test_m8_a_full_list_takes_no_more_and_says_so(monkeypatch, alice, device):
    monkeypatch.setitem(protocol.LIMITS, "todosPerUser", 2)
    report = imported(device, a_file(*(device.new(f"{n}", position=f"a{n}") for n in range(4))))
    assert lists.texts(alice) == ["0", "1"]
    assert report["refused"] == 2
    assert report["refusals"][0]["reason"] == protocol.REJECTIONS["too_many_todos"]


def test_of_many_bad_entries_the_first_are_named(device):
    report = imported(device, a_file(*range(1_000)))
    assert (report["refused"], len(report["refusals"])) == (1_000, imports.MOST_NAMED)
    assert report["unnamed"] == 1_000 - imports.MOST_NAMED


# What is wrong with the whole file


STRANGE_FILES = {
    "empty": b"",
    "no JSON": b"BEGIN:VCALENDAR",
    "a list": b"[]",
    "an archive": b"PK\x03\x04" + bytes(range(256)),
    "cut off": HEAD,
    "cut off in an array": HEAD + b', "todos": [',
    "with a rest": HEAD + b', "todos": []} {}',
    "not UTF-8": HEAD + b', "todos": ["\xff"]}',
    "with a NaN": HEAD + b', "todos": [NaN]}',
    "with a huge number": b'{"format": "simplesync-account", "version": ' + b"9" * 5_000 + b"}",
    "deep": b'{"format": "simplesync-account", "todos": ' + b"[" * 100_000,
    "deep in objects": b'{"a": ' + b'{"a": ' * 100_000,
    "with a comma too many": HEAD + b', "todos": [1,]}',
    "without a comma": HEAD + b', "todos": [1 2]}',
    "junk": b"x" * 10_000_000,
    "spaces": b" " * 10_000_000,
    "one long text": b'{"todos": ["' + b"x" * 10_000_000 + b'"]}',
    "no format": b'{"version": 1, "todos": []}',
    "another format": b'{"format": "todo.txt", "version": 1, "todos": []}',
    "a strange format": b'{"format": {}, "version": 1}',
    "no version": b'{"format": "simplesync-account", "todos": []}',
    "a version that is none": b'{"format": "simplesync-account", "version": true}',
}


@pytest.mark.parametrize("name", STRANGE_FILES)
def test_a_strange_file_is_refused_with_a_sentence(alice, device, name):
    lists.add(alice, "Buy milk")
    response = post(device, STRANGE_FILES[name])
    assert response.status_code == 400
    assert "Nothing was imported." in response.content.decode()
    assert lists.texts(alice) == ["Buy milk"]


def test_no_file_is_refused_with_a_sentence(device):
    response = device.client.post("/accounts/import/", {"csrfmiddlewaretoken": device.token})
    assert response.status_code == 400
    assert b"Choose a file." in response.content


def test_a_file_that_breaks_off_at_its_end_changes_nothing(alice, device):
    content = json.dumps(a_file(device.new())).encode()
    assert post(device, content[:-1]).status_code == 400
    assert lists.texts(alice) == []


def test_a_newer_version_is_refused_and_named(alice, device):
    response = post(device, {**a_file(device.new()), "version": 2})
    assert response.status_code == 400
    assert "number 2, and this server knows up to 1" in response.content.decode()
    assert lists.texts(alice) == []


def test_where_a_pruned_history_begins_goes_along_and_the_later_moment_stands(alice, device):
    lived_in(alice, device)
    assert "historyBegins" not in exported(device)
    pruning.prune_history(1)
    file = exported(device)
    jsonschema.validate(file, SCHEMA)
    begins = pruning.history_begins(alice)
    other = new_account()
    for _ in range(2):
        imported(other, file)
        assert pruning.history_begins(other.user) == begins > 0
    assert exported(other)["historyBegins"] == file["historyBegins"]
    for earlier_or_none in ("2026-01-01T00:00:00Z", "once", 7):
        imported(other, a_file(historyBegins=earlier_or_none))
        assert pruning.history_begins(other.user) == begins
    imported(other, a_file(historyBegins="9999-01-01T00:00:00Z"))
    assert begins < pruning.history_begins(other.user) <= sync.now_ms()


@pytest.mark.parametrize("version", OF_VERSIONS)
def test_a_file_of_every_version_that_was_ever_written_can_be_read(alice, device, version):
    content = OF_VERSIONS[version].read_bytes()
    report = imported(device, content)
    assert (report["added"], report["deleted"], report["values"], report["refused"]) == (2, 1, 2, 0)
    assert lists.texts(alice) == ["Buy oat milk", "Call mum"]
    assert values(alice) == ["Buy milk"]


def test_the_file_of_this_version_is_as_the_schema_says():
    jsonschema.validate(json.loads(OF_VERSIONS[1].read_bytes()), SCHEMA)


def test_what_was_saved_at_a_log_out_once_can_be_imported(alice, device):
    file = {"format": "simplesync-unsent", "version": 1, "todos": [device.new("unsent")]}
    assert imported(device, file)["added"] == 1
    assert lists.texts(alice) == ["unsent"]


def test_the_order_of_the_members_does_not_matter(alice, device):
    lived_in(alice, device)
    file = exported(device)
    other = new_account()
    imported(other, dict(reversed(file.items())))
    assert exported(other)["history"] == file["history"]


def test_a_file_with_a_byte_order_mark_and_indented_is_the_same(alice, device):
    content = json.dumps(a_file(device.new("Buy milk")), indent=4).encode("utf-8-sig")
    assert imported(device, content)["added"] == 1


# The page


def test_the_account_page_offers_it_and_says_what_came_of_it(alice, device):
    window = Browser(alice)
    lists.add(alice, "Buy milk")
    bad = {"todos": [*exported(device)["todos"], device.new("<b>" + "x" * 2_000)]}
    page = window.client.get("/accounts/").content.decode()
    assert 'href="/accounts/export/"' in page
    assert 'href="/accounts/export/todos.ics"' in page
    assert 'action="/accounts/import/"' in page
    content = post(device, {**a_file(), **bad}).content.decode()
    assert '<b data-count="same">1</b> were there' in content
    assert '<b data-count="refused">1</b> refused' in content
    assert "Todo 2 “<bdi>&lt;b&gt;xxx" in content
    assert "</bdi>”: The text is longer than 2000 characters." in content


def test_an_export_is_written_as_a_person_reads_it(alice):
    lists.add(alice, "Käse kaufen")
    text = "".join(export.account(alice))
    assert "Käse kaufen" in text
    assert text.count("\n") >= 8
