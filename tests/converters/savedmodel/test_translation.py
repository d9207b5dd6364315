"""Graphs that cannot be read, each ending in one clear sentence and in nothing run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.savedmodel.read import read_saved_model
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.reference import evaluate
from tests.converters.savedmodel.foreign_models import Foreign
from tests.converters.savedmodel.hostile_graphs import UNSUPPORTED, save


@pytest.mark.parametrize("build", UNSUPPORTED, ids=lambda build: build.__name__)
def test_what_networks_cannot_express_is_named(
    build: Callable[[Any, Any], Any], tensorflow: Any, tmp_path: Path
) -> None:
    folder = save(tmp_path / "model", build, tensorflow)
    with pytest.raises(UnsupportedError, match=UNSUPPORTED[build]) as caught:
        read_saved_model(folder)
    assert caught.value.where == str(folder)


def test_a_graph_that_writes_files_writes_none(tensorflow: Any, tmp_path: Path) -> None:
    prey = tmp_path / "written by the model"

    def build(tf: Any, x: Any) -> Any:
        write = tf.raw_ops.WriteFile(filename=str(prey), contents="x")
        with tf.control_dependencies([write, tf.print("running")]):
            return tf.identity(2 * x)

    network = read_saved_model(save(tmp_path / "model", build, tensorflow)).network
    assert not prey.exists()
    assert np.allclose(evaluate(network, {"x": np.ones((2, 4))}), 2)


@pytest.mark.parametrize("shape", [None, (None, None, None, 3), (None, 0)])
def test_open_shapes_are_refused(shape: Any, tensorflow: Any, tmp_path: Path) -> None:
    folder = save(tmp_path / "model", lambda tf, x: 2 * x, tensorflow, shape)
    with pytest.raises(UnsupportedError, match="shape"):
        read_saved_model(folder)


def edited(foreign: Mapping[str, Foreign], folder: Path, edit: Callable[[Any], None]) -> Path:
    """Copy the graph of the module and edit its message."""
    from tensorflow.core.protobuf import saved_model_pb2

    content = (foreign["module"].folder / "saved_model.pb").read_bytes()
    model = saved_model_pb2.SavedModel.FromString(content)
    edit(model)
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(model.SerializeToString())
    return folder


def without_functions(model: Any) -> None:
    model.meta_graphs[0].graph_def.library.Clear()


def calling_itself(model: Any) -> None:
    for function in model.meta_graphs[0].graph_def.library.function:
        for node in function.node_def:
            if node.op == "StatefulPartitionedCall":
                node.attr["f"].func.name = function.signature.name


def with_a_loop(model: Any) -> None:
    for function in model.meta_graphs[0].graph_def.library.function:
        for node in function.node_def:
            if node.op == "Relu":
                node.input[0] = f"{node.name}:activations:0"


def with_a_gap(model: Any) -> None:
    for function in model.meta_graphs[0].graph_def.library.function:
        for node in function.node_def:
            if node.op == "Relu":
                node.input[0] = "nowhere:activations:0"


def without_results(model: Any) -> None:
    for function in model.meta_graphs[0].graph_def.library.function:
        function.ret.clear()


def with_two_nodes_of_a_name(model: Any) -> None:
    model.meta_graphs[0].graph_def.node.append(model.meta_graphs[0].graph_def.node[0])


def without_signatures(model: Any) -> None:
    model.meta_graphs[0].signature_def.clear()


def without_graphs(model: Any) -> None:
    del model.meta_graphs[:]


def for_training_twice(model: Any) -> None:
    for _ in range(2):
        model.meta_graphs.append(model.meta_graphs[0])
    for meta in model.meta_graphs:
        meta.meta_info_def.tags[:] = ["train"]


def without_restoring(model: Any) -> None:
    model.meta_graphs[0].saver_def.restore_op_name = ""


DAMAGE = {
    without_functions: "function '.*' is missing",
    calling_itself: "deep",
    with_a_loop: "loop at",
    with_a_gap: "lacks the node 'nowhere'",
    without_results: "does not make its result",
    with_two_nodes_of_a_name: "two nodes are named",
    without_signatures: "has no signature",
    without_graphs: "0 of its 0 graphs",
    for_training_twice: "0 of its 3 graphs",
    without_restoring: "does not restore variable",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_graph_that_contradicts_itself(
    damage: Callable[[Any], None], foreign: Mapping[str, Foreign], tmp_path: Path
) -> None:
    folder = edited(foreign, tmp_path / "model", damage)
    with pytest.raises(InputFileError, match=DAMAGE[damage]):
        read_saved_model(folder)
