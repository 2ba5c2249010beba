"""The history of a todo: its page, its values for scripts, and what can be restored."""

import pytest

from todos import history, pruning, sentences
from todos.models import Revision, SyncState, Todo
from todos.tests.lists import add, age, edit, fresh, head

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, alice):
    """Alice's browser."""
    client.force_login(alice)
    return client


@pytest.fixture
def milk(alice):
    """A todo that was renamed once."""
    [todo] = add(alice, "Milk")
    edit(todo, text="Oat milk")
    return fresh(todo)


def page_of(client, todo, **query):
    return client.get(f"/todos/{todo.uid}/history/", query).content.decode()


def values_of(client, todo, **query):
    return client.get(f"/todos/{todo.uid}/history.json", query).json()


def restore(client, todo, value):
    stamp = Revision.objects.get(todo=todo, value=value).stamp
    return client.post(f"/todos/{todo.uid}/history/restore/", {"stamp": stamp})


def test_it_tells_what_was_done_and_by_whom(client, milk):
    page = page_of(client, milk)
    assert "Changed the text from “Milk” to “Oat milk”." in page
    assert "Added “Milk”." in page
    assert page.index("Changed the text") < page.index("Added")
    assert "a command on the server" in page
    assert "this site, without JavaScript" in page


def test_a_device_is_named_by_its_browser(client, alice, phone):
    todo = phone.new("Milk")
    phone.post(phone.body(todo), **{"User-Agent": "Firefox on a phone"})
    assert "Firefox on a phone" in page_of(client, Todo.objects.get())
    assert set(values_of(client, Todo.objects.get())["names"].values()) == {"Firefox on a phone"}


def test_a_text_is_shown_as_text(client, alice):
    [todo] = add(alice, "<b>Milk</b>")
    assert "<b>" not in page_of(client, todo)


def test_the_values_for_scripts_are_those_of_the_page(client, milk):
    answer = values_of(client, milk)
    values = [sentences.Value(**value) for value in answer["values"]]
    assert [step.says for step in sentences.told(values, answer["whole"])] == [
        ["Changed the text from “Milk” to “Oat milk”."],
        ["Added “Milk”."],
    ]


@pytest.mark.parametrize("suffix", ["history/", "history.json"])
def test_nobody_else_sees_it(client, bob, milk, suffix):
    client.force_login(bob)
    assert client.get(f"/todos/{milk.uid}/{suffix}").status_code == 404


@pytest.mark.parametrize("suffix", ["history/", "history.json"])
def test_it_is_kept_by_no_cache(client, milk, suffix):
    assert "no-store" in client.get(f"/todos/{milk.uid}/{suffix}").headers["Cache-Control"]


def test_another_persons_values_under_the_same_id_are_not_in_it(client, alice, bob, milk):
    [other] = add(bob, "Bob's")
    Todo.objects.filter(pk=other.pk).update(uid=milk.uid)
    edit(fresh(other), text="Bob's own")
    assert "Bob" not in page_of(client, milk)


def test_m10_a_text_is_restored_as_a_new_edit(client, alice, milk):
    before = head(alice)
    assert restore(client, milk, "Milk").status_code == 302
    assert fresh(milk).text == "Milk"
    assert head(alice) == before + 1
    assert fresh(milk).text_stamp > milk.text_stamp
    assert Revision.objects.filter(todo=milk, value="Oat milk").exists()


def test_what_stands_cannot_be_restored(client, milk):
    page = page_of(client, milk)
    assert "Restore “Milk”" in page
    assert "Restore “Oat milk”" not in page


def test_a_deleted_todo_comes_back_with_its_text(client, milk):
    edit(milk, deleted=True)
    restore(client, milk, "Milk")
    assert (fresh(milk).text, fresh(milk).deleted) == ("Milk", False)


def test_m8_it_does_not_come_back_into_a_full_list(client, alice, milk, monkeypatch):
    edit(milk, deleted=True)
    monkeypatch.setitem(history.sync.protocol.LIMITS, "todosPerUser", 0)
    response = restore(client, milk, "Milk")
    assert response.status_code == 400
    assert "The list is full" in response.content.decode()
    assert fresh(milk).deleted


