"""What Hypothesis makes up: stamps, values and versions that collide as often as they can."""

from hypothesis import strategies as st

from todos import hlc, position

NODES = ["000000000000000a", "000000000000000b", "ffffffffffffffff"]

stamps = st.builds(
    hlc.pack,
    st.integers(1, 3) | st.integers(0, hlc.MAX_MS),
    st.integers(0, 2),
    st.sampled_from(NODES),
)
texts = st.text("ab~é\uff5e\U0001f600", max_size=4)
values = {
    "text": texts,
    "completed": st.booleans(),
    "position": st.from_regex(position.KEY, fullmatch=True),
    "deleted": st.booleans(),
}


@st.composite
def versions(draw):
    """Some fields of a todo, each with a stamp."""
    fields = draw(st.sets(st.sampled_from(sorted(values))))
    clocks = {field: draw(stamps) for field in sorted(fields)}
    return {**{field: draw(values[field]) for field in sorted(fields)}, "clocks": clocks}
