"""What a client keeps beside its todos: the clock (S2 to S5), what the page brought (C3, R8), the
self-check (R7), and what a reply makes of it all (C4, R6), on a store that is a plain object."""

import pytest

PRELUDE = """
const { pageClock, seeIn, setBackIn } = await import("/static/js/clock.mjs");
const { takeServed } = await import("/static/js/served.mjs");
const { digestIn } = await import("/static/js/self-check.mjs");
const { fingerprint } = await import("/static/js/merge.mjs");
const { localTodos } = await import("/static/js/local-todos.mjs");
const { syncTodos } = await import("/static/js/sync.mjs");
const r = await import("/static/js/record.mjs");
const storeOf = (records = [], meta = {}) => {
  const todos = new Map(records.map((record) => [record.id, record]));
  const store = {
    todos,
    meta,
    getTodo: async (id) => todos.get(id),
    getTodos: async (ids) => ids.flatMap((id) => todos.get(id) ?? []),
    getAllTodos: async (take = (record) => record) => [...todos.values()].map(take),
    getUnsynced: async () => [...todos.values()].filter(({ unsynced }) => unsynced),
    getUnsyncedIds: async () => (await store.getUnsynced()).map(({ id }) => id),
    getLastPosition: async () => [...todos.values()].map((it) => it.position).sort().at(-1) ?? null,
    putTodo: (record) => void todos.set(record.id, record),
    putTodos: async (records) => [...records].forEach(store.putTodo),
    getMeta: async (name) => meta[name],
    putMeta: (name, value) => void (meta[name] = value),
  };
  return store;
};
const dbOf = (store) => ({ read: (work) => work(store), write: (work) => work(store) });
const device = { id: "aaaaaaaa-0000-4000-8000-000000000001", secret: "" };
const stamp = (ms, node = "b".repeat(16)) => String(ms).padStart(15, "0") + "-0000-" + node;
const clocks = (ms, ...fields) => Object.fromEntries(fields.map((field) => [field, stamp(ms)]));
const all = ["text", "completed", "position", "deleted"];
const at = (ms) => { Date.now = () => ms; };
const rest = { completed: false, position: "a0", deleted: false };
const whole = (id, text, ms) => ({ ...rest, id, text, clocks: clocks(ms, ...all) });
const look = (store, cursor, versions = [], timing = undefined) =>
  takeServed(dbOf(store), { cursor, limits: { pagesPerRequest: 3 } }, versions, timing);
"""


@pytest.fixture
def run(module_page):
    """Return a function that runs some JavaScript with these at hand; it may set the time."""
    return lambda body: module_page.evaluate(
        f"""async () => {{
            const real = Date.now;
            const script = async () => {{ {PRELUDE} {body} }};
            return script().finally(() => {{ Date.now = real; }});
        }}"""
    )


# The clock


def test_s2_two_tabs_count_on_from_each_other_in_the_same_millisecond(run):
    stamps = run(
        """
        at(1000);
        const store = storeOf();
        const tabs = [pageClock(device), pageClock(device)];
        const stamps = [];
        for (const tab of [...tabs, ...tabs]) stamps.push((await tab.readIn(store))().stamp);
        return stamps;
        """
    )
    assert [stamp[:20] for stamp in stamps] == [f"000000000001000-000{count}" for count in range(4)]


def test_s2_what_the_server_has_is_older_than_the_next_edit(run):
    seen, edit = run(
        """
        at(1000);
        const store = storeOf();
        await seeIn(store, [stamp(5), stamp(7000), stamp(6)]);
        return [stamp(7000), (await pageClock(device).readIn(store))().stamp];
        """
    )
    assert edit > seen
    assert edit.startswith("000000000007000-0001-aaaaaaaa")


CORRECTION = """
const store = storeOf();
await seeIn(store, [], { serverTime: 5000, sent: 0, received: 9000 });
const first = store.meta.clock.correction;
await seeIn(store, [], { serverTime: 90000, sent: 10000, received: 20000 });
"""


def test_s4_the_correction_is_the_servers_time_less_the_midpoint(run):
    assert run(CORRECTION + "return first;") == 500


