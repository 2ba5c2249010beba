"""What the bench of the admin writes by SQL fits the tables as they are now, and its pages are."""

import pytest
from django.db import connection

from bench import admin_pages
from simplesync.tests.pages import Browser
from todos.models import Activity, Head, Rejection, Revision, SyncState, Todo

pytestmark = pytest.mark.only_sqlite  # whose SQL it is

FEW = 500  # todos: the pages of the bench ask for this one


@pytest.fixture
def filled(olga):
    """Olga, who has what the bench writes."""
    admin_pages.write(connection.connection, olga.pk, FEW)
    return olga


def test_every_table_is_filled(filled):
    state = SyncState.objects.get(user=filled)
    assert (state.live, filled.devices.count()) == (FEW, 1)
    assert Revision.objects.filter(todo__user=filled).count() == FEW * admin_pages.EACH
    for model in (Todo, Head, Rejection, Activity):
        assert model.objects.count() >= 100, model


def test_every_page_that_is_measured_is_there(filled):
    admin = Browser(filled).client
    for name, address in admin_pages.PAGES.items():
        address = address.replace("/user/1/", f"/user/{filled.pk}/")
        assert admin.get(address).status_code == 200, name
