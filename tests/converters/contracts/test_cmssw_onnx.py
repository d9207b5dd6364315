from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.runtime.reference import evaluate
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import VOXELS, bare, close, log_ratio, trained


def cmssw(path: Path, inputs: dict[str, np.ndarray], batch: int) -> np.ndarray:
    """ONNXRuntime::run: vectors by name, the first axis is the batch, outputs come back flat."""
    model, feeds = consumers.session(path), {}
    for port in model.get_inputs():
        assert port.type == "tensor(float)"
        shape = [batch, *port.shape[1:]]
        values = np.asarray(inputs[port.name], dtype=np.float32).ravel()
        assert values.size == np.prod(shape)
        feeds[port.name] = values.reshape(shape)
    return np.ravel(model.run([port.name for port in model.get_outputs()], feeds)[0])


def test_cmssw_runs_batches_under_the_published_names(tmp_path: Path) -> None:
    model = bare({"noise": 5, "energy": 1}, 7)
    path = consumers.converted(model, "cmssw-onnx", "onnx", tmp_path / "a.onnx")
    rng = np.random.default_rng(1)
    inputs = {"noise": rng.normal(size=(3, 5)), "energy": rng.uniform(size=(3, 1))}
    close(cmssw(path, inputs, 3), evaluate(model.network, inputs))


def test_the_notes_publish_names_and_meaning() -> None:
    from caloexport.converters.contract import apply_contract

    fitted = apply_contract(trained((log_ratio(),), VOXELS), "cmssw-onnx", "onnx")
    notes = " ".join(fitted.manifest.provenance["notes"])
    assert "inputs 'x' [batch, 7]; columns of all together: 0 to 5 latents N(0, 1)" in notes
    assert "6 energy_mev (log_ratio)" in notes
    assert "output 'output', 17 values, fraction_of_incident" in notes