@pytest.mark.parametrize("stamp", ["", "nonsense", "001790000000000-0000-5f3c9a1b2d4e6f70"])
def test_a_stamp_that_the_todo_never_had_is_not_found(client, milk, stamp):
    response = client.post(f"/todos/{milk.uid}/history/restore/", {"stamp": stamp})
    assert response.status_code == 404
    assert fresh(milk).text == "Oat milk"


def test_nobody_else_can_restore(client, bob, milk):
    client.force_login(bob)
    assert restore(client, milk, "Milk").status_code == 404
    assert fresh(milk).text == "Oat milk"


def test_what_lost_is_told_with_what_it_lost_to(client, phone, laptop):
    milk = phone.new("Milk")
    phone.sync(milk)
    laptop.sync()
    phone.sync(phone.edit_of(milk, text="Oat milk"))
    laptop.sync(laptop.edit_of(milk, text="Soy milk"))
    page = page_of(client, Todo.objects.get())
    assert "Lost to “Soy milk”: neither had seen the other." in page
    assert "I have seen it" in page


@pytest.fixture
def contested(milk):
    """The same todo, marked."""
    edit(milk, conflict=True)
    return fresh(milk)


def look(client, todo, stamp):
    return client.post(f"/todos/{todo.uid}/history/look/", {"shown": stamp})


def test_m12_who_has_looked_says_so(client, contested):
    look(client, contested, contested.conflict_stamp)
    assert not fresh(contested).conflict
    assert "I have seen it" not in page_of(client, contested)


def test_f1_who_saw_an_earlier_conflict_does_not_take_a_later_mark_away(client, contested):
    edit(contested, conflict=True)
    look(client, contested, contested.conflict_stamp)
    assert fresh(contested).conflict


def test_nobody_else_takes_a_mark_away(client, bob, contested):
    client.force_login(bob)
    assert look(client, contested, contested.conflict_stamp).status_code == 404
    assert fresh(contested).conflict


def test_a_long_history_has_pages_and_each_value_is_on_one(client, alice, milk, monkeypatch):
    monkeypatch.setattr(history, "PAGE", 5)
    for number in range(12):
        edit(milk, text=f"Milk {number}", completed=number % 2 == 0)
    texts, before, pages = [], None, 0
    while True:
        past = history.of(fresh(milk), before)
        texts += [value.value for value in past.values if value.field == "text"]
        pages += 1
        before = past.older
        if before is None:
            break
    assert sorted(texts) == sorted(["Milk", "Oat milk", *[f"Milk {n}" for n in range(12)]])
    assert pages > 3
    page = page_of(client, milk)
    assert "Older" in page
    assert "Added" not in page


def test_scripts_get_a_long_one_in_pages_too(client, milk, monkeypatch):
    monkeypatch.setattr(history, "PAGE", 5)
    for number in range(12):
        edit(milk, text=f"Milk {number}")
    first = values_of(client, milk)
    texts, past = [], first
    while past["older"]:
        texts += [value["value"] for value in past["values"] if value["field"] == "text"]
        past = values_of(client, milk, before=past["older"])
    texts += [value["value"] for value in past["values"] if value["field"] == "text"]
    assert texts == [*[f"Milk {n}" for n in reversed(range(12))], "Oat milk", "Milk"]
    assert (first["whole"], past["whole"]) == (False, True)


def test_a_nonsensical_page_is_the_first(client, milk):
    assert "Oat milk" in page_of(client, milk, before="nonsense")
    assert values_of(client, milk, before="nonsense") == values_of(client, milk)


def test_restoring_changes_no_count(client, alice, milk):
    restore(client, milk, "Milk")
    state = SyncState.of(alice)
    assert (state.live, state.completed) == (1, 0)


def test_it_says_where_it_begins_once_older_values_are_no_longer_kept(client, milk):
    assert "no longer kept" not in page_of(client, milk)
    age(400)
    edit(milk, text="Soy milk")
    pruning.prune_history(365)
    page = page_of(client, milk)
    assert "no longer kept" in page
    assert "Changed the text from “Oat milk” to “Soy milk”." in page
    assert "“Milk”" not in page
    assert values_of(client, milk)["begins"] > 0
    assert not values_of(client, milk)["whole"]
