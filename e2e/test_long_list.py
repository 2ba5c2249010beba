"""Five hundred todos: the first hundred from the server, the rest from here, at no one's cost."""

import itertools

import pytest
from playwright.sync_api import expect

from e2e.actions import (
    SCRIPTS,
    Held,
    add_todo,
    eventually,
    local,
    push_edits,
    ready,
    reload_held,
    row,
    sign_up_with,
    synced,
    titles,
    toggle,
)

pytestmark = pytest.mark.any_engine

ALL = [f"todo {number:03}" for number in range(500)]


@pytest.fixture
def page(context):
    """A tab in which each frame is looked at, with Alice's five hundred."""
    context.add_init_script(path=SCRIPTS / "sample-frames.js")
    page = context.new_page()
    sign_up_with(page, ALL)
    return page


def test_all_are_there_in_their_order_and_nothing_jumps(page):
    scripts = Held(page, "**/main*.mjs")
    reload_held(page)
    expect(titles(page)).to_have_text(ALL[:100])
    expect(page.get_by_role("link", name="More")).to_be_visible()
    page.evaluate("document.querySelectorAll('.todo-list li').forEach((row, at) => (row.at = at))")
    row(page, "todo 050").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    scripts.release()
    expect(titles(page)).to_have_text(ALL)
    expect(page.get_by_role("link", name="More")).to_have_count(0)
    assert page.evaluate("scrollY") == before
    assert page.evaluate("shifts_") == []
    nodes = page.evaluate("[...document.querySelectorAll('.todo-list li')].map((row) => row.at)")
    assert nodes[:100] == list(range(100))
    # A frame may come while the page is still parsed.
    tops = [frame["tops"] for frame in page.evaluate("frames_") if len(frame["tops"]) >= 100]
    assert all(each[:100] == tops[0][:100] for each in tops)
    expect(page.get_by_test_id("todo-count")).to_have_text("500 items left")


def test_they_come_some_in_each_frame(page):
    page.reload()
    expect(titles(page)).to_have_count(500)
    ready_with = [len(frame["titles"]) for frame in page.evaluate("frames_") if frame["ready"]]
    assert ready_with[0] == 100
    assert max(b - a for a, b in itertools.pairwise(ready_with)) <= 200
    assert ready_with[-1] == 500


def test_what_is_done_while_they_come_is_not_lost_among_them(page):
    page.reload()
    ready(page)
    add_todo(page, "new")
    toggle(page, "todo 000")
    expect(titles(page)).to_have_text([*ALL, "new"])
    expect(row(page, "todo 000")).to_have_class("completed")
    expect(page.get_by_test_id("todo-count")).to_have_text("500 items left")


def test_the_filters_show_the_right_ones_of_them(page):
    for text in ("todo 003", "todo 007"):
        toggle(page, text)
    page.get_by_role("link", name="Completed").click()
    expect(titles(page)).to_have_text(["todo 003", "todo 007"])
    page.get_by_role("link", name="Active").click()
    expect(titles(page)).to_have_text(
        [text for text in ALL if text not in ("todo 003", "todo 007")]
    )


def changes_of_a_tap(page):
    """Tick the first todo by script; return what that changed on the page, until it is saved."""
    synced(page)
    page.evaluate("""() => {
        window.changed = [];
        const what = { subtree: true, childList: true, attributes: true, characterData: true };
        const note = (records) => changed.push(...records.map(({ type }) => type));
        new MutationObserver(note).observe(document.querySelector(".todoapp"), what);
    }""")
    page.evaluate("document.querySelector('.toggle').click()")
    eventually(lambda: page.evaluate("changed.length"), page)
    synced(page)
    return sorted(page.evaluate("changed"))


def test_a_tap_touches_as_little_of_the_page_as_with_ten(page, new_browser):
    few = new_browser().new_page()
    sign_up_with(few, ALL[:10])
    assert changes_of_a_tap(page) == changes_of_a_tap(few)


def watch_rows(page):
    """From now on note in which rows anything is changed, by their texts."""
    page.evaluate("""() => {
        const touched = new Set();
        const note = (records) => records.forEach(({ target }) => {
            const row = target.closest("li");
            if (row) touched.add(row.querySelector("[data-testid=todo-title]").textContent);
        });
        const observer = new MutationObserver(note);
        const what = { subtree: true, childList: true, attributes: true };
        observer.observe(document.querySelector(".todo-lists"), what);
        window.flush = () => (note(observer.takeRecords()), [...touched]);
    }""")


def test_to_mark_all_changes_first_what_is_in_sight_and_then_the_rest(page):
    synced(page)
    watch_rows(page)
    [first, sight] = page.evaluate("""() => {
        document.querySelector(".toggle-all").click();
        const rows = [...document.querySelectorAll(".todo-list li")];
        const isSeen = (row) => row.getBoundingClientRect().top < innerHeight;
        return [flush(), rows.filter(isSeen).length];
    }""")
    assert sorted(first) == ALL[:sight]
    expect(page.locator("li.completed")).to_have_count(500)
    synced(page)
    expect(page.locator("li[data-unsynced]")).to_have_count(0)


