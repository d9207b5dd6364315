from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.reference import evaluate
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import (
    ENERGY,
    VOXELS,
    bare,
    close,
    latents,
    linear,
    log_ratio,
    trained,
)

ENERGY_MEV, ETA, N_VOXELS, N_LAYERS = 65_536.0, 0.2, n_cells(VOXELS), VOXELS.n_layers


def fed(z: np.ndarray) -> consumers.Inputs:
    """TFCSMLCalorimeterSimulator::predictVoxels for one event."""
    return {
        "inn_eta_in": {"variable_0": abs(-ETA) * 10},
        "inn_einc_in": {"variable_0": ENERGY_MEV},
        "cfm_z_shape": consumers.numbered(z[:, :N_VOXELS]),
        "inn_z_energy": consumers.numbered(z[:, N_VOXELS:]),
    }


@pytest.mark.parametrize(
    "output",
    [
        OutputMap("absolute", {"unit_mev": 1000.0}),
        OutputMap("fraction_of_incident", {}),
        OutputMap("layer_fractions", {"total_scale": 1.5}),
    ],
    ids=lambda output: output.kind,
)
def test_fastcalosim_reads_mev_of_any_output(output: OutputMap, tmp_path: Path) -> None:
    """Fractions are multiplied by the energy inside the file, GeV by a thousand."""
    terms = (linear(1e6), linear(1.0, "eta"))
    size = N_VOXELS + (1 + N_LAYERS if output.kind == "layer_fractions" else 0)
    conditions = (ENERGY, Condition("eta", 0.0, 1.0))
    generator = trained(
        terms, VOXELS, NoiseLaw(8), output=output, conditions=conditions, outputs=size
    )
    path = consumers.converted(generator, "fastcalosim-binned-flow", "onnx", tmp_path / "a.onnx")
    z = latents(NoiseLaw(N_VOXELS + N_LAYERS))
    outputs = consumers.fastcalosim_onnx(path, fed(z))
    found = np.array([outputs[str(k)] for k in range(N_VOXELS)])
    expected = generator.decode(z[:, :8], {"energy_mev": ENERGY_MEV, "eta": ETA})
    close(found, expected)


def test_a_network_with_the_four_inputs_is_taken_as_it_is(tmp_path: Path) -> None:
    sizes = {"inn_eta_in": 1, "inn_einc_in": 1, "cfm_z_shape": 17, "inn_z_energy": 2}
    model = bare(sizes, 17)
    path = consumers.converted(model, "fastcalosim-binned-flow", "onnx", tmp_path / "a.onnx")
    inputs = fed(latents(NoiseLaw(19)))
    outputs = consumers.fastcalosim_onnx(path, inputs)
    arrays = {name: np.array([list(values.values())]) for name, values in inputs.items()}
    close(np.array([outputs[str(k)] for k in range(17)]), evaluate(model.network, arrays))


def test_a_log_energy_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="feeds 'energy_mev' as linear"):
        apply_contract(trained((log_ratio(),)), "fastcalosim-binned-flow", "onnx")
