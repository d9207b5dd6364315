from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.report.graph_lanes import draw
from caloexport.runtime.network import Network, Node


def node(name: str, *reads: str) -> Node:
    if len(reads) > 1:
        return Node(name, "add", reads)
    return Node(name, "activation", reads, {"function": "tanh"})


def drawn(inputs: list[str], nodes: list[Node], output: str) -> list[str]:
    network = Network(dict.fromkeys(inputs, (2,)), nodes, [output])
    return [f"{row.lanes} {row.name}" for row in draw(network)]


def test_a_chain_stays_in_one_lane() -> None:
    assert drawn(["x"], [node("a", "x"), node("b", "a")], "b") == ["● x", "● a", "● b"]


def test_inputs_that_meet() -> None:
    assert drawn(["x", "y", "z"], [node("sum", "x", "y", "z")], "sum") == [
        "● x",
        "│ ● y",
        "│ │ ● z",
        "●─┴─┘ sum",
    ]


def test_a_shortcut_passes_by() -> None:
    nodes = [node("a", "x"), node("b", "a"), node("sum", "x", "b")]
    assert drawn(["x"], nodes, "sum") == ["● x", "├─● a", "│ ● b", "●─┘ sum"]


def test_a_line_crosses_what_it_does_not_read() -> None:
    nodes = [node("a", "x", "z"), node("sum", "a", "y")]
    assert drawn(["x", "y", "z"], nodes, "sum") == [
        "● x",
        "│ ● y",
        "│ │ ● z",
        "●─┼─┘ a",
        "●─┘ sum",
    ]


def test_what_nobody_reads_ends() -> None:
    nodes = [node("unused", "x"), node("y", "x")]
    assert drawn(["x"], nodes, "y") == ["● x", "├─● unused", "● y"]


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3), min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_every_layer_has_one_dot_and_as_many_lines_as_it_reads(reads: list[list[int]]) -> None:
    names = ["x"]
    nodes = []
    for k, places in enumerate(reads):
        nodes.append(node(f"n{k}", *dict.fromkeys(names[p % len(names)] for p in places)))
        names.append(f"n{k}")
    network = Network({"x": (2,)}, nodes, [names[-1]])
    rows = list(draw(network))
    assert [row.name for row in rows] == names
    assert all(row.lanes.count("●") == 1 for row in rows)
    assert [row.fan_out for row in rows] == [len(network.consumers(name)) for name in names]
