"""The pages that need no JavaScript: the list, and what its forms do.

Each form leads through `todos.sync`, like everything that writes, and back to where it came from.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from csp.constants import SELF
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from simplesync import pwa
from simplesync.import_map import import_map
from todos import cursor, forms, origins, protocol, search, sync
from todos.models import SyncState, Todo
from todos.position import is_position
from todos.uuid7 import uuid7

PAGE = 100  # rows; the script appends the rest from IndexedDB
BLANK = Todo(uid=UUID(int=0))  # the row that the script clones

Form = TypeVar("Form", bound=BaseForm)

# Not `completed=True`: for a bare column SQLite uses no index, and would walk the whole list.
FILTERS: dict[str, dict[str, list[bool]]] = {
    "all": {},
    "active": {"completed__in": [False]},
    "completed": {"completed__in": [True]},
}


# The list


@require_safe
def show(request: PersonRequest, which: str = "all") -> HttpResponse:
    """Show all todos, the active ones or the completed ones."""
    form = forms.AddForm(initial={"id": uuid7(), "text": request.GET.get("text")})
    query = request.GET.get("q", "")[: search.LONGEST].strip()
    return render_list(request, which, form, request.GET.get("after", ""), query)


def render_list(
    request: PersonRequest,
    which: str,
    form: forms.AddForm,
    after: str = "",
    query: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page of a list, with a form that may hold what was typed and why it was wrong."""
    state = SyncState.of(request.user)  # before the rows are read (R2)
    todos = page_of(live(request.user).filter(**FILTERS[which]), after)
    rows, last = search.first_found(todos, query, PAGE) if query else first_of(todos)
    found = [row.completed for row in rows]
    # "All" is all that is found (decision 31).
    done, active = (
        (found.count(True), found.count(False)) if query else (state.completed, state.active)
    )
    context = {
        "which": which,
        "todos": rows,
        "following": key_of(last) if last else None,
        "after": after,
        "query": query,
        "sought": f"?{urlencode({'q': query})}" if query else "",
        "address": reverse_list(which),
        "all_done": done and not active,
        "any_done": done,
        "state": state,
        "form": form,
        "details": forms.DetailsForm(),
        "id": uuid7() if "id" in form.errors else form["id"].value(),
        "here": request.get_full_path() if request.method == "GET" else reverse_list(which),
        "blank": BLANK,
        "facts": facts(request, which, state) | {"cursor": cursor.first(state).pack()},
        "import_map": import_map(),
    }
    response = render(request, "todos/list.html", context, status=status)
    return with_policy(response)


@login_not_required
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """Show the page of a list with nobody's todos and nobody's name: what the service worker keeps.

    The same for everybody: nothing of the request goes into it.
    """
    context = {
        "which": "all",
        "state": SyncState(),
        "form": forms.AddForm(),
        "details": forms.DetailsForm(),
        "here": reverse("todos:list"),
        "address": reverse("todos:list"),
        "blank": BLANK,
        "facts": {"shell": ""} | facts_of_build(),
        "import_map": import_map(),
        "csrf_token": "none",  # its forms are never sent: a script reads them
    }
    response = HttpResponse(render_to_string("todos/list.html", context))
    response.headers["Cache-Control"] = "no-cache"
    return with_policy(response)


def with_policy(response: HttpResponse) -> HttpResponse:
    """Allow the page of a list its import map, by its hash, and its base: django-csp reads that."""
    response._csp_update = {  # type: ignore[attr-defined]
        "script-src": [import_map().csp_hash]
    }
    response._csp_replace = {"base-uri": [SELF]}  # type: ignore[attr-defined]
    return response


def live(user: User) -> QuerySet[Todo]:
    """Return the person's todos that are not deleted, in their order."""
    return Todo.objects.filter(user=user, deleted=False).order_by("position", "uid")


def page_of(todos: QuerySet[Todo], after: str) -> QuerySet[Todo]:
    """Return the todos after a key; all of them when it is none."""
    position, _, uid = after.rpartition(".")
    try:
        last = UUID(uid)
    except ValueError:
        return todos
    if position and not is_position(position):
        return todos
    return todos.filter(position__gte=position).exclude(position=position, uid__lte=last)


