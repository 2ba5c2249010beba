"""What is written while a transaction is under way shares the next one; each write is all or
nothing by itself, and what is asked after it sees it."""

import pytest

PRELUDE = """
const { deleteDatabase, openDatabase, databaseOf } = await import("/static/js/browserDB.mjs");
const { edited, unknown } = await import("/static/js/record.mjs");
const account = crypto.randomUUID();
const db = await openDatabase(account);
const begun = [];
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  if (this.name === databaseOf(account)) begun.push([mode, options?.durability]);
  return begin.call(this, stores, mode, options);
};
const stamp = "000001700000000-0000-" + "a".repeat(16);
const todo = (id) => edited(unknown(id), { text: id }, { stamp, wall: 0 });
const put = (...ids) => db.write(async (store) => ids.map((id) => (store.putTodo(todo(id)), id)));
const ids = () => db.read(async (store) => (await store.getAllTodos()).map(({ id }) => id));
const told = [];
db.subscribe((changed) => told.push(changed.map(({ id }) => id)));
"""


@pytest.fixture
def run(module_page):
    """Return a function that runs some JavaScript with a new store at hand."""

    def run(body):
        return module_page.evaluate(
            f"""async () => {{
                {PRELUDE}
                try {{ {body} }} finally {{
                    IDBDatabase.prototype.transaction = begin;
                    await db.close();
                    await deleteDatabase(databaseOf(account));
                }}
            }}"""
        )

    return run


def test_what_is_written_meanwhile_shares_one_strict_transaction(run):
    found = run(
        """
        const results = await Promise.all(["a", "b", "c", "d"].map((id) => put(id)));
        return { results, told, begun: [...begun], ids: await ids() };
        """
    )
    assert found["begun"] == [["readwrite", "strict"]] * 2
    assert found["told"] == [["a"], ["b", "c", "d"]]
    assert found["results"] == [["a"], ["b"], ["c"], ["d"]]
    assert found["ids"] == ["a", "b", "c", "d"]


def test_who_fails_takes_nobody_along_and_leaves_nothing(run):
    found = run(
        """
        const wrong = () => db.write(async (store) => {
          store.putTodo(todo("half"));
          await store.getTodo("half");
          throw new Error("wrong");
        });
        const all = await Promise.allSettled([put("a"), put("b"), wrong(), put("c")]);
        const ends = all.map(({ status, reason }) => reason?.message ?? status);
        return { ends, told, ids: await ids() };
        """
    )
    assert found["ends"] == ["fulfilled", "fulfilled", "wrong", "fulfilled"]
    assert found["ids"] == ["a", "b", "c"]
    assert found["told"] == [["a"], ["b"], ["c"]]


def test_a_read_sees_all_that_was_asked_for_before(run):
    assert run("put('a'); put('b'); put('c'); return await ids();") == ["a", "b", "c"]


def test_a_write_sees_what_shares_its_transaction(run):
    seen = run(
        """
        const count = () => db.write(async (store) => (await store.getAllTodos()).length);
        const all = [put("a"), put("b"), count(), put("c"), count()];
        return (await Promise.all(all)).filter(Number.isInteger);
        """
    )
    assert seen == [2, 3]


def test_what_was_asked_for_is_kept_before_the_store_is_given_up(run):
    ends = run(
        """
        const writes = [put("a"), put("b"), put("c")];
        await db.destroy();
        return (await Promise.allSettled(writes)).map(({ status }) => status);
        """
    )
    assert ends == ["fulfilled"] * 3


def test_a_listener_that_fails_holds_no_write_up(run):
    found = run(
        """
        const report = window.reportError;
        const reported = [];
        window.reportError = (error) => reported.push(error.message);
        db.subscribe(() => { throw new Error("cannot draw"); });
        await Promise.all([put("a"), put("b")]);
        await put("c");
        window.reportError = report;
        return { reported, ids: await ids() };
        """
    )
    assert found["ids"] == ["a", "b", "c"]
    assert found["reported"] == ["cannot draw"] * 3


@pytest.mark.parametrize("others", [0, 1_000])
@pytest.mark.parametrize("wanted", [3, 60])
def test_todos_are_found_among_others_however_many(run, wanted, others):
    """Many are read by one request, unless too many others stand between them."""
    found = run(
        f"""
        const name = (number) => "todo " + String(number).padStart(5, "0");
        const step = 1 + Math.ceil({others} / {wanted});
        const asked = Array.from({{ length: {wanted} }}, (_, at) => name(at * step));
        const others = Array.from({{ length: {others} }}, (_, at) => name(at) + "+");
        await put(...asked.slice(1), ...others);
        const found = await db.read((store) => store.getTodos(asked));
        return [asked.slice(1), found.map(({{ id }}) => id)];
        """
    )
    assert len(found[0]) == wanted - 1
    assert found[0] == found[1]