def test_s4_a_round_trip_of_ten_seconds_corrects_nothing(run):
    assert run(CORRECTION + "return store.meta.clock.correction;") == 500


def test_s4_an_edit_is_stamped_by_the_corrected_time_and_keeps_the_devices_own(run):
    edit = run(
        """
        at(1000);
        const store = storeOf([], { clock: { correction: 234 } });
        return (await pageClock(device).readIn(store))();
        """
    )
    assert edit["stamp"].startswith("000000000001234-0000-aaaaaaaa")
    assert edit["wall"] == 1000


@pytest.mark.parametrize(("unsent", "next"), [(3000, 3000), (1500, 2000)])
def test_s5_a_clock_that_is_set_back_goes_on_from_what_was_seen_or_is_unsent(run, unsent, next):
    last = run(
        f"""
        const store = storeOf();
        await seeIn(store, [stamp(2000)]);
        store.meta.clock.last = stamp(900000);
        await setBackIn(store, [stamp(1200), stamp({unsent})]);
        return store.meta.clock.last;
        """
    )
    assert int(last[:15]) == next


def test_s5_each_tab_takes_another_node_once_the_clock_was_set_back(run):
    stays, goes = run(
        """
        at(1000);
        const store = storeOf();
        const tabs = [pageClock(device), pageClock(device)];
        const nodes = [];
        const tick = async () => {
          for (const tab of tabs) nodes.push((await tab.readIn(store))().stamp.slice(21));
        };
        await tick();
        await tick();
        await setBackIn(store, []);
        await tick();
        return [nodes.slice(0, 2).join() === nodes.slice(2, 4).join(), new Set(nodes).size];
        """
    )
    assert (stays, goes) == (True, 4)


# What the page brought


def test_s4_the_page_brings_the_servers_time(run):
    correction = run(
        """
        const store = storeOf();
        await look(store, "1", [], { serverTime: 5000, sent: 0, received: 1000 });
        return store.meta.clock.correction;
        """
    )
    assert correction == 4500


def test_c3_a_copy_that_a_page_has_replaced_is_noted_and_nothing_else(run):
    replaced, record = run(
        """
        const store = storeOf();
        await look(store, "1", [whole("milk", "Buy milk", 1)]);
        await look(store, "2", [whole("milk", "Buy milk", 1)]);
        await look(store, "3", [whole("milk", "Buy oat milk", 2)]);
        await look(store, "4", [whole("milk", "Buy soy milk", 3)]);
        return [store.meta.unconfirmed.replaced, store.todos.get("milk")];
        """
    )
    assert [copy["text"] for copy in replaced] == ["Buy milk", "Buy oat milk"]
    assert {copy["id"] for copy in replaced} == {"milk"}
    assert record["text"] == "Buy soy milk"


def test_c3_the_pages_stamps_are_seen(run):
    clock = run(
        """
        const store = storeOf();
        await look(store, "1", [whole("milk", "Buy milk", 5000)]);
        return store.meta.clock;
        """
    )
    assert clock["seen"].startswith("000000000005000-")
    assert clock["last"] == clock["seen"]


def test_r2_only_a_device_without_a_cursor_takes_the_pages(run):
    first, later = run(
        """
        const store = storeOf();
        await look(store, "1");
        const first = store.meta.cursor;
        store.meta.cursor = "from a reply";
        await look(store, "2");
        return [first, store.meta.cursor];
        """
    )
    assert (first, later) == ("1", "from a reply")


def test_r8_pages_are_named_each_once_the_oldest_first_and_at_most_the_newest(run):
    some, most = run(
        """
        const store = storeOf();
        for (const cursor of ["1", "2", "1"]) await look(store, cursor);
        const some = store.meta.unconfirmed.cursors;
        for (const cursor of ["3", "4"]) await look(store, cursor);
        return [some, store.meta.unconfirmed.cursors];
        """
    )
    assert some == ["2", "1"]
    assert most == ["1", "3", "4"]


