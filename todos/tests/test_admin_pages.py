"""Every page of the admin: few queries, no count, and no more work the more there is."""

import re
import uuid

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from simplesync.tests.pages import Browser
from todos import hlc, rejections, sync
from todos.activity import unstored
from todos.fields import FIELDS, NEEDED
from todos.models import Activity, Head, Rejection, Revision, SyncState, Todo, WrongClock
from todos.tests import lists
from todos.tests.devices import Device

MOST = 15  # queries of a page
FEW, MANY = 300, 9_000  # todos: of either, a list is full
MORE = 1.1  # times as many steps: a tree is deeper
LONG = ("todos_todo", "todos_revision", "todos_head", "todos_rejection")
STAMP = "001790000000000-{:04x}-{}00000000"


def fill(user, first, last):
    """Write todos straight into the tables, with all that can be kept beside them; only of the
    first ones some are deleted, so that a filter has to pass by the others."""
    numbers = range(first, last)
    nodes = [device.prefix for device in user.devices.all()]
    stamp = {n: STAMP.format(n % 65_536, nodes[n % len(nodes)]) for n in numbers}
    todos = [
        Todo(
            user=user,
            uid=uuid.UUID(int=n),
            text=f"Todo {n}",
            position=f"b{n:06}1",
            completed=n % 3 == 0,
            deleted=n < FEW and n % 5 == 0,
            change=n,
            **{f"{field}_stamp": stamp[n] for field in FIELDS},
        )
        for n in numbers
    ]
    Todo.objects.bulk_create(todos, batch_size=1_000)
    made = [
        Revision(
            user=user,
            todo=todo,
            field="text",
            value=f"{which} {todo.change}",
            value_digest=Revision.digest_of(which),
            stamp=STAMP.format(which, nodes[0]),
            conflict=todo.change % 2 == 0,
        )
        for todo in todos
        for which in range(2)
    ]
    Revision.objects.bulk_create(made, batch_size=1_000)
    Head.objects.bulk_create([Head(user=user, number=n, token="0" * 16) for n in numbers])
    SyncState.objects.filter(user=user).update(head=last, live=last)


def reject(first, last):
    """Let todos of others be rejected, of whom none is on the first page of the people; no more
    is kept of anybody."""
    names = [f"z {number}" for number in range(first, last, rejections.KEPT)]
    others = get_user_model().objects.bulk_create([get_user_model()(username=n) for n in names])
    came = {"code": VERDICT["error"], "errors": "{}", "payload": "{}", "todo": "1"}
    when = {"first_seen_at": timezone.now(), "last_seen_at": timezone.now()}
    Rejection.objects.bulk_create(
        Rejection(user=other, digest=str(number), **came, **when)
        for other in others
        for number in range(rejections.KEPT)
    )


