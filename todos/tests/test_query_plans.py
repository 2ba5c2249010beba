"""What a request costs does not depend on how much there is.

Three people have lists, among 200 others: a short one, a long one, and one of which nearly all was
deleted, and most of that emptied since. Each query of each request is explained by the database in
use, after ANALYZE: none may read a table from end to end. SQLite counts its steps, too: a long list
takes no more of them. And each query of a person's tables is that person's.
"""

import datetime
import re
import uuid
from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from todos import announcements, merge, rows, search, vtodos
from todos.cursor import newest
from todos.fields import FIELDS
from todos.hub import hub
from todos.merge import Lost
from todos.models import Head, Revision, SyncState, Todo
from todos.sync import BLANK
from todos.tests import files
from todos.tests.devices import Device
from todos.trash import Place

pytestmark = pytest.mark.xdist_group("long lists")  # one process makes them, not each

SHORT, LONG = 1_000, 20_000  # todos; of the short list half are deleted: a page of either is full
IN_TRASH = 500  # of those that are deleted, the first; the others are emptied
RARE = 2_000  # of a long list, every so many are deleted, or are not
OTHERS = 200  # people with some todos each
LOOKED_AT = 400  # todos, by a search: all lists have more, but for the one that was emptied
MORE = 1.05  # times as many steps: a tree is deeper
LARGE = ("todos_todo", "todos_revision", "todos_head")  # PostgreSQL rightly scans what is small
OF_A_PERSON = (
    *LARGE,
    "todos_syncstate",
    "todos_wrongclock",
    "todos_rejection",
    "accounts_device",
)