def first_of(todos: QuerySet[Todo]) -> tuple[list[Todo], Todo | None]:
    """Return the first page of some todos, and the last of it, if there are more."""
    rows = list(todos[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1] if len(rows) > PAGE else None


def key_of(todo: search.Placed) -> str:
    """Return the place of a todo in its list, for the address of the next page."""
    return f"{todo.position}.{todo.uid}"


def facts(request: PersonRequest, which: str, state: SyncState) -> dict[str, Any]:
    """Return what the script and the styles have to know, as `data-` attributes of the page."""
    account = str(request.user.account)
    ahead = request.COOKIES.get("local-ahead") == account  # set by local-ahead.mjs
    return {
        "account": account,
        "user": request.user.get_username(),
        "protocol": protocol.PROTOCOL,
        "limits": json.dumps(protocol.LIMITS),
        "server-time": sync.now_ms(),
        "sync-interval": settings.SYNC_INTERVAL,
        "show": which,
        "live": state.live,
        "last-position": sync.last_position(request.user.pk),
        **({"local-ahead": ""} if ahead else {}),
    } | facts_of_build()


def facts_of_build() -> dict[str, Any]:
    """Return what the shell knows, too."""
    return {"version": pwa.version(), "worker": "on" if settings.SERVICE_WORKER else "off"}


# What the forms do


@require_POST
def add(request: PersonRequest) -> HttpResponse:
    """Append a todo."""
    form = forms.AddForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            sync.add(request.user, data["id"], data["text"], origins.FORM)
        except sync.Rejected as rejected:
            form.add_error("text", protocol.REJECTIONS[str(rejected)])
    if form.is_valid():
        return back(request)
    return render_list(request, where(request), form, status=400)


@require_POST
def toggle(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Mark one todo as done or not done."""
    return edit(request, uid, valid(forms.ToggleForm(request.POST)).edit())


@require_POST
def delete(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Delete one todo."""
    return edit(request, uid, {"deleted": True})


@require_http_methods(["GET", "POST"])
def rename(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Show a todo's text and its details to be changed, and change them.

    What was typed while another device deleted the todo is kept with it in the history.
    """
    own = Todo.objects.filter(user=request.user)
    todo = get_object_or_404(own if request.method == "POST" else live(request.user), uid=uid)
    typed = request.GET.get("text", todo.text)
    initial = {"shown": todo.text, "text": typed, **forms.of_details(todo)}
    form = forms.EditForm(request.POST or None, initial=initial)
    if form.is_valid():
        return edit(request, uid, form.edit())
    shown = form["shown"].value()
    context = {"todo": todo, "form": form, "shown": shown, "here": safe_back(request)}
    return render(request, "todos/rename.html", context, status=400 if form.errors else 200)


@require_POST
def toggle_all(request: PersonRequest) -> HttpResponse:
    """Mark all todos that the page showed as done, or as not done."""
    return edit_all(request, valid(forms.ToggleAllForm(request.POST)).edits())


@require_POST
def clear_completed(request: PersonRequest) -> HttpResponse:
    """Delete the todos that the page showed as done."""
    return edit_all(request, valid(forms.ClearCompletedForm(request.POST)).edits())


def edit(request: PersonRequest, uid: UUID, values: dict[str, Any]) -> HttpResponse:
    """Set some fields of one todo of this person, and go back."""
    get_object_or_404(Todo, user=request.user, uid=uid)
    return edit_all(request, {uid: values} if values else {})


def edit_all(request: PersonRequest, edits: dict[UUID, dict[str, Any]]) -> HttpResponse:
    """Set fields of several todos of this person, and go back."""
    sync.edit(request.user, edits, origins.FORM)
    return back(request)


def valid(form: Form) -> Form:
    """Return a form that people cannot fill in wrongly. Raises Http404 for one made by hand."""
    if not form.is_valid():
        raise Http404("not a form of this page")
    return form


# Back to where the person was


def back(request: HttpRequest) -> HttpResponse:
    """Return the redirect to the page that the form stood on."""
    return redirect(safe_back(request))


def safe_back(request: HttpRequest) -> str:
    """Return the address that the form brought, if it is one of this site, else the list's."""
    address = request.POST.get("back") or request.GET.get("back") or ""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if ours and address.startswith("/") else reverse_list("all")


def where(request: HttpRequest) -> str:
    """Return which list the form stood on."""
    try:
        return str(resolve(urlsplit(safe_back(request)).path).kwargs.get("which", "all"))
    except Resolver404:
        return "all"


def page_of_form(request: HttpRequest) -> str:
    """Return the address of the page that a form stood on: its own for one that has its own."""
    own_page = resolve(request.path).view_name in ("todos:rename", "todos:move")
    return request.path if own_page else urlsplit(safe_back(request)).path


def reverse_list(which: str) -> str:
    """Return the address of a list."""
    return reverse("todos:list" if which == "all" else f"todos:{which}")