def test_to_search_leaves_the_rows_alone_that_stay(page):
    synced(page)
    rows = "[...document.querySelectorAll('.todo-list:not([data-leaving]) > li')]"
    page.evaluate(f"{rows}.forEach((row, at) => (row.at = at))")
    watch_rows(page)
    search = page.get_by_role("searchbox", name="Search")
    for key, sought in (("1", "1"), ("2", "12"), ("3", "123"), ("Backspace", "12")):
        search.press(key)
        expect(titles(page)).to_have_text([text for text in ALL if sought in text])
    stayed = [ALL.index(text) for text in ALL if "123" in text]
    assert page.evaluate(f"{rows}.map((row) => row.at).filter((at) => at !== undefined)") == stayed
    search.press("Escape")
    expect(titles(page)).to_have_text(ALL)
    assert not [text for text in page.evaluate("flush()") if "123" in text]


LEAVING = """() => {
    const search = document.querySelector(".search");
    search.value = "123";
    search.dispatchEvent(new Event("input", { bubbles: true }));
    return [...document.querySelectorAll("[data-leaving]")].map((group) => {
        group.querySelector("button").focus();
        return [group.offsetHeight, group.contains(document.activeElement)];
    });
}"""


def test_what_leaves_is_out_of_sight_and_out_of_reach_at_once(page):
    synced(page)
    assert page.evaluate(LEAVING) == [[0, False]] * 5  # also the first, which another replaces
    expect(page.locator("[data-leaving]")).to_have_count(0)


def test_no_row_is_tied_together_by_ids_which_makes_it_dear_to_move(page):
    ready(page)
    expect(page.locator(".todo-list form[id], .todo-list [form]")).to_have_count(0)


SEEK = """(sought) => {
    const search = document.querySelector(".search");
    for (const value of sought) {
        search.value = value;
        search.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return document.querySelectorAll(".todo-list:not([data-leaving]) > li").length;
}"""


def test_a_search_shows_first_what_is_in_sight_and_then_the_rest(page):
    synced(page)
    found = [text for text in ALL if "1" in text]
    # The first group is in sight, the second all stays, and of the other three the rest waits.
    assert page.evaluate(SEEK, ["1"]) == 19 + 100
    expect(titles(page)).to_have_text(found)


def test_keys_that_come_faster_than_the_rows_leave_the_right_ones(page):
    synced(page)
    page.evaluate(SEEK, ["1", "12", "2", "", "3", "13", "1"])
    expect(titles(page)).to_have_text([text for text in ALL if "1" in text])
    toggle(page, "todo 412")
    page.evaluate(SEEK, ["4", ""])
    expect(titles(page)).to_have_text(ALL)
    expect(row(page, "todo 412")).to_have_class("completed")
    synced(page)


def test_what_stays_where_most_of_a_group_is_deleted_elsewhere_is_there_again(page):
    synced(page)
    gone = [record for record in local(page) if "todo 210" <= record["text"] < "todo 290"]
    looked_at = row(page, "todo 450")
    looked_at.scroll_into_view_if_needed()
    before = looked_at.bounding_box()
    page.evaluate("shifts_.length = 0")
    push_edits(page, gone, deleted=True)
    expect(titles(page)).to_have_text([*ALL[:210], *ALL[290:]])
    assert page.evaluate("shifts_") == []
    assert looked_at.bounding_box()["y"] == pytest.approx(before["y"], abs=1)


def test_what_is_typed_while_they_come_is_not_lost(page):
    page.reload()
    ready(page)
    field = page.get_by_placeholder("What needs to be done?")
    field.press_sequentially("typed meanwhile")
    expect(field).to_have_value("typed meanwhile")
    expect(titles(page)).to_have_text(ALL)
    expect(field).to_have_value("typed meanwhile")


def test_marking_all_gives_way_to_hands_between_some_todos_and_the_next(page):
    synced(page)
    page.evaluate("""() => {
        let run = 0;
        window.runs = [];
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...given) {
            if (this.name !== "todos") return put.apply(this, given);
            if (!run) queueMicrotask(() => { runs.push(run); run = 0; });
            run += 1;
            return put.apply(this, given);
        };
    }""")
    page.evaluate("document.querySelector('.toggle-all').click()")
    synced(page)
    runs = page.evaluate("runs")
    assert sum(runs) >= 2 * 500  # as edits, and as what the server has
    assert max(runs) <= 200


def test_undoing_it_all_looks_for_no_row_by_comparing_all_of_them(page):
    synced(page)
    page.get_by_label("Mark all as complete").check()
    synced(page)
    page.evaluate("""() => {
        window.compared = 0;
        const compare = Node.prototype.compareDocumentPosition;
        Node.prototype.compareDocumentPosition = function (other) {
            compared += 1;
            return compare.call(this, other);
        };
    }""")
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator("li.completed")).to_have_count(0)
    synced(page)
    assert page.evaluate("compared") < 500
