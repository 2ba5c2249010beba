"""The way back from each verb (local-todos.mjs, steps.mjs), on a store that is a plain object."""

import pytest

pytestmark = pytest.mark.any_engine

PRELUDE = """
const { pageClock } = await import("/static/js/clock.mjs");
const { localTodos } = await import("/static/js/local-todos.mjs");
const { leftAlone } = await import("/static/js/steps.mjs");
const { memoryDatabase } = await import("/static/js/memory-store.mjs");
const r = await import("/static/js/record.mjs");
const device = { id: "aaaaaaaa-0000-4000-8000-000000000001", secret: "" };
const stamp = (ms) => String(ms).padStart(15, "0") + "-0000-" + "b".repeat(16);
const clocks = (ms, ...fields) => Object.fromEntries(fields.map((field) => [field, stamp(ms)]));
const all = ["text", "completed", "position", "deleted"];
const live = { completed: false, position: "a0", deleted: false };
const known = (id, text) =>
  r.received(r.unknown(id), { ...live, id, text, clocks: clocks(1, ...all) });
const refusal = { error: "text_too_long", message: "Too long." };
const refused = (id, text) => {
  const edit = r.edited(known(id, "Buy milk"), { text }, { stamp: stamp(5), wall: 5 });
  return r.parked(edit, { text: stamp(5) }, ["text"], refusal);
};
const db = memoryDatabase([known("milk", "Buy milk"), known("bread", "Buy bread")]);
const verbs = localTodos(db, pageClock(device), "", () => {});
const get = (id) => db.read((store) => store.getTodo(id));
const put = (record) => db.write(async (store) => store.putTodo(record));
const elsewhere = async (id, values, ms = Date.now() + 1000) =>
  put(r.received(await get(id), { id, ...values, clocks: clocks(ms, ...Object.keys(values)) }));
"""


@pytest.fixture
def run(module_page):
    """Return a function that runs some JavaScript with these at hand."""
    return lambda body: module_page.evaluate(f"async () => {{ {PRELUDE} {body} }}")


@pytest.mark.parametrize(
    ("verb", "changed"),
    [
        ("verbs.add('beans', 'Buy beans')", ["beans", "deleted", False, True]),
        ("verbs.rename('milk', 'Buy oat milk')", ["milk", "text", "Buy oat milk", "Buy milk"]),
        ("verbs.toggle('milk', true)", ["milk", "completed", True, False]),
        ("verbs.remove('milk')", ["milk", "deleted", True, False]),
        ("verbs.edit('milk', { position: 'a5' })", ["milk", "position", "a5", "a0"]),
    ],
)
def test_m10_each_verb_has_a_way_back_and_that_one_too(run, verb, changed):
    uid, field, after, before = changed
    values, stamps = run(
        f"""
        const seen = [];
        let step = await {verb};
        for (let time = 0; time < 4; time += 1) {{
          seen.push(await get("{uid}"));
          step = await verbs.revert(step);
        }}
        return [seen.map((it) => it.{field}), seen.map((it) => it.clocks.{field})];
        """
    )
    assert values == [after, before, after, before]
    assert stamps == sorted(set(stamps))  # each is a new edit


def test_a_bulk_action_is_undone_in_one_transaction_under_one_stamp(run):
    writes, stamps = run(
        """
        const step = await verbs.toggleAll(true);
        let writes = 0;
        db.subscribe(() => (writes += 1));
        await verbs.revert(step);
        const found = await Promise.all(["milk", "bread"].map(get));
        return [writes, found.map((it) => it.completed || it.clocks.completed)];
        """
    )
    assert writes == 1
    assert len(set(stamps)) == 1


def test_what_was_changed_since_is_left_alone_field_by_field(run):
    milk, bread, left, nothing = run(
        """
        const step = [
          ...(await verbs.edit("milk", { text: "Buy oat milk", completed: true })),
          ...(await verbs.rename("bread", "Buy rye bread")),
        ];
        await elsewhere("milk", { text: "Buy soy milk" });
        const back = await verbs.revert(step);
        const left = leftAlone(step, back);
        await elsewhere("bread", { text: "Buy white bread" }, Date.now() + 2000);
        await elsewhere("milk", { completed: false }, Date.now() + 2000);
        const nothing = await verbs.revert(back);
        return [await get("milk"), await get("bread"), left, nothing];
        """
    )
    assert (milk["text"], milk["completed"]) == ("Buy soy milk", False)
    assert bread["text"] == "Buy white bread"
    assert left == 1
    assert nothing == []


def test_where_nothing_is_left_to_undo_nothing_is_written(run):
    writes = run(
        """
        const step = await verbs.rename("milk", "Buy oat milk");
        await elsewhere("milk", { text: "Buy soy milk" });
        let writes = 0;
        db.subscribe(() => (writes += 1));
        await verbs.revert(step);
        return writes;
        """
    )
    assert writes == 0


def test_a_parked_text_goes_with_a_deletion_and_comes_back_with_it(run):
    records = run(
        """
        await put(refused("milk", "Buy far too much milk"));
        const seen = [];
        let step = await verbs.remove("milk");
        for (let time = 0; time < 3; time += 1) {
          seen.push(await get("milk"));
          step = await verbs.revert(step);
        }
        return seen;
        """
    )
    deleted, back, again = records
    assert (deleted["deleted"], list(deleted["unsent"])) == (True, ["deleted"])
    assert (back["deleted"], back["text"]) == (False, "Buy far too much milk")
    assert "refused" not in back["unsent"]["text"]  # the server is asked again
    assert (again["deleted"], again["text"]) == (True, "Buy milk")


@pytest.mark.parametrize(
    ("change", "text"),
    [("{ text: 'Buy soy milk' }", "Buy soy milk"), ("{ deleted: true }", "Buy milk")],
    ids=["another text", "another deletion"],
)
def test_a_parked_text_does_not_come_back_over_what_was_done_elsewhere(run, change, text):
    milk = run(
        f"""
        await put(refused("milk", "Buy far too much milk"));
        const step = await verbs.remove("milk");
        await elsewhere("milk", {change});
        await verbs.revert(step);
        return get("milk");
        """
    )
    assert milk["text"] == text
    assert "text" not in milk["unsent"]


def test_c6_a_discarded_text_comes_back_unless_the_servers_copy_has_changed(run):
    back, later = run(
        """
        await put(refused("milk", "Buy far too much milk"));
        await verbs.revert(await verbs.discard("milk"));
        const back = await get("milk");
        await put(refused("bread", "Buy far too much bread"));
        const step = await verbs.discard("bread");
        await elsewhere("bread", { text: "Buy rye bread" });
        await verbs.revert(step);
        return [back, await get("bread")];
        """
    )
    assert (back["text"], list(back["unsent"])) == ("Buy far too much milk", ["text"])
    assert (later["text"], later["synced"]) == ("Buy rye bread", True)


def test_what_has_nothing_parked_has_nothing_to_discard(run):
    assert run("return verbs.discard('milk');") == []


def test_m3_a_todo_that_the_server_has_emptied_is_not_brought_back_empty(run):
    milk = run(
        """
        const step = await verbs.remove("milk");
        await elsewhere("milk", { text: "", completed: false, position: "" });
        await verbs.revert(step);
        return get("milk");
        """
    )
    assert milk["deleted"] is True


def test_a_store_that_has_lost_the_todo_takes_nothing_for_undone(run):
    error = run(
        """
        const step = await verbs.toggle("milk", true);
        await db.destroy();
        return verbs.revert(step).catch((error) => error.message);
        """
    )
    assert error == "the local store has no todo milk"
