"""Search without JavaScript: `?q=` on the pages of a list."""

import pytest

from simplesync.tests.pages import Browser
from todos import search
from todos.tests import lists
from todos.tests.devices import Device


def titles(page):
    return [row.one("label").raw for row in page.one("ul", class_="todo-list").all("li")]


def says(page):
    return page.one("p", class_="found").text


def links(page):
    return {link.text: link.attrs["href"] for link in page.all("a")}


@pytest.fixture
def window(alice):
    """Alice's list of four, one of them done, in a browser."""
    lists.add(alice, "Buy milk", "Café with Zoë", "Call Bob")
    lists.add(alice, "Buy oat milk", completed=True)
    return Browser(alice)


def test_what_is_sought_is_found_and_counted(window):
    page = window.get("/?q=MILK+buy")
    assert titles(page) == ["Buy milk", "Buy oat milk"]
    assert says(page) == "2 todos found"
    assert page.one("input", name="q").attrs["value"] == "MILK buy"
    page = window.get("/?q=cafe")
    assert (titles(page), says(page)) == (["Café with Zoë"], "1 todo found")
    page = window.get("/?q=tea")
    assert (titles(page), says(page)) == ([], "Nothing found")


def test_nothing_that_is_sought_is_the_whole_list(window):
    page = window.get("/?q=+")
    assert len(titles(page)) == 4
    assert "hidden" in page.one("p", class_="found").attrs


def test_it_is_a_form_and_goes_together_with_the_filters(window):
    page = window.get("/active?q=milk%26")
    assert page.one("form", class_="search-form").attrs["action"] == "/active"
    assert links(page)["Completed"] == "/completed?q=milk%26"
    assert titles(window.get("/active?q=milk")) == ["Buy milk"]
    assert titles(window.get("/completed?q=milk")) == ["Buy oat milk"]


def test_only_ones_own_todos_are_found_and_only_live_ones(window, bob):
    lists.add(bob, "Bob's milk")
    lists.edit(bob.todos.get(), deleted=True)
    lists.add(bob, "More milk")
    assert titles(Browser(bob).get("/?q=milk")) == ["More milk"]


def test_what_is_done_to_all_is_done_to_those_found(window, alice):
    page = window.get("/?q=milk")
    assert "Mark all found as complete" in page.text
    form = page.one("form", class_="toggle-all-form")
    answer = window.submit(page, form, completed="on").response
    assert answer["Location"] == "/?q=milk"
    assert alice.todos.filter(completed=True).count() == 2
    page = window.get("/?q=milk")
    assert "checked" in page.one("input", class_="toggle-all").attrs
    assert page.one("button", class_="clear-completed").text == "Clear completed of those found"
    window.submit(page, page.one("form", class_="clear-form"))
    assert lists.texts(alice) == ["Café with Zoë", "Call Bob"]
    page = window.get("/?q=cafe")
    assert "hidden" in page.one("button", class_="clear-completed").attrs


def test_a_page_shows_so_many_and_the_next_ones_the_rest(alice):
    lists.add_many(Device(alice), 250)
    browser = Browser(alice)
    page = browser.get("/?q=todo")
    found, sizes, sentences = titles(page), [len(titles(page))], [says(page)]
    while "More" in links(page):
        page = browser.get(links(page)["More"])
        found += titles(page)
        sizes.append(len(titles(page)))
        sentences.append(says(page))
    assert sizes == [100, 100, 50]
    assert found == [f"Todo {n:03}" for n in range(250)]
    assert sentences == [
        "100 todos found so far",
        "100 more todos found so far",
        "50 more todos found",
    ]
    assert links(page)["Back to the start"] == "/?q=todo"


def test_a_page_that_is_full_with_the_last_todo_is_the_last(alice):
    lists.add_many(Device(alice), 100)
    page = Browser(alice).get("/?q=todo")
    assert (len(titles(page)), says(page)) == (100, "100 todos found")
    assert "More" not in links(page)


def test_no_page_looks_at_more_than_so_many_todos(alice, monkeypatch):
    monkeypatch.setattr(search, "LOOKED_AT", 20)
    lists.add_many(Device(alice), 45)
    browser = Browser(alice)
    page = browser.get("/?q=044")
    assert (titles(page), says(page)) == ([], "Nothing found so far")
    page = browser.get(links(page)["More"])
    assert (titles(page), says(page)) == ([], "Nothing more found so far")
    page = browser.get(links(page)["More"])
    assert (titles(page), says(page)) == (["Todo 044"], "1 more todo found")
    assert "More" not in links(page)


@pytest.mark.parametrize("query", ["%00", "%FF", "%25", "'; --", "<b>", "(", "x" * 5_000, "\\"])
def test_anything_can_be_sought(window, query):
    page = window.get(f"/?q={query}")
    assert says(page) == "Nothing found"
