"""The article's own client, as it is: rules A1 to A3."""

import json
import uuid

import pytest
from django.test import Client

from todos import origins, sync
from todos.models import Revision, Todo
from todos.protocol import LIMITS, ErrorReply, SyncReply
from todos.tests.devices import DAY, Device

pytestmark = pytest.mark.django_db


class ArticleClient:
    """What the article's `syncTodos` sends, with the token that any request must carry."""

    def __init__(self, user):
        self.user = user
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user)
        self.client.get("/")
        self.token = self.client.cookies["csrftoken"].value

    def todo(self, **members):
        return {
            "id": str(uuid.uuid4()),
            "text": "Buy milk",
            "completed": False,
            "updatedAt": sync.now_ms(),
            "synced": False,
            "userId": self.user.username,
            **members,
        }

    def send(self, *todos):
        headers = {"X-CSRFToken": self.token}
        body = json.dumps({"todos": todos})
        return self.client.post("/sync", body, content_type="application/json", headers=headers)


@pytest.fixture
def article(alice):
    return ArticleClient(alice)


def test_it_works(article, alice):
    response = article.send(article.todo())
    reply = response.json()
    assert response.status_code == 200
    assert SyncReply.model_validate(reply, strict=True)
    assert reply["ok"] is reply["success"] is True
    todo = Todo.objects.get(user=alice)
    assert (todo.text, todo.completed, todo.deleted) == ("Buy milk", False, False)


def test_nothing_to_send_is_fine(article):
    assert article.send().status_code == 200


def test_it_needs_a_session_and_its_token(article):
    assert Client().post("/sync", {"todos": []}, content_type="application/json").status_code == 401
    article.token = "x" * 32
    assert article.send(article.todo()).json()["error"] == "csrf"


def test_its_todos_reach_other_devices(article, alice):
    article.send(article.todo())
    [todo] = Device(alice).pull().values()
    assert todo["text"] == "Buy milk"


def test_new_todos_are_appended_in_their_order(article):
    article.send(*(article.todo(text=text) for text in "abc"))
    article.send(article.todo(text="d"))
    texts = Todo.objects.order_by("position", "uid").values_list("text", flat=True)
    assert "".join(texts) == "abcd"


def test_a1_each_field_has_the_stamp_of_updated_at(article):
    article.send(article.todo(updatedAt=1_700_000_000_000))
    todo = Todo.objects.get()
    stamp = f"001700000000000-0000-{origins.ARTICLE}"
    assert set(todo.version()["clocks"].values()) == {stamp}


def test_a1_a_clock_that_is_ahead_counts_as_now(article):
    before = sync.now_ms()
    assert article.send(article.todo(updatedAt=before + DAY)).status_code == 200
    assert before <= int(Todo.objects.get().text_stamp[:15]) <= sync.now_ms()


def test_a1_somebody_elses_todo_is_refused(article, bob):
    response = article.send(article.todo(userId=bob.username))
    assert response.status_code == 400
    assert response.json()["results"][0]["error"] == "other_account"
    assert not Todo.objects.exists()


def test_a2_a_field_that_is_the_same_is_no_edit(article, alice):
    todo = article.todo()
    article.send(todo)
    phone = Device(alice)
    phone.pull()
    phone.sync(phone.edit(todo["id"], text="Buy oat milk"))
    article.send({**todo, "text": "Buy oat milk", "completed": True, "updatedAt": sync.now_ms()})
    row = Todo.objects.get()
    assert (row.text, row.completed) == ("Buy oat milk", True)
    assert row.text_stamp.endswith(phone.node)
    assert row.completed_stamp.endswith(origins.ARTICLE)


def test_a2_what_it_replaces_is_in_the_history(article):
    todo = article.todo()
    article.send(todo)
    article.send({**todo, "text": "Buy oat milk", "updatedAt": todo["updatedAt"] + 1})
    assert Todo.objects.get().text == "Buy oat milk"
    assert Revision.objects.get().value == "Buy milk"


def test_a2_an_older_record_loses_and_is_in_the_history(article):
    todo = article.todo()
    article.send(todo)
    article.send({**todo, "text": "Old", "updatedAt": todo["updatedAt"] - 1})
    assert Todo.objects.get().text == "Buy milk"
    assert Revision.objects.get().value == "Old"


def test_the_same_record_again_changes_nothing(article):
    todo = article.todo()
    for _ in range(3):
        assert article.send(todo).status_code == 200
    assert Todo.objects.get().change == 1
    assert not Revision.objects.exists()


def test_a3_if_one_is_refused_the_good_ones_are_stored_and_the_answer_is_400(article):
    good, bad = article.todo(), article.todo(text="x" * (LIMITS["text"] + 1))
    response = article.send(bad, good)
    body = response.json()
    assert ErrorReply.model_validate(body, strict=True)
    assert (response.status_code, body["error"]) == (400, "rejected")
    assert [result["status"] for result in body["results"]] == ["rejected", "stored"]
    assert str(Todo.objects.get().uid) == good["id"]


@pytest.mark.parametrize(
    "members",
    [
        {"id": "1"},
        {"id": None},
        {"text": None},
        {"completed": "yes"},
        {"updatedAt": None},
        {"updatedAt": "2024"},
        {"updatedAt": -1},
        {"updatedAt": 10**18},
        {"updatedAt": True},
        {"position": 5},
        {"deleted": "no"},
    ],
)
def test_a_bad_member_is_refused_for_its_todo(article, members):
    assert article.send(article.todo(**members)).status_code == 400
    assert not Todo.objects.exists()


@pytest.mark.parametrize("todos", [{"todos": None}, {"todos": 1}, {}, {"todos": {}}])
def test_a_body_that_is_no_list_of_todos_is_malformed(article, todos):
    headers = {"X-CSRFToken": article.token}
    response = article.client.post("/sync", todos, content_type="application/json", headers=headers)
    assert (response.status_code, response.json()["error"]) == (400, "malformed")


def test_a_body_of_too_many_todos_is_too_large(article):
    todos = [{} for _ in range(LIMITS["todosPerRequest"] + 1)]
    assert article.send(*todos).json()["error"] == "too_large"
