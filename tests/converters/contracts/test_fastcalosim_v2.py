from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.contracts import OneOf, contracts
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.runtime.errors import UnknownName, UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import LayeredMesh, MeshLayer
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from caloexport.runtime.reference import evaluate
from tests.converters.contracts import consumers
from tests.converters.contracts.generators import (
    LATENTS,
    VOXELS,
    bare,
    body,
    close,
    latents,
    linear,
    log_ratio,
    trained,
)

ENERGY_MEV, MASS = 50_000.0, 0.51099895
CONSUMER = NoiseLaw(LATENTS, "normal", 0.5, 0.5)
CHOICES = {"window": "11_High12"}


def fed(z: np.ndarray, energy_mev: float, version: int = 2) -> consumers.Inputs:
    """TFCSGANEtaSlice::GetNetworkOutputs, an electron above 4096 MeV."""
    low, high = (math.sqrt((2.0**n) ** 2 + MASS**2) - MASS for n in (12, 22))
    conditions = {"variable_0": math.log(energy_mev / low) / math.log(high / low)}
    if version >= 2:
        conditions["variable_1"] = 0.0
    return {"Noise": consumers.numbered(z), "mycond": conditions}


def voxels(outputs: dict[str, float]) -> dict[tuple[int, int, int], float]:
    """TFCSEnergyAndHitGANV2: layer by layer, r outside, alpha inside."""
    found, number = {}, 0
    for layer in sorted(VOXELS.layers, key=lambda one: one.id):
        if layer.n_r <= 1:
            continue
        for r in range(layer.n_r):
            for alpha in range(layer.n_phi):
                found[layer.id, r, alpha] = outputs[str(number)] * ENERGY_MEV
                number += 1
    assert number == len(outputs)
    return found