def test_m11_a_todo_is_added_after_the_last_of_the_server_and_of_this_device(run):
    positions = run(
        """
        const store = storeOf([r.received(r.unknown("milk"), whole("milk", "Buy milk", 1))]);
        for (const [id, servedLast] of [["bread", "b05"], ["beans", "a5"]])
          await localTodos(dbOf(store), pageClock(device), servedLast, () => {}).add(id, id);
        return ["milk", "bread", "beans"].map((id) => store.todos.get(id).position);
        """
    )
    assert positions == sorted(positions)
    assert [position[:3] for position in positions[1:]] == ["b06", "b07"]


# The self-check

HOUR = 60 * 60_000
HELD = """
const version = (id, deleted) => ({ ...whole(id, "x", 1), deleted });
const held = (id, deleted = false) => r.received(r.unknown(id), version(id, deleted));
const digest = (records, meta) => digestIn(storeOf(records, { whole: true, ...meta }));
"""


def test_r7_the_digest_is_of_the_servers_copies_that_are_live(run):
    found, expected = run(
        HELD
        + """
        const edit = { stamp: stamp(9), wall: 9 };
        const records = [
          held("a"),
          r.edited(held("b"), { text: "mine" }, edit),
          r.edited(held("c"), { deleted: true }, edit),
          held("gone", true),
          r.edited(held("back", true), { deleted: false }, edit),
          r.edited(r.unknown("new"), { text: "new", deleted: false }, edit),
        ];
        const prints = ["a", "b", "c"].map((id) => fingerprint(version(id, false)));
        return [await digest(records), prints.reduce((sum, each) => sum + each)];
        """
    )
    assert found == expected % 2**32


def test_r7_it_is_a_sum_modulo_two_to_the_32(run):
    count = 40
    found, expected = run(
        HELD
        + f"""
        const ids = [...Array({count}).keys()].map(String);
        const prints = ids.map((id) => fingerprint(version(id, false)));
        return [await digest(ids.map((id) => held(id))), prints.reduce((sum, each) => sum + each)];
        """
    )
    assert expected > 2**32
    assert found == expected % 2**32


@pytest.mark.parametrize(
    ("since", "asks"),
    [(HOUR - 1, False), (HOUR, True), (1 - HOUR, False), (-HOUR, True)],
    ids=["not yet", "an hour later", "set back by less", "set back by an hour"],
)
def test_r7_it_asks_once_an_hour(run, since, asks):
    found = run(
        HELD
        + f"""
        const checkedAt = 1_790_000_000_000;
        at(checkedAt + {since});
        return typeof (await digest([held("a")], {{ checkedAt }}));
        """
    )
    assert found == ("number" if asks else "undefined")


def test_r7_it_asks_only_once_everything_was_pulled(run):
    assert run(HELD + 'return typeof (await digest([held("a")], { whole: false }));') == "undefined"


# A reply

SYNC = """
const asked = [];
const reply = { ok: true, protocol: 1, todos: [], more: false, reset: false, serverTime: 1000 };
const sync = async (store, ...answers) => {
  const real = window.fetch;
  window.fetch = async (_, { body }) => {
    const request = JSON.parse(body);
    asked.push(request);
    const results = request.todos.map(({ id }) => ({ id, status: "stored" }));
    const special = await answers.shift()?.(results);
    return Response.json({ ...reply, results, cursor: `after ${asked.length}`, ...special });
  };
  const limits = { todosPerRequest: 100, bytesPerRequest: 1_000_000 };
  const page = { account: "alice", limits };
  return syncTodos(dbOf(store), page, device).finally(() => { window.fetch = real; });
};
const reset = () => ({ reset: true, cursor: null });
const known = (id, text, ms) => r.received(r.unknown(id), whole(id, text, ms));
const edited = (values, ms) =>
  r.edited(known("milk", "Buy milk", 1), values, { stamp: stamp(ms), wall: ms });
const textsOf = ({ todos }) => todos.map(({ text }) => text);
"""


def test_c3_what_a_reply_has_confirmed_is_named_no_more(run):
    pages, noted = run(
        SYNC
        + """
        const store = storeOf([known("milk", "Buy milk", 1)]);
        await look(store, "page", [whole("milk", "Buy oat milk", 2)]);
        await sync(store);
        await sync(store);
        return [asked.map(({ pages }) => pages), store.meta.unconfirmed ?? null];
        """
    )
    assert pages == [["page"], []]
    assert noted is None


