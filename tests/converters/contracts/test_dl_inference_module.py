from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.open import open_model
from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.converters.verify import verify
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.reference import evaluate
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import LATENTS, bare, close, linear, trained


def generation(folder: Path, inputs: dict[str, float], shapes: dict[str, list[int]]) -> Any:
    """DLInference::generation: restore, fill the inputs with constants, fetch output 0."""
    tf = import_tensorflow()
    graph, definition = tf.Graph(), tf.compat.v1.GraphDef()
    definition.ParseFromString((folder / "model.pb").read_bytes())
    with graph.as_default():
        tf.import_graph_def(definition, name="")
    with tf.compat.v1.Session(graph=graph) as session:
        checkpoint = str(folder / "model.ckpt")
        session.run(
            graph.get_operation_by_name("save/restore_all"),
            {graph.get_operation_by_name("save/Const").outputs[0]: checkpoint},
        )
        feeds = {}
        for name, value in inputs.items():
            tensor = graph.get_operation_by_name(name).outputs[0]
            assert tensor.dtype == tf.float32
            feeds[tensor] = np.full(shapes[name], value, dtype=np.float32)
        extra = graph.get_operation_by_name("x_input").outputs[0]
        feeds[extra] = np.full([100, 28, 28, 1], 5, dtype=np.float32)
        return session.run(graph.get_operation_by_name("output").outputs[0], feeds)


def test_the_module_generates_from_graph_and_checkpoint(tmp_path: Path) -> None:
    generator = trained((linear(1e6),))
    path = consumers.converted(generator, "dl-inference-module", "graphdef", tmp_path / "tf1")
    assert sorted(file.name for file in path.iterdir()) == [
        "caloexport.safetensors",
        "model.ckpt.data-00000-of-00001",
        "model.ckpt.index",
        "model.ckpt.meta",
        "model.pb",
    ]
    shapes = {"z_input": [3, LATENTS], "y_input": [3, 1]}
    fractions = generation(path, {"z_input": 0.5, "y_input": 0.05}, shapes)
    expected = generator.decode(np.full((3, LATENTS), 0.5), {"energy_mev": 50_000.0})
    close(fractions * 50_000.0, expected)


def test_a_network_of_two_inputs_keeps_their_names(tmp_path: Path) -> None:
    model = bare({"noise": 5, "label": 2}, 7)
    path = consumers.converted(model, "dl-inference-module", "graphdef", tmp_path / "tf1")
    shapes = {"noise": [1, 5], "label": [1, 2]}
    found = generation(path, {"noise": -1.0, "label": 1.0}, shapes)
    inputs = {"noise": np.full((1, 5), -1.0), "label": np.ones((1, 2))}
    close(found, evaluate(model.network, inputs))


def test_the_settings_are_told() -> None:
    fitted = apply_contract(trained((linear(1e6),)), "dl-inference-module", "graphdef")
    assert any(
        "SetInputNode z_input, SetInputShape {N, 6}, SetLabelNode y_input" in note
        for note in fitted.manifest.provenance["notes"]
    )


def test_four_inputs_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="feeds an input and a label node"):
        apply_contract(bare({"z": 5, "e": 1, "a": 1, "g": 2}, 7), "dl-inference-module", "graphdef")


@pytest.mark.parametrize("file", ["model.pb", "model.ckpt.index", "caloexport.safetensors"])
def test_damaged_files_are_refused(file: str, tmp_path: Path) -> None:
    model = bare({"noise": 5, "label": 2}, 7)
    path = consumers.converted(model, "dl-inference-module", "graphdef", tmp_path / "tf1")
    assert verify(path).equal
    (path / file).write_bytes((path / file).read_bytes()[:40])
    with pytest.raises(InputFileError):
        verify(path)


def test_it_is_written_and_verified_only(tmp_path: Path) -> None:
    model = bare({"noise": 5, "label": 2}, 7)
    path = consumers.converted(model, "dl-inference-module", "graphdef", tmp_path / "tf1")
    with pytest.raises(UnsupportedError, match="'graphdef', which is written and verified only"):
        open_model(path)
