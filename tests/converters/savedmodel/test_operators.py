"""Every operator against TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.savedmodel.graph_message import SavedGraph, read_graph
from caloexport.converters.savedmodel.operators import operators
from caloexport.converters.savedmodel.read import model_of
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.converters.savedmodel.foreign_models import Foreign
from tests.converters.savedmodel.operator_cases import CASES, Case

#: operators that other tests read: what TensorFlow 2 no longer writes, and what every model has
ELSEWHERE = {
    "Const", "If", "PartitionedCall", "ReadVariableOp", "ResourceGather", "StatefulPartitionedCall",
    "VarHandleOp", "VariableV2", "While",
}  # fmt: skip


@pytest.fixture(scope="module")
def graph(operator_folder: Path) -> SavedGraph:
    return read_graph(operator_folder)


@pytest.mark.parametrize(
    ("number", "case"), [*enumerate(CASES)], ids=[f"{c.operator} {c.name}".strip() for c in CASES]
)
def test_against_tensorflow(
    number: int,
    case: Case,
    graph: SavedGraph,
    tensorflow: Any,
    operator_functions: dict[str, Any],
) -> None:
    x = case.inputs(4)
    expected = operator_functions[f"case_{number}"](tensorflow.constant(x))["y"].numpy()
    network = model_of(graph, None, "model", signature=f"case_{number}").network
    found = evaluate(network, {"x": x})
    expected = expected.reshape(len(x), *network.shapes[network.outputs[0]])
    assert compare(found.reshape(len(x), -1), expected.reshape(len(x), -1), "float32").equal


def test_the_cases_hold_the_operators_that_they_name(graph: SavedGraph) -> None:
    written = {n.operator for body in graph.functions.values() for n in body.nodes.values()}
    assert {case.operator for case in CASES} <= written


def test_the_foreign_models_hold_the_others(foreign: Mapping[str, Foreign]) -> None:
    graphs = [read_graph(model.folder) for model in foreign.values()]
    bodies = [body for graph in graphs for body in (graph.main, *graph.functions.values())]
    assert {n.operator for body in bodies for n in body.nodes.values()} >= ELSEWHERE


def test_every_operator_has_a_case() -> None:
    assert {case.operator for case in CASES} | ELSEWHERE == set(operators)
