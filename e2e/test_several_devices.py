"""Two browsers of one person, two tabs of one browser, two people on one server."""

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    Held,
    add_todo,
    answer_to,
    body_of,
    delete,
    eventually,
    fill_in_log_in,
    local_todo,
    log_in,
    log_out,
    new_name,
    ready,
    rename,
    row,
    sign_up,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

MARKUP = "<img src=x onerror=\"document.title='broken in'\"><b>bold</b>"


def log_in_ready(page, name):
    log_in(page, name)
    ready(page)
    return page


def test_a_second_browser_shows_what_the_first_one_did(page, new_browser):
    alice = sign_up(page, new_name("alice"))
    for text in ("Buy milk", "Call mum", "Water the plants"):
        add_todo(page, text)
    synced(page)
    laptop = log_in_ready(new_browser().new_page(), alice)
    expect(titles(laptop)).to_have_text(["Buy milk", "Call mum", "Water the plants"])
    toggle(page, "Buy milk")
    rename(page, "Call mum", "Call dad")
    delete(page, "Water the plants")
    expect(titles(laptop)).to_have_text(["Buy milk", "Call dad"])
    expect(row(laptop, "Buy milk").get_by_role("checkbox")).to_be_checked()


def test_two_browsers_that_edited_different_fields_show_both_edits(page, new_browser):
    alice = sign_up(page, new_name("alice"))
    add_todo(page, "Buy milk")
    synced(page)
    laptop = log_in_ready(new_browser().new_page(), alice)
    on_page, on_laptop = Held(page, "**/sync"), Held(laptop, "**/sync")
    toggle(page, "Buy milk")
    rename(laptop, "Buy milk", "Buy oat milk")
    on_page.release()
    on_laptop.release()
    for browser in (page, laptop):
        expect(titles(browser)).to_have_text(["Buy oat milk"])
        expect(row(browser, "Buy oat milk").get_by_role("checkbox")).to_be_checked()


def test_an_edit_in_one_tab_is_in_the_other_without_a_sync(page, context):
    sign_up(page, new_name("alice"))
    ready(page)
    other = context.new_page()
    other.goto("/")
    ready(other)
    held = [Held(tab, "**/sync") for tab in (page, other)]
    add_todo(page, "Buy milk")
    expect(titles(other)).to_have_text(["Buy milk"])
    toggle(other, "Buy milk")
    expect(row(page, "Buy milk").get_by_role("checkbox")).to_be_checked()
    for each in held:
        each.release()


def test_two_tabs_that_push_the_same_edit_at_once_store_it_once(page, context, server):
    sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, "Buy milk")
    synced(page)
    other = context.new_page()
    other.goto("/")
    synced(other)
    text = new_name("Buy oat milk")
    held = [Held(tab, "**/sync", carrying=text) for tab in (page, other)]
    rename(page, "Buy milk", text)
    expect(titles(other)).to_have_text([text])
    for each in held:
        each.one()
    for each in held:
        each.release()
    synced(page)
    synced(other)
    assert_stored_once(server, text, "Buy milk")


def assert_stored_once(server, text, replaced):
    """Check that a text is one todo, and what it replaced one value of its history."""
    [(todo,)] = server.rows("SELECT id FROM todos_todo WHERE text = ?", text)
    revisions = server.rows("SELECT field, value FROM todos_revision WHERE todo_id = ?", todo)
    assert revisions == [("text", f'"{replaced}"')]


def test_an_acknowledgement_lost_after_the_commit_doubles_nothing(page, server):
    sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, "Buy milk")
    synced(page)
    text = new_name("Buy oat milk")
    lost = []

    def lose_the_first_answer(route):
        if text not in str(body_of(route)) or lost:
            return route.continue_()
        answer = answer_to(route)  # the server stores it …
        lost.append(answer.json())
        return route.abort("connectionreset")  # … and the browser never hears of it

    page.route("**/sync", lose_the_first_answer)
    rename(page, "Buy milk", text)
    eventually(lambda: lost, page)
    assert lost[0]["results"][0]["status"] == "stored"
    synced(page)
    assert local_todo(page, text)["synced"] is True
    assert_stored_once(server, text, "Buy milk")


def test_two_people_see_nothing_of_each_other(page, new_browser, server):
    sign_up(page, new_name("alice"))
    ready(page)
    secret = new_name("Alice's secret")
    add_todo(page, secret)
    synced(page)
    other = new_browser().new_page()
    sign_up(other, new_name("bob"))
    ready(other)
    synced(other)
    expect(titles(other)).to_have_count(0)
    assert secret not in other.content()
    [(uid,)] = server.rows("SELECT uid FROM todos_todo WHERE text = ?", secret)
    for address in ("toggle", "edit", "delete"):
        token = other.evaluate("document.cookie.match(/csrftoken=([^;]+)/)[1]")
        form = {"csrfmiddlewaretoken": token, "completed": "on", "text": "mine", "shown": ""}
        headers = {"Referer": server.url}
        answer = other.request.post(f"/todos/{uid}/{address}/", form=form, headers=headers)
        assert answer.status == 404
    rows = server.rows("SELECT completed, deleted FROM todos_todo WHERE text = ?", secret)
    assert rows == [(0, 0)]


def test_the_next_person_in_the_same_browser_sees_nothing_of_the_first(page):
    sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, "Alice's secret")
    synced(page)
    log_out(page)
    sign_up(page, new_name("bob"))
    ready(page)
    synced(page)
    expect(titles(page)).to_have_count(0)
    assert "Alice's secret" not in page.content()


def test_markup_in_a_todo_is_text_everywhere(page, new_browser):
    alice = sign_up(page, new_name("alice"))
    ready(page)
    add_todo(page, MARKUP)
    synced(page)
    rename(page, MARKUP, f"{MARKUP} again")
    synced(page)
    page.reload()
    ready(page)
    plain = new_browser(java_script_enabled=False).new_page()
    log_in(plain, alice)
    laptop = log_in_ready(new_browser().new_page(), alice)
    for browser in (page, plain, laptop):
        expect(titles(browser)).to_have_text([f"{MARKUP} again"])
    plain.get_by_role("link", name="Edit").click()
    expect(plain.get_by_label("What needs to be done?")).to_have_value(f"{MARKUP} again")
    admin = new_browser().new_page()
    admin.goto(f"/admin/login/?next=/admin/todos/todo/%3Fq={alice}")
    fill_in_log_in(admin, "olga")
    admin.get_by_role("link", name=f"{MARKUP} again").click()
    expect(admin.get_by_label("Text:")).to_have_value(f"{MARKUP} again")
    expect(admin.locator(".field-old_value").first).to_have_text(MARKUP)
    for browser in (page, plain, laptop, admin):
        assert browser.title() != "broken in"
        assert browser.locator("img[onerror]").count() == 0
