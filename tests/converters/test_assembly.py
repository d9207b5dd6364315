from __future__ import annotations

from caloexport.converters.assembly import Assembly


def test_every_name_is_given_once() -> None:
    parts = Assembly(["a/x"], "a/")
    assert parts.name("x") == "a/x'"
    assert parts.add("x", "activation", ["a/x"], {"function": "relu"}) == "a/x''"
    assert parts.part("y", "a/x", 2, 3) == "a/y"
    assert [node.name for node in parts.nodes] == ["a/x''", "a/y"]
    assert parts.nodes[1].attributes == {"axis": 0, "start": 2, "step": 1, "length": 3}
