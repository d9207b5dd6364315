from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, Mesh, MeshLayer, n_cells
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.training.heads.layer_fractions import LayerFractions, layer_edges
from caloexport.training.hidden import seeds_of

#: the second layer has one cell, the last no energy
LAYERED = LayeredMesh(
    (MeshLayer(0, (0.0, 5.0, 20.0), 4), MeshLayer(1, (0.0, 9.0), 1), MeshLayer(12, (0.0, 9.0), 3))
)
MESHES: dict[str, Mesh] = {
    "layered": LAYERED,
    "window": ATLAS_WINDOW,
    "cylinder": CylinderMesh(2, 3, 4),
    "layers in front": CylinderMesh(2, 3, 4, order=("z", "r", "phi")),
    "one layer": LayeredMesh((MeshLayer(0, (0.0, 5.0, 20.0), 4),)),
}
WIDTH = 5
pytest.importorskip("tensorflow")


def mean_of(mesh: Mesh) -> Float32:
    """Return mean fractions with a cell, and where there are several a layer, without energy."""
    mean = np.random.default_rng(0).random(n_cells(mesh))
    mean[1] = 0
    if mesh.n_layers > 1:
        mean[mesh.indices()["z"] == mesh.n_layers - 1] = 0
    return (0.2 * mean / mean.sum()).astype(np.float32)


def decoder(head: LayerFractions, mesh: Mesh) -> Any:
    import keras

    x = keras.Input((WIDTH,))
    model = keras.Model(x, head.build(x, mesh, seeds_of(3)))
    head.start(model, mesh, mean_of(mesh))
    return model


def outputs(model: Any, size: float = 1.0, n: int = 64) -> Float32:
    x = size * np.random.default_rng(1).standard_normal((n, WIDTH))
    return np.asarray(model(x.astype(np.float32)))


@pytest.mark.parametrize(("total", "sparse"), [("sigmoid", 0.0), ("softplus", 0.7)])
@pytest.mark.parametrize("name", MESHES)
def test_the_cells_add_up_to_the_total_whatever_comes_in(
    name: str, total: str, sparse: float
) -> None:
    mesh, head = MESHES[name], LayerFractions(total, total_scale=0.5, sparse=sparse)
    model = decoder(head, mesh)
    y = np.concatenate([outputs(model, size) for size in (1.0, 1e4, 1e30)])
    cells, layer = n_cells(mesh), mesh.indices()["z"]
    in_layers = np.stack([y[:, :cells][:, layer == i].sum(axis=1) for i in range(mesh.n_layers)])
    np.testing.assert_allclose(in_layers, 1, rtol=1e-6)
    np.testing.assert_allclose(y[:, cells + 1 :].sum(axis=1), 1, rtol=1e-6)
    incident = np.full(len(y), 8000.0)
    mev = head.output_map(0.0).energies(y.copy(), incident, mesh)
    np.testing.assert_allclose(mev.sum(axis=1), y[:, cells] * 0.5 * 8000, rtol=2e-6)
    np.testing.assert_allclose(
        np.asarray(head.fractions(y, mesh, head.scale(mean_of(mesh)))) * 8000, mev, rtol=1e-6
    )


def test_a_sparse_output_leaves_cells_and_layers_empty() -> None:
    mesh = MESHES["window"]
    filled = {}
    for sparse in (0.0, 0.7):
        head = LayerFractions(sparse=sparse)
        y = outputs(decoder(head, mesh), 3.0)
        cells = np.asarray(head.fractions(y, mesh, head.scale(mean_of(mesh))))
        filled[sparse] = (cells[:, mean_of(mesh) > 0] > 0).mean()
        shares = y[:, -mesh.n_layers : -1]
        assert (shares == 0).any() == (sparse > 0)
    assert filled[0.0] == 1
    assert 0.1 < filled[0.7] < 0.7


@pytest.mark.parametrize("sparse", [0.0, 0.7])
@pytest.mark.parametrize("name", ["layered", "cylinder", "layers in front"])
def test_a_layer_that_is_empty_in_all_training_showers_stays_empty(
    name: str, sparse: float
) -> None:
    import tensorflow as tf

    mesh, head = MESHES[name], LayerFractions(joint_slope=0.3, sparse=sparse)
    model = decoder(head, mesh)
    last = mesh.indices()["z"] == mesh.n_layers - 1
    for size in (1.0, 1e3):
        y = outputs(model, size)
        assert (y[:, -1] == 0).all()
        assert (np.asarray(head.fractions(y, mesh, head.scale(mean_of(mesh))))[:, last] == 0).all()
    x = tf.random.stateless_normal((8, WIDTH), (1, 2))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(head.fractions(model(x), mesh, mean_of(mesh)) ** 2)
    shares = model.get_layer("shares")
    kernel, bias = tape.gradient(loss, [shares.kernel.value, shares.bias.value])
    assert (kernel.numpy()[:, -1] == 0).all()
    assert bias.numpy()[-1] == 0
    assert (bias.numpy()[:-1] != 0).all()