def expected_voxels(generator: Generator, z: np.ndarray) -> dict[tuple[int, int, int], float]:
    assert generator.sampling is not None
    mesh = generator.sampling.mesh
    (cells,) = generator.decode(z, {"energy_mev": ENERGY_MEV})
    index, ids = mesh.indices(), [layer.id for layer in VOXELS.layers]
    half = {layer.id: layer.n_phi // 2 for layer in VOXELS.layers}
    turned = mesh.phi_origin_rad == 0.0  # its first bin is the consumer's middle one
    names = []
    for z_, r, phi in zip(index["z"], index["r"], index["phi"], strict=True):
        n_phi = VOXELS.layers[z_].n_phi
        names.append((ids[z_], int(r), int((phi + half[ids[z_]] * turned) % n_phi)))
    return dict(zip(names, cells.tolist(), strict=True))


@pytest.mark.parametrize("target", ["onnx", "lwtnn"])
@pytest.mark.parametrize("order", [("z", "phi", "r"), ("z", "r", "phi")], ids="-".join)
@pytest.mark.parametrize("version", [1, 2])
def test_fastcalosim_reads_the_voxels_of_the_generator(
    target: str, order: tuple[str, ...], version: int, tmp_path: Path
) -> None:
    """A model of N(0, 1) latents, other ends of the label and another order of voxels."""
    generator = trained((log_ratio(),), VOXELS.in_order(order))
    path = tmp_path / f"neural_net_11_eta_20_25_High12.{'onnx' if target == 'onnx' else 'json'}"
    consumers.converted(generator, "fastcalosim-v2", target, path, choices=CHOICES)
    play = consumers.fastcalosim_onnx if target == "onnx" else consumers.fastcalosim_lwtnn
    z = latents(CONSUMER)
    found = voxels(play(path, fed(z, ENERGY_MEV, version)))
    expected = expected_voxels(generator, (z - 0.5) / 0.5)
    assert found.keys() == expected.keys()
    close(np.array([found[key] for key in expected]), np.array(list(expected.values())))


def test_a_layer_that_starts_at_zero_azimuth_is_turned_by_half() -> None:
    layers = (MeshLayer(0, (0.0, 5.0, 20.0), 4), MeshLayer(2, (0.0, 2.0, 30.0), 2))
    generator = trained((log_ratio(),), LayeredMesh(layers, ("z", "r", "phi"), 0.0))
    fitted = apply_contract(generator, "fastcalosim-v2", "lwtnn", choices=CHOICES)
    z = latents(NoiseLaw(LATENTS))
    ours = generator.decode(z, {"energy_mev": ENERGY_MEV})[0]
    theirs = fitted.decode(z * 0.5 + 0.5, {"energy_mev": ENERGY_MEV})[0]
    close(theirs[:4], np.roll(ours[:4], 2))
    close(theirs[8:10], np.roll(ours[8:10], 1))


def test_names_of_the_files(tmp_path: Path) -> None:
    model = bare({"Noise": LATENTS, "mycond": 2}, 17)
    path = consumers.converted(model, "fastcalosim-v2", "lwtnn", tmp_path / "a.json")
    data = json.loads(path.read_text())
    assert [node["name"] for node in data["inputs"]] == ["node_0", "node_1"]
    variables = [[v["name"] for v in node["variables"]] for node in data["inputs"]]
    assert variables == [[f"variable_{k}" for k in range(LATENTS)], ["variable_0"]]
    (output,) = data["outputs"].values()
    assert output["labels"] == [f"out_{k}" for k in range(17)]
    assert data["caloexport"]["contract"] == "fastcalosim-v2"
    assert "LWTNN 2.8 or later" in data["caloexport"]["readers"]
    path = consumers.converted(model, "fastcalosim-v2", "onnx", tmp_path / "a.onnx")
    inputs = {port.name: port.shape[1:] for port in consumers.session(path).get_inputs()}
    assert inputs == {"Noise": [LATENTS], "mycond": [2]}


@pytest.mark.parametrize("conditions", [1, 2, 3])
@pytest.mark.parametrize("target", ["onnx", "lwtnn"])
def test_a_keras_file_of_the_training_code_is_taken_as_it_is(
    conditions: int, target: str, tmp_path: Path
) -> None:
    """Inputs Noise and mycond; of two or three columns those behind the first are fed 0."""
    model = bare({"Noise": LATENTS, "mycond": conditions}, 17)
    path = consumers.converted(model, "fastcalosim-v2", target, tmp_path / "a.json")
    play = consumers.fastcalosim_onnx if target == "onnx" else consumers.fastcalosim_lwtnn
    z = latents(CONSUMER)
    inputs = fed(z, ENERGY_MEV)
    label = np.zeros((1, conditions))
    label[0, 0] = inputs["mycond"]["variable_0"]
    outputs = play(path, inputs)
    found = np.array([outputs[str(k)] for k in range(17)])
    close(found, evaluate(model.network, {"Noise": z, "mycond": label}))


def test_a_narrow_tensor_would_be_heap_corruption() -> None:
    """TFCSONNXHandler writes variable_1 into a tensor of one element: so ours has two."""
    fitted = apply_contract(bare({"Noise": 6, "mycond": 1}, 17), "fastcalosim-v2", "onnx")
    assert list(fitted.network.inputs.values()) == [(6,), (2,)]


def energy_label() -> OneOf:
    feeds = contracts["fastcalosim-v2"].forms["onnx"].feeds
    assert feeds is not None
    slot = feeds[1].slots[0]
    assert isinstance(slot, OneOf)
    return slot


def test_the_window_is_found_or_asked_for() -> None:
    slot = energy_label()
    own = slot.terms["211_All"]
    fitted = apply_contract(trained((own,)), "fastcalosim-v2", "onnx")
    assert fitted.sampling is not None
    assert fitted.sampling.encoding.terms[0] == own
    with pytest.raises(UsageError, match=r"needs to know the window \(--choose window=NAME"):
        apply_contract(trained((log_ratio(),)), "fastcalosim-v2", "onnx")
    with pytest.raises(UnknownName, match="unknown window '11_High'"):
        apply_contract(
            trained((log_ratio(),)), "fastcalosim-v2", "onnx", choices={"window": "11_High"}
        )


def test_windows_are_kinetic_energies_of_the_particle() -> None:
    slot = energy_label()
    low = {name: term.parameters["low"] for name, term in slot.terms.items()}
    assert low["22_UltraLow12"] == 64.0
    assert low["2212_High10"] == pytest.approx(math.sqrt(1024**2 + 938.27208816**2) - 938.27208816)


@pytest.mark.parametrize(
    ("mesh", "text"),
    [
        (LayeredMesh((MeshLayer(0, (0.0, 5.0, 9.0), 4), MeshLayer(1, (0.0, 9.0), 4))), "skips"),
        (LayeredMesh((MeshLayer(0, (0.0, 5.0, 9.0), 32),)), "FastCaloSim reads 4 between 0 and 5"),
    ],
)
def test_layers_that_fastcalosim_counts_otherwise(mesh: LayeredMesh, text: str) -> None:
    with pytest.raises(UnsupportedError, match=text):
        apply_contract(trained((log_ratio(),), mesh), "fastcalosim-v2", "onnx", choices=CHOICES)


def test_a_single_output_would_lose_its_number() -> None:
    assert consumers.without_prefix({"out_0": 1.0}) == {"": 1.0}
    with pytest.raises(UnsupportedError, match="reads 2 outputs at least"):
        apply_contract(bare({"Noise": 6, "mycond": 1}, 1), "fastcalosim-v2", "onnx")


def test_padded_labels_would_lose_zeros() -> None:
    assert set(consumers.without_prefix({"out_00": 0.0, "out_01": 1.0})) == {"0", "1"}
    assert set(consumers.without_prefix({f"out_{k}": 0.0 for k in range(12)})) == set(
        map(str, range(12))
    )


def test_a_linear_label_cannot_be_absorbed() -> None:
    with pytest.raises(UnsupportedError, match=r"as log_ratio.*trained with linear"):
        apply_contract(trained((linear(1e6),)), "fastcalosim-v2", "lwtnn", choices=CHOICES)


def test_residual_networks_need_a_newer_lwtnn_than_atlas_has() -> None:
    nodes = body("x", LATENTS + 1, 17)
    shortcut = Node("sum", "add", ("hidden", "leaky"))
    last = nodes[-2]
    moved = Node("cells", "dense", ("sum",), {}, last.weights)
    network = Network(
        {"x": (LATENTS + 1,)}, [*nodes[:2], shortcut, moved, nodes[-1]], ["fractions"]
    )
    model = Generator.from_network(network)
    choices = {"latents": str(LATENTS)}
    with pytest.raises(UnsupportedError, match=r"read with LWTNN up to 2\.13"):
        apply_contract(model, "fastcalosim-v2", "lwtnn", choices=choices)
    assert apply_contract(model, "fastcalosim-v2", "onnx", choices=choices).n_in == LATENTS + 2


def test_layer_fractions_are_multiplied_out_where_the_format_multiplies(tmp_path: Path) -> None:
    output = OutputMap("layer_fractions", {"total_scale": 1.5})
    generator = trained((energy_label().terms["11_High12"],), output=output, outputs=17 + 1 + 2)
    path = consumers.converted(generator, "fastcalosim-v2", "onnx", tmp_path / "a.onnx")
    z = latents(CONSUMER)
    found = voxels(consumers.fastcalosim_onnx(path, fed(z, ENERGY_MEV)))
    expected = expected_voxels(generator, (z - 0.5) / 0.5)
    close(np.array([found[key] for key in expected]), np.array(list(expected.values())))
    with pytest.raises(UnsupportedError, match="LWTNN"):
        consumers.converted(generator, "fastcalosim-v2", "lwtnn", tmp_path / "a.json")


@pytest.mark.parametrize("batch", ["1", "4"])
def test_doubles_and_a_fixed_batch(batch: str, tmp_path: Path) -> None:
    """TFCSONNXHandler takes double in and out, too, and a batch that is written down."""
    choices = {"dtype": "float64", "batch": batch}
    model = bare({"Noise": LATENTS, "mycond": 2}, 17)
    path = consumers.converted(
        model, "fastcalosim-v2", "onnx", tmp_path / "a.onnx", choices=choices
    )
    ports = consumers.session(path).get_inputs()
    assert [(p.name, p.type, p.shape) for p in ports] == [
        ("Noise", "tensor(double)", [int(batch), LATENTS]),
        ("mycond", "tensor(double)", [int(batch), 2]),
    ]


def test_another_law_of_a_keras_file_is_told_and_absorbed() -> None:
    model = bare({"Noise": LATENTS, "mycond": 1}, 17)
    fitted = apply_contract(model, "fastcalosim-v2", "lwtnn", choices={"noise": "N(0, 1)"})
    z, label = latents(CONSUMER), [[0.4]]
    found = evaluate(fitted.network, dict(zip(fitted.network.inputs, (z, label), strict=True)))
    close(found, evaluate(model.network, {"Noise": (z - 0.5) / 0.5, "mycond": label}))
    with pytest.raises(UnsupportedError, match="trained with uniform ones"):
        apply_contract(model, "fastcalosim-v2", "lwtnn", choices={"noise": "U(0,1)"})
    with pytest.raises(UsageError, match=r"not of the form N\(0,1\)"):
        apply_contract(model, "fastcalosim-v2", "lwtnn", choices={"noise": "gauss"})


def test_an_lwtnn_file_of_the_experiment_becomes_an_onnx_file(tmp_path: Path) -> None:
    """What kerasfunc2json wrote: node_0, node_1, no word about what they mean."""
    model = bare({"Noise": LATENTS, "mycond": 3}, 17)
    written = export(model, "lwtnn", tmp_path / "ours.json").path
    data = json.loads(written.read_text())
    del data["caloexport"]
    old = tmp_path / "old.json"
    old.write_text(json.dumps(data))
    path = consumers.converted(open_model(old), "fastcalosim-v2", "onnx", tmp_path / "new.onnx")
    z = latents(CONSUMER)
    outputs = consumers.fastcalosim_onnx(path, fed(z, ENERGY_MEV))
    label = [[fed(z, ENERGY_MEV)["mycond"]["variable_0"], 0.0, 0.0]]
    expected = evaluate(model.network, {"Noise": z, "mycond": np.array(label)})
    close(np.array([outputs[str(k)] for k in range(17)]), expected)


def test_numbers_that_it_does_not_take() -> None:
    model = bare({"Noise": LATENTS, "mycond": 2}, 17)
    with pytest.raises(UnknownName, match="known: float32, float64"):
        apply_contract(model, "fastcalosim-v2", "onnx", choices={"dtype": "float16"})
    with pytest.raises(UsageError, match="leaves no choice 'dtype'"):
        apply_contract(model, "fastcalosim-v2", "lwtnn", choices={"dtype": "float64"})
    with pytest.raises(UsageError, match="not a whole number above zero"):
        apply_contract(model, "fastcalosim-v2", "onnx", choices={"batch": "0"})


def test_where_the_latents_end_must_be_known() -> None:
    with pytest.raises(UnsupportedError, match="--choose latents=N"):
        apply_contract(bare({"x": 52}, 17), "fastcalosim-v2", "onnx")
