"""A large JSON object is read entry by entry, as `json` itself would read it at once."""

import io
import json

import pytest

from todos import json_members
from todos.json_members import NotReadable, members

CONTENT = {
    "number": 1234567,
    "float": -12.5e3,
    "text": '“é” \U0001f600 \\ " \n \ud800',
    "": None,
    "empty": [],
    "list": [1, 23, [4, [5]], {"a": {"b": []}}, "]", True],
    "object": {"list": [1]},
}
AS_READ = [
    (name, entry)
    for name, value in CONTENT.items()
    for entry in (value if isinstance(value, list) else [value])
]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("piece", [1, 2, 3, 7, 65_536])
def test_however_it_is_cut_it_is_read_the_same(monkeypatch, piece, indent):
    monkeypatch.setattr(json_members, "PIECE", piece)
    file = io.BytesIO(f" {json.dumps(CONTENT, indent=indent)}\n".encode())
    assert [*members(file)] == AS_READ
    assert [*members(file)] == AS_READ  # again, from the beginning


@pytest.mark.parametrize("piece", [1, 3, 65_536])
def test_what_json_does_not_read_is_not_read(monkeypatch, piece):
    monkeypatch.setattr(json_members, "PIECE", piece)
    content = json.dumps(CONTENT)
    for end in range(len(content)):
        with pytest.raises(NotReadable):
            list(members(io.BytesIO(content[:end].encode())))


@pytest.mark.parametrize("start", ['{"a": ["', '{"a": [[', '{"a": "'])
def test_an_entry_that_is_too_long_is_not_read_to_its_end(start):
    file = io.BytesIO(start.encode() + b"1," * 5_000_000)
    with pytest.raises(NotReadable):
        list(members(file))
    assert file.tell() < 2 * json_members.LONGEST