@pytest.mark.parametrize("name", MESHES)
@pytest.mark.parametrize(("total", "sparse"), [("sigmoid", 0.7), ("softplus", 0.0)])
def test_training_starts_from_the_mean_shower(name: str, total: str, sparse: float) -> None:
    mesh, head = MESHES[name], LayerFractions(total, total_scale=6.0, sparse=sparse)
    mean = mean_of(mesh)
    model = decoder(head, mesh)
    y = np.asarray(model(np.zeros((1, WIDTH), np.float32)))
    (found,) = np.asarray(head.fractions(y, mesh, head.scale(mean)))
    filled = mean > 0
    np.testing.assert_allclose(found[filled], mean[filled], rtol=1e-3)
    assert (found[~filled] < 0.01 * mean[filled].min()).all()


def test_the_gradient_goes_through_the_product() -> None:
    import tensorflow as tf

    mesh, head = LAYERED, LayerFractions(total_scale=2.0)
    y = tf.Variable(outputs(decoder(head, mesh), n=3))
    weights = np.random.default_rng(2).random(n_cells(mesh)).astype(np.float32)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(weights * head.fractions(y, mesh, weights))
    gradient = tape.gradient(loss, y).numpy()
    cells, layer = n_cells(mesh), mesh.indices()["z"]
    within, totals, shares = np.split(y.numpy(), [cells, cells + 1], axis=1)
    np.testing.assert_allclose(
        gradient[:, :cells], weights * shares[:, layer] * totals * 2, rtol=1e-5
    )
    np.testing.assert_allclose(
        gradient[:, cells], 2 * (weights * within * shares[:, layer]).sum(axis=1), rtol=1e-5
    )


def test_what_is_decomposed_multiplies_out_to_the_same_shower() -> None:
    random = np.random.default_rng(5)
    cells = random.random((20, n_cells(LAYERED))).astype(np.float32) / 20
    cells[random.random(cells.shape) < 0.7] = 0  # many empty layers
    cells[3] = 0
    head = LayerFractions(total_scale=6.0)
    targets, exists = (part.numpy() for part in head.targets(cells, LAYERED, np.ones(1)))
    mev = head.output_map(0.0).energies(targets.copy(), np.full(20, 500.0), LAYERED)
    np.testing.assert_allclose(mev, 500 * cells, rtol=1e-5, atol=1e-12)
    layer = LAYERED.indices()["z"]
    empty = np.stack([cells[:, layer == i].sum(axis=1) == 0 for i in range(3)], axis=1)
    assert empty.any(axis=0).all()
    np.testing.assert_array_equal(exists[:, : len(layer)], ~empty[:, layer])
    assert (exists[:, len(layer)] == 1).all()
    np.testing.assert_array_equal(exists[:, -3:], np.repeat(~empty.all(axis=1)[:, None], 3, 1))
    assert np.isfinite(targets).all()
    assert (targets[exists == 0] == 0).all()


def test_layers_that_lie_between_each_other_have_no_edges() -> None:
    assert layer_edges(LAYERED) == [0, 8, 9, 12]
    assert layer_edges(MESHES["cylinder"]) is None


def test_showers_beyond_the_total_are_refused() -> None:
    with pytest.raises(UsageError, match=r"hold 0.2 of E_inc on average, .* from 0 to 0.1"):
        decoder(LayerFractions(total_scale=0.1), LAYERED)


def test_wrong_settings_are_named() -> None:
    with pytest.raises(UnknownName, match="did you mean 'softplus'"):
        LayerFractions(total="softplis")
    with pytest.raises(UsageError, match="total_scale"):
        LayerFractions(total_scale=0.0)
    with pytest.raises(UsageError, match="joint_slope"):
        LayerFractions(joint_slope=-1.0)
    with pytest.raises(UsageError, match="sparse"):
        LayerFractions(sparse=1.0)