@pytest.fixture
def alice(alice):
    """Alice, of whom there is something in every table; her first todo has a long history."""
    phones = [Device(alice) for _ in range(3)]
    for phone in phones:
        phone.sync(phone.new("x" * 2_001), phone.new("milk"))
        hasty = hlc.pack(sync.now_ms() + 10**7, 0, phone.node)
        phone.sync(phone.new() | {"clocks": dict.fromkeys(NEEDED, hasty)})
    for n in range(120):
        rejections.keep(alice, None, [{"n": n}], [{**VERDICT, "id": str(n)}])
    unstored.store()
    fill(alice, FEW // 10, FEW)
    people = [get_user_model()(username=f"m {number}") for number in range(120)]
    get_user_model().objects.bulk_create(people)
    reject(0, FEW)
    for n in range(150):
        lists.edit(alice.todos.earliest("pk"), text=str(n))
    Group.objects.create(name="staff")
    return alice


VERDICT = {"status": "rejected", "error": "malformed", "errors": {}}


def pages():
    """Give the addresses of every page that the admin has for each of its models, but for those
    that the package for log-in attempts brings, which hold few rows."""
    yield "/admin/"
    for model, options in admin.site._registry.items():
        if model._meta.app_label == "axes":
            continue
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield base
        yield base + "{pk}/change/"
        yield base + "{pk}/history/"
        if options.search_fields:
            yield base + "?q=a"
            yield base + "?q=alice+nothing"
        if model in (get_user_model(), Group):  # nothing else is added here
            yield base + "add/"
        if model is get_user_model():
            yield base + "{pk}/password/"
        yield from (f"{base}?{query}" for query in filters_of(options))


def filters_of(options):
    """Give the queries of all filters of a list, but for those of Django's own page of people."""
    if options.model is get_user_model():
        return
    for each in options.list_filter:
        for value, _ in each.lookups(each, None, options):
            yield f"{each.parameter_name}={value}"


def of_model(address):
    """Return the model of a page."""
    names = address.split("/")[2:4]
    return next(
        model
        for model in admin.site._registry
        if [model._meta.app_label, model._meta.model_name] == names
    )


def filled_in(address):
    """Return a page's address, of the first that its model has."""
    if "{pk}" not in address:
        return address
    options = admin.site._registry[of_model(address)]
    first = options.model.objects.order_by("pk")
    if options.model._meta.proxy:
        first = first.filter(conflict=True)
    pk = first.values_list("pk", flat=True)[0]
    return address.format(pk=admin.utils.quote(pk))


PAGES = [*pages()]
SEARCHES = [address for address in PAGES if "q=" in address]


@pytest.fixture
def window(olga, alice):
    """Olga's browser, that has been at the admin before."""
    window = Browser(olga)
    window.get("/admin/")
    return window


@pytest.fixture
def asked(window):
    """What each page asks of the database."""

    def queries_of(address):
        with CaptureQueriesContext(connection) as queries:
            window.get(address)
        return [each["sql"] for each in queries]

    return {address: queries_of(filled_in(address)) for address in PAGES}


def test_each_page_takes_few_queries_and_counts_no_long_table(asked):
    assert {at: len(queries) for at, queries in asked.items() if len(queries) > MOST} == {}
    counts = rf'SELECT COUNT\(.* FROM "({"|".join(LONG)})"'
    for address, queries in asked.items():
        assert [sql for sql in queries if re.match(counts, sql)] == [], address


def steps_of(work):
    """Return how many steps SQLite makes for something."""
    counted = []
    connection.connection.set_progress_handler(lambda: counted.append(1) or 0, 1)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(counted)


@pytest.mark.only_sqlite  # which counts its steps
def test_no_page_but_a_search_takes_more_steps_the_more_there_is(window, alice):
    addresses = [filled_in(address) for address in PAGES if address not in SEARCHES]
    addresses += [f"/admin/todos/conflict/?user__id__exact={alice.pk}"]
    before = {address: steps_of(lambda at=address: window.get(at)) for address in addresses}
    fill(alice, 1_000, MANY)
    reject(1_000, MANY)
    after = {address: steps_of(lambda at=address: window.get(at)) for address in addresses}
    grown = {at: (before[at], after[at]) for at in before if after[at] > MORE * before[at]}
    assert grown == {}


def test_every_page_of_every_list_is_reached_by_the_links(window, alice):
    address, seen = "/admin/todos/todo/", []
    while address:
        page = window.get(address)
        seen += [row.text for row in page.all("th", class_="field-__str__")]
        links = {link.text: link.attrs["href"] for link in page.all("a")}
        assert ("Newest" in links) is (len(seen) > 100)
        address = links.get("Older") and f"/admin/todos/todo/{links['Older']}"
    expected = Todo.objects.order_by("-pk").values_list("text", flat=True)
    assert seen == list(expected)


def test_a_filter_and_a_search_begin_at_the_newest(window):
    links = {link.text: link.attrs["href"] for link in window.get("/admin/todos/todo/").all("a")}
    page = window.get(f"/admin/todos/todo/{links['Older']}")
    assert page.one("form", id="changelist-search").all(name="pk__lt") == []
    filters = [link.attrs["href"] for link in page.one(id="changelist-filter").all("a")]
    assert [href for href in filters if "pk__lt" in href] == []


def test_a_strange_place_to_begin_at_is_no_error(window):
    for before in ("x", "-1", "1 OR 1=1", "9" * 40):
        response = window.client.get("/admin/todos/todo/", {"pk__lt": before})
        assert response.status_code in (200, 302)


READ_ONLY = [
    *("todos/conflict", "todos/revision", "todos/head", "todos/syncstate", "todos/wrongclock"),
    *("todos/rejection", "todos/activity", "accounts/device"),
]


def test_every_table_but_todos_and_people_is_read_only():
    ours = {
        f"{model._meta.app_label}/{model._meta.model_name}"
        for model in admin.site._registry
        if model._meta.app_label in ("todos", "accounts")
    }
    assert ours - {"todos/todo", "accounts/user"} == set(READ_ONLY)


def test_what_is_only_looked_at_cannot_be_written(window):
    for name in READ_ONLY:
        is_read_only(window, name)


def is_read_only(window, name):
    """Check that nothing of a model is written, whatever is sent."""
    page = window.get(f"/admin/{name}/")
    token = window.client.cookies["csrftoken"].value
    change = filled_in(f"/admin/{name}/{{pk}}/change/")
    assert window.get(change).all(name="_save") == []
    for address in (change, change.replace("change", "delete"), f"/admin/{name}/add/"):
        body = {"csrfmiddlewaretoken": token, "post": "yes"}
        assert window.client.post(address, body).status_code == 403
    assert {o.attrs["value"] for s in page.all("select", name="action") for o in s.all()} <= {""}


def test_staff_without_the_right_to_see_it_does_not(db, django_user_model):
    carla = Browser(django_user_model.objects.create_user("carla", is_staff=True))
    assert {carla.client.get(f"/admin/{name}/").status_code for name in READ_ONLY} == {403}


def test_something_is_in_every_table(alice):
    for model in (Activity, Head, Rejection, Revision, SyncState, Todo, WrongClock):
        assert model.objects.exists(), model
    assert timezone.now() > Activity.objects.get().hour