def test_c4_a_reply_is_dropped_if_a_tab_has_taken_in_a_page_meanwhile(run):
    asked, cursor = run(
        SYNC
        + """
        const store = storeOf([known("milk", "Buy milk", 1)], { cursor: "before" });
        await sync(store, async () => {
          await look(store, "page", [whole("milk", "Buy oat milk", 2)]);
        });
        return [asked, store.meta.cursor];
        """
    )
    assert [(body["cursor"], body["pages"]) for body in asked] == [
        ("before", []),
        ("before", ["page"]),
    ]
    assert cursor == "after 2"


def test_s5_what_the_server_acknowledges_was_seen(run):
    clock = run(
        SYNC
        + """
        const store = storeOf([edited({ text: "Milk" }, 700)]);
        await sync(store);
        return store.meta.clock;
        """
    )
    assert clock["seen"].startswith("000000000000700-")


def test_r6_after_a_reset_what_the_same_reply_acknowledges_is_offered_too(run):
    sent = run(
        SYNC
        + """
        const store = storeOf([edited({ deleted: true }, 2), known("bread", "Buy bread", 1)]);
        await sync(store, reset);
        return asked.map(({ todos }) => todos.map(({ id, clocks }) => [id, Object.keys(clocks)]));
        """
    )
    everything = ["completed", "deleted", "position", "text"]
    assert sent[0] == [["milk", ["deleted"]]]
    assert {id for id, clocks in sent[1] if sorted(clocks) == everything} == {"milk", "bread"}


def test_r6_a_copy_that_the_very_reply_has_replaced_is_offered_too(run):
    texts = run(
        SYNC
        + """
        const store = storeOf([edited({ text: "Milk" }, 2)]);
        await sync(store, reset);
        return asked.map(textsOf);
        """
    )
    assert texts[0] == ["Milk"]
    assert sorted(texts[1]) == ["Buy milk", "Milk"]


def test_r6_a_copy_that_a_page_has_replaced_is_offered_too_and_then_settled(run):
    texts, pages = run(
        SYNC
        + """
        const store = storeOf([known("milk", "Buy milk", 1)]);
        await look(store, "page", [whole("milk", "Buy oat milk", 2)]);
        await sync(store, reset);
        return [asked.map(textsOf), asked.map(({ pages }) => pages)];
        """
    )
    assert [sorted(each) for each in texts] == [[], ["Buy milk", "Buy oat milk"]]
    assert pages == [["page"], []]


def test_m5_good_fields_of_a_new_todo_wait_for_the_refused_one_and_are_sent_again(run):
    sent, record = run(
        SYNC
        + """
        const fresh = { ...rest, text: "Buy milk" };
        const store = storeOf([r.edited(r.unknown("milk"), fresh, { stamp: stamp(1), wall: 1 })]);
        const held = { completed: "incomplete", position: "incomplete", deleted: "incomplete" };
        const ahead = { error: "clock_ahead", message: "A little in the future." };
        await sync(store, ([result]) => {
          const errors = { ...held, text: "clock_ahead" };
          Object.assign(result, { status: "rejected", fields: all, errors, ...ahead });
        });
        await sync(store);
        return [asked.map(({ todos }) => Object.keys(todos[0].clocks)), store.todos.get("milk")];
        """
    )
    everything = ["completed", "deleted", "position", "text"]
    assert [sorted(fields) for fields in sent] == [everything, everything]
    assert record["synced"] is True


def test_m4_an_incomplete_todo_is_sent_whole_the_servers_copy_first(run):
    sent = run(
        SYNC
        + """
        const store = storeOf([edited({ text: "Milk" }, 2)]);
        await sync(store, ([result]) => void (result.status = "incomplete"));
        return asked.map(({ todos }) => todos.map((todo) => [todo.text, Object.keys(todo.clocks)]));
        """
    )
    first, second = sent
    assert first == [["Milk", ["text"]]]
    assert [text for text, _ in second] == ["Buy milk", "Milk"]
    assert len(second[0][1]) == 4
