from __future__ import annotations

import numpy as np

from caloexport.runtime.categories import category_columns
from caloexport.runtime.network import Network, Node
from caloexport.runtime.vectors import make_inputs
from tests.networks import dense


def look_up(name: str, source: str, column: int, categories: int) -> Node:
    return Node(
        name, "embedding", (source,), {"column": column}, {"table": np.ones((categories, 2))}
    )


def test_followed_through_layers_that_move_values() -> None:
    # the sequence (2 steps, 2 values) has its category last; permuted, it stands in row 1
    nodes = [
        Node("steps", "reshape", ("x",), {"shape": [2, 2]}),
        Node("rows", "permute", ("steps",), {"order": [1, 0]}),
        Node("row", "slice", ("rows",), {"axis": 0, "start": 1, "step": 1, "length": 1}),
        Node("columns", "reshape", ("row",), {"shape": [2, 1]}),
        look_up("y", "columns", 0, 4),
    ]
    assert category_columns(Network({"z": (3,), "x": (4,)}, nodes, ["y"])) == {4: 4, 6: 4}


def test_what_is_calculated_is_no_category() -> None:
    nodes = [dense("inner", "x", 2, 2), look_up("y", "inner", 0, 4)]
    assert category_columns(Network({"x": (2,)}, nodes, ["y"])) == {}


def test_an_embedding_passes_the_categories_beside_its_own() -> None:
    # y = x0, two values, x2: the second look-up reads x2 at column 3
    nodes = [look_up("a", "x", 1, 4), look_up("y", "a", 3, 3)]
    assert category_columns(Network({"x": (3,)}, nodes, ["y"])) == {1: 4, 2: 3}
    overwritten = [look_up("a", "x", 1, 4), look_up("y", "a", 2, 3)]
    assert category_columns(Network({"x": (3,)}, overwritten, ["y"])) == {1: 4}


def test_two_tables_for_one_input_take_the_smaller() -> None:
    nodes = [look_up("a", "x", 0, 4), look_up("b", "x", 0, 3), Node("y", "add", ("a", "b"))]
    assert category_columns(Network({"x": (1,)}, nodes, ["y"])) == {0: 3}


def test_vectors_hold_every_category() -> None:
    inputs = make_inputs(None, 3, {1: 5})
    assert set(inputs[:, 1]) == {0.0, 1.0, 2.0, 3.0, 4.0}
    assert not set(inputs[:, 0]) <= {0.0, 1.0, 2.0, 3.0, 4.0}