def fill(user, todos, is_deleted, first=0):
    """Write a list straight into the tables, with its counts, its history and its log."""
    stamp = "001790000000000-{:04x}-0123456789abcdef"
    versions, room = {}, IN_TRASH
    for number in range(1, todos + 1):
        uid = str(uuid.UUID(int=(first << 64) + number))
        deleted = is_deleted(number)
        clocks = dict.fromkeys(FIELDS, stamp.format(number % 65_536))
        versions[uid] = {"id": uid, "deleted": deleted, "clocks": clocks}
        if not deleted or room:
            room -= deleted
            text, position = f"Todo {number}", f"b{number:06}1"
            versions[uid] |= {"text": text, "completed": number % 3 == 0, "position": position}
    rows.put_todos(user.pk, versions, 1, ())
    some = Q(change__lte=todos // 2, deleted=False) | Q(trashed_at__isnull=False)
    with_a_past = Todo.objects.filter(some, user=user).values_list("pk", "change")
    lost = [(key, Lost("text", f"Before {change}", stamp.format(0))) for key, change in with_a_past]
    rows.put_revisions(user.pk, [(*each, False) for each in lost], ())
    Head.objects.bulk_create([Head(user=user, number=number) for number in range(0, todos + 1, 5)])
    state = SyncState(user=user, head=todos, greatest_stamp=stamp.format(65_535))
    for version in versions.values():
        state.count({**BLANK, **version}, +1)
    state.save()


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker, django_user_model_of_module):
    """The three, by what their lists are like."""
    user = django_user_model_of_module
    with django_db_blocker.unblock():
        made = [user(username=name) for name in ("short", "long", "emptied")]
        made += [user(username=f"other {number}") for number in range(OTHERS)]
        made = user.objects.bulk_create(made)
        fill(made[0], SHORT, lambda number: number % 2 == 0, first=1)
        fill(made[1], LONG, lambda number: number % RARE == 0, first=2)
        fill(made[2], LONG, lambda number: number % RARE != 0, first=3)
        for number, other in enumerate(made[3:], start=4):
            fill(other, 10, lambda number: number == 1, first=number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    yield {person.username: person for person in made[:3]}
    with django_db_blocker.unblock():
        for model in (Revision, Todo, Head, SyncState, user):
            model.objects.all()._raw_delete(connection.alias)
        forget_statistics()


def forget_statistics():
    """Let what was found here decide on no other test's plans: SQLite would keep some of it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE sqlite_stat1")
            cursor.execute("PRAGMA writable_schema = RESET")  # what it remembers of them


@pytest.fixture(scope="module")
def django_user_model_of_module(django_db_setup):
    """The model of a person, for as long as a module."""
    return get_user_model()


@pytest.fixture(params=["long", "emptied"])
def alice(request, people, db):
    """Somebody with a long list."""
    return people[request.param]


class Explained:
    """The plan of each query, as the database in use tells it."""

    def __init__(self):
        self.plans = []
        self.explaining = False

    def __call__(self, execute, sql, params, many, context):
        if not self.explaining and re.match("SELECT|UPDATE|DELETE", sql):
            self.explaining = True
            self.plans.append((sql, self.plan(sql, params)))
            self.explaining = False
        return execute(sql, params, many, context)

    def plan(self, sql, params):
        how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        with connection.cursor() as cursor:
            cursor.execute(f"{how} {sql}", params)
            return [str(row[-1]) for row in cursor.fetchall()]


@pytest.fixture
def explained():
    """What was asked of the database since, with the plans."""
    explained = Explained()
    with connection.execute_wrapper(explained):
        yield explained


def scans(plan):
    """Return the steps of a plan that read a table, or one of its indexes, from end to end."""
    if connection.vendor == "sqlite":  # which names a table by its alias, if it has one
        whole = r"^SCAN (?!CONSTANT ROW)"
    else:
        whole = rf"Seq Scan on ({'|'.join(LARGE)})\b"
    return [step for step in plan if re.search(whole, step)]


class Actor:
    """Somebody's device, another one, and a live and a deleted todo of theirs."""

    def __init__(self, user):
        todos = Todo.objects.filter(user=user)
        self.user = user
        self.live = todos.filter(deleted=False).first()
        self.deleted = todos.filter(deleted=True).first()
        self.device = Device(user)
        self.other = Device(user)
        self.device.cursor = self.other.cursor = newest(SyncState.of(user)).pack()
        self.other.sync()


def poll(actor):
    actor.device.sync()


def push_and_pull(actor):
    device = actor.device
    device.sync(device.edit(str(actor.live.uid), text="Changed"), device.new())


def push_late(actor):
    stamp = f"{1:015}-0000-{actor.device.node}"
    actor.device.sync({"id": str(actor.deleted.uid), "text": "late", "clocks": {"text": stamp}})


def pull_everything(actor):
    actor.device.cursor = None
    while actor.device.sync()["more"]:
        pass


def check_itself(actor):
    actor.device.sync(digest=merge.fingerprint(actor.live.version()))


def form(path, **fields):
    def submit(actor):
        todo = actor.deleted if "restore" in path else actor.live
        data = {**fields, "csrfmiddlewaretoken": actor.device.token}
        assert actor.device.client.post(path.format(todo.uid), data).status_code == 302

    return submit


def move_beside(side, number):
    """Move the first todo by its page: beside another live one of the list."""

    def submit(actor):
        live = Todo.objects.filter(user=actor.user, deleted=False).order_by("position", "uid")
        data = {side: live[number].uid, "csrfmiddlewaretoken": actor.device.token}
        address = f"/todos/{actor.live.uid}/move/?back=/active"
        assert actor.device.client.post(address, data).status_code == 302

    return submit


def page(path):
    def load(actor):
        assert actor.device.client.get(path.format(actor.live.uid)).status_code == 200

    return load


def next_page(actor):
    key = f"{actor.live.position}.{actor.live.uid}"
    assert actor.device.client.get("/", {"after": key}).status_code == 200


def next_page_of_trash(actor):
    before = Place.now(actor.user).pack()
    assert actor.device.client.get("/trash/", {"before": before}).status_code == 200


def with_the_trash(path):
    def submit(actor):
        data = {"upto": Place.now(actor.user).pack(), "csrfmiddlewaretoken": actor.device.token}
        assert actor.device.client.post(path, data).status_code == 302

    return submit


def download(path):
    def load(actor):
        response = actor.device.client.get(path)
        assert len(b"".join(response.streaming_content)) > 100

    return load


def import_file(actor):
    """An edit, a new todo, a value that is new in the history and one that is there."""
    device, live = actor.device, actor.live
    edit = device.edit(str(live.uid), text="Changed")
    value = {"todo": str(live.uid), "field": "text", "replacedAt": "2026-01-01T00:00:00Z"}
    values = [value | {"value": text, "stamp": f"{1:015}-0000-{device.node}"} for text in "ab"]
    report = files.imported(device, files.a_file(edit, device.new(), history=values))
    assert (report["changed"], report["added"], report["values"]) == (1, 1, 2)


def restore_text(actor):
    """Of a live todo's history, which is as long for everybody."""
    stamp = Revision.objects.filter(user=actor.user, todo=actor.live).values_list(
        "stamp", flat=True
    )
    data = {"stamp": stamp[0], "csrfmiddlewaretoken": actor.device.token}
    path = f"/todos/{actor.live.uid}/history/restore/"
    assert actor.device.client.post(path, data).status_code == 302


def hear(actor):
    response = actor.device.client.get(f"/sync/events?account={actor.user.account}")
    assert list(response.streaming_content)


def of_those_shown(path, **fields):
    """Submit a form about all todos that a page showed."""

    def submit(actor):
        live = Todo.objects.filter(user=actor.user, deleted=False).order_by("position", "uid")
        shown = list(live.values_list("uid", "completed")[:100])
        data = {
            **fields,
            "shown_active": [uid for uid, completed in shown if not completed],
            "shown_completed": [uid for uid, completed in shown if completed],
            "csrfmiddlewaretoken": actor.device.token,
        }
        assert actor.device.client.post(path, data).status_code == 302

    return submit


def with_a_device(path, **fields):
    """Submit a form about another device of the same person."""

    def submit(actor):
        data = {**fields, "csrfmiddlewaretoken": actor.device.token}
        assert actor.device.client.post(path.format(actor.other.id), data).status_code == 302

    return submit


def read_heads(actor):
    announcements.read_heads()


REQUESTS = {
    "the list": page("/"),
    "the active ones": page("/active"),
    "the completed ones": page("/completed"),
    "the list's next page": next_page,
    "the shell": page("/shell/"),
    "a search": page("/?q=todo"),
    "a search in vain": page("/?q=nowhere"),
    "the Trash": page("/trash/"),
    "the Trash's next page": next_page_of_trash,
    "whether to empty the Trash": page("/trash/empty/"),
    "restore all": with_the_trash("/trash/restore/"),
    "empty the Trash": with_the_trash("/trash/empty/"),
    "a todo's own page": page("/todos/{}/edit/"),
    "add": form("/todos/add/", id=str(uuid.uuid4()), text="Buy milk"),
    "rename": form("/todos/{}/edit/", shown="", text="Buy oat milk"),
    "tick": form("/todos/{}/toggle/", shown="false", completed="true"),
    "delete": form("/todos/{}/delete/"),
    "mark all": of_those_shown("/todos/toggle-all/", shown="false", completed="true"),
    "clear completed": of_those_shown("/todos/clear-completed/"),
    "where to move it": page("/todos/{}/move/?back=/completed"),
    "move it up": move_beside("before", 5),
    "move it down": move_beside("after", 5),
    "restore": form("/todos/{}/restore/"),
    "a poll": poll,
    "a push": push_and_pull,
    "a push that comes late": push_late,
    "a first sync": pull_everything,
    "the self-check": check_itself,
    "the history": page("/todos/{}/history/"),
    "the history for scripts": page("/todos/{}/history.json"),
    "restore a text": restore_text,
    "look at a conflict": form("/todos/{}/history/look/", shown=""),
    "the account": page("/accounts/"),
    "name a device": with_a_device("/accounts/devices/{}/name/", name="Phone"),
    "sign a device out": with_a_device("/accounts/devices/{}/sign-out/"),
    "sign all others out": with_a_device("/accounts/devices/sign-out-others/"),
    "the export": download("/accounts/export/"),
    "the calendar": download("/accounts/export/todos.ics"),
    "an import": import_file,
    "the events": hear,
    "the heads of who waits": read_heads,
}


@pytest.fixture
def ready(monkeypatch, settings):
    """Return a function that returns one that makes a request of somebody, who also waits."""
    settings.SYNC_RATE = "1000000/minute"
    monkeypatch.setattr(search, "LOOKED_AT", LOOKED_AT)
    monkeypatch.setattr(hub, "tell", lambda user_id, cursor: None)
    # It takes long to write tens of thousands, for which the database is asked nothing.
    monkeypatch.setattr(vtodos, "written", lambda component: "END:VCALENDAR")

    def prepare(name, user):
        monkeypatch.setattr(hub, "people", lambda: [user.pk])
        actor = Actor(user)
        return lambda: REQUESTS[name](actor)

    return prepare


@pytest.mark.parametrize("name", REQUESTS)
def test_no_query_reads_a_table_from_end_to_end(alice, explained, ready, name):
    ask = ready(name, alice)
    explained.plans.clear()
    ask()
    assert explained.plans
    assert {sql: scans(plan) for sql, plan in explained.plans if scans(plan)} == {}


def test_nor_does_the_pruning(alice, explained, settings):
    settings.HISTORY_DAYS = 1
    then = timezone.now() - datetime.timedelta(days=100)
    Todo.objects.filter(pk=Actor(alice).deleted.pk).update(trashed_at=then)
    Revision.objects.filter(user=alice, todo=Actor(alice).live).update(created_at=then)
    explained.plans.clear()
    call_command("prune")
    found = {step for _, plan in explained.plans for step in scans(plan)}
    assert found <= {"SCAN accounts_user"}  # each person is asked for, by an index of their rows


# But for the look at many heads at once, which several databases would each answer for their own.
OF_MANY = {"the heads of who waits": ["todos_syncstate"]}


@pytest.mark.parametrize("name", REQUESTS)
def test_each_query_is_of_one_persons_rows(people, db, explained, ready, name):
    ask = ready(name, people["short"])
    explained.plans.clear()
    ask()
    found = [(table, sql) for sql, _ in explained.plans for table in of_anybody(sql)]
    assert [table for table, _ in found] == OF_MANY.get(name, []), found


def of_anybody(sql):
    """Return the tables of people of which a query does not say whose rows it means.

    It says so by a condition on the table's own `user_id`: that it equals one parameter, or that of
    another table of which it is said.
    """
    named = Counter(names(sql))
    equal = [*re.findall(rf"({COLUMN}) = \(?({COLUMN})", sql)]
    said = Counter(name_of(column, named) for column in re.findall(rf"{ALONE}({COLUMN}) = %s", sql))
    for _ in equal:
        for left, right in (tuple(name_of(side, named) for side in pair) for pair in equal):
            said[left] = said[left] or said[right]
            said[right] = said[right] or said[left]
    return [name for name, times in named.items() if said[name] < times]


BOTH = ["todos_revision", "todos_todo"]
ALONE = r'(?<![\w".])(?<!NOT \()'
COLUMN = r'(?:"?\w+"?\.)?"user_id"'
KEYWORDS = "WHERE|SET|ON|INNER|LEFT|ORDER|GROUP|LIMIT"


def names(sql):
    """Return what a query calls each table of people in it, as often as it reads it."""
    tables = "|".join(OF_A_PERSON)
    alias = rf'(?: (?:AS )?(?!(?:{KEYWORDS})\b)"?(\w+)"?)?'
    found = re.findall(rf'(?:FROM|UPDATE|JOIN) "({tables})"{alias}', sql)
    return [alias or table for table, alias in found]


def name_of(column, named):
    """Return to which table a column belongs; one without a name is that of the only table."""
    *table, _ = column.replace('"', "").split(".")
    return (table or list(named))[0] if table or len(named) == 1 else ""


@pytest.fixture
def steps():
    """Return a function that counts the steps that SQLite makes for something."""

    def count(work):
        counted = []
        connection.ensure_connection()
        connection.connection.set_progress_handler(lambda: counted.append(1) or 0, 1)
        try:
            work()
        finally:
            connection.connection.set_progress_handler(None, 0)
        return len(counted)

    return count


GROWS = {"a first sync", "the export", "the calendar"}  # with what it brings


@pytest.fixture
def untrimmed(monkeypatch):
    """Let no write be the one in a hundred that trims the log of heads: that is for all of them."""
    monkeypatch.setattr(Head, "trim", lambda user_id: None)


@pytest.mark.only_sqlite  # which counts its steps
@pytest.mark.usefixtures("untrimmed")
@pytest.mark.parametrize("name", [name for name in REQUESTS if name not in GROWS])
def test_a_request_takes_no_more_steps_with_a_long_list(people, alice, steps, ready, name):
    few = steps(ready(name, people["short"]))
    many = steps(ready(name, alice))
    assert many <= MORE * few


@pytest.mark.only_sqlite
@pytest.mark.parametrize("name", ["the active ones", "the completed ones", "where to move it"])
def test_a_filtered_list_is_found_by_an_index_of_its_own(alice, explained, ready, name):
    """Or the only completed one of a long list would be looked for among all the others."""
    ask = ready(name, alice)
    explained.plans.clear()
    ask()
    of_the_list = [plan for sql, plan in explained.plans if 'ORDER BY "todos_todo"."pos' in sql]
    assert any("live_by_completed" in step for plan in of_the_list for step in plan)


def test_a_query_that_reads_everything_would_be_seen(alice, explained):
    list(Todo.objects.filter(text="Todo 7"))
    [(sql, plan)] = explained.plans
    assert scans(plan)
    assert of_anybody(sql) == ["todos_todo"]


def test_one_that_reads_everything_in_a_query_within_it_would_be_seen(alice, explained):
    list(User.objects.filter(Exists(Todo.objects.filter(text=OuterRef("username")))))
    [(sql, plan)] = explained.plans
    assert scans(plan)
    assert of_anybody(sql) == ["U0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (lambda alice: Todo.objects.filter(user__in=[alice.pk, 0]), ["todos_todo"]),
        (lambda alice: Todo.objects.exclude(user=alice), ["todos_todo"]),
        (lambda alice: Revision.objects.filter(todo__user=alice), ["todos_revision"]),
        (lambda alice: Revision.objects.filter(user=alice, todo__text="x"), ["todos_todo"]),
        (lambda alice: Revision.objects.filter(user=alice, todo__user=alice), []),
        (lambda alice: Revision.objects.filter(user=alice, todo__user=F("user")), []),
        (lambda alice: Revision.objects.filter(todo__user=F("user")), BOTH),
        (lambda alice: Todo.objects.filter(user=alice, uid__in=Todo.objects.values("uid")), ["U0"]),
    ],
)
def test_one_of_other_peoples_rows_would_be_seen(alice, explained, query, found):
    list(query(alice)[:1])
    [(sql, _)] = explained.plans
    assert sorted(of_anybody(sql)) == found, sql
