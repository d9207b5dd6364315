from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.converters.physics.network import PhysicsNetwork, physics_inputs, physics_network
from caloexport.converters.physics.outputs import output_spellings
from caloexport.converters.physics.terms import term_spellings
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Affine, Term, TermKind, encodings
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.output_maps import output_maps
from caloexport.runtime.reference import evaluate
from tests.converters.physics.generators import (
    CENTRED,
    CODES,
    GENERATORS,
    LINEAR,
    generator,
    whole_range,
)
from tests.networks import decoder


def physics_of(model: Generator) -> PhysicsNetwork:
    assert model.sampling is not None
    return physics_network(model.network, model.sampling)


def showers(
    model: Generator, latents: np.ndarray, conditions: dict[str, np.ndarray], dtype: type
) -> np.ndarray:
    """Evaluate the physics network, fed as a caller of the signature would."""
    assert model.sampling is not None
    fed = [latents] if latents.shape[1] else []
    for condition in model.sampling.conditions:
        values = conditions[condition.name]
        if condition.categories:
            values = np.array([condition.categories.index(str(value)) for value in values])
        fed.append(values.astype(np.float32)[:, None])
    network = physics_of(model).network
    return evaluate(network, dict(zip(network.inputs, fed, strict=True)), dtype)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_network_gives_what_sampling_gives_over_the_whole_range(name: str) -> None:
    model = GENERATORS[name]
    assert model.sampling is not None
    conditions = whole_range(model)
    latents = model.sampling.noise.draw(64, seed=4)
    found = showers(model, latents, conditions, np.float32)
    expected = model.using("numpy").decode(latents, conditions)
    assert found.shape == expected.shape == (64, *model.sampling.mesh.shape)
    assert expected.max() > 0
    scale = expected.reshape(64, -1).max(axis=1).reshape(64, *[1] * (expected.ndim - 1))
    assert (np.abs(found - expected) / scale).max() < 2e-6


def test_the_generators_use_every_kind() -> None:
    samplings = [model.sampling for model in GENERATORS.values() if model.sampling is not None]
    terms = {term.kind for sampling in samplings for term in sampling.encoding.terms}
    assert terms == set(encodings.names())
    assert {sampling.output.kind for sampling in samplings} == set(output_maps.names())
    assert set(term_spellings.names()) == {"one_hot", "constant"}
    assert output_spellings.names() == output_maps.names()


def test_layers_keep_names_and_weights() -> None:
    model = GENERATORS["four inputs"]
    physics = physics_of(model).network
    for node in model.network.nodes:
        assert physics[node.name] is node
    added = [node for node in physics.nodes if node.name not in model.network.shapes]
    assert all(node.name.startswith("physics/") for node in added)
    assert sum(weight.size for node in added for weight in node.weights.values()) < 20


def test_what_goes_in_has_the_names_of_the_physics() -> None:
    model = GENERATORS["unused condition"]
    assert model.sampling is not None
    names = [port.name for port in physics_of(model).interface.inputs]
    assert names == ["latents", "energy_mev", "phi_rad"] == list(physics_inputs(model.sampling))
    assert physics_of(model).interface.output.name == "showers"


def test_layers_and_inputs_may_have_any_name_and_shape() -> None:
    model = decoder()
    assert model.sampling is not None
    first = Node("energy_mev", "reshape", ("latents",), {"shape": [15]})
    second = replace(model.network.nodes[0], inputs=("energy_mev",))
    nodes = [first, second, *model.network.nodes[1:]]
    nodes.append(Node("physics/vector", "reshape", ("fractions",), {"shape": [4, 15]}))
    other = Generator.from_network(
        Network({"latents": (3, 5)}, nodes, ["physics/vector"]), model.sampling
    )
    conditions, latents = whole_range(model, 3), model.sampling.noise.draw(3, 1)
    found = showers(other, latents, conditions, np.float64)
    assert np.array_equal(found, showers(model, latents, conditions, np.float64))


def test_a_cell_at_the_threshold_is_kept() -> None:
    model = GENERATORS["one input"]
    assert model.sampling is not None
    conditions, latents = whole_range(model, 8), model.sampling.noise.draw(8, 1)
    cells = showers(model, latents, conditions, np.float32).ravel()
    threshold = float(np.sort(cells)[len(cells) // 2])
    output = replace(model.sampling.output, threshold_mev=threshold)
    cut = Generator.from_network(model.network, replace(model.sampling, output=output))
    found = showers(cut, latents, conditions, np.float32).ravel()
    assert np.array_equal(found, np.where(cells < np.float32(threshold), 0, cells))
    assert 0 < (found == np.float32(threshold)).sum() < (found == 0).sum()


def test_an_encoding_that_nobody_has_spelled_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(values: np.ndarray, parameters: object) -> np.ndarray:
        return np.sqrt(values)[:, None]

    root = TermKind(encode, lambda parameters: 1, lambda condition, parameters: None)
    monkeypatch.setitem(encodings._entries, "root", root)
    term = Term("root", "energy_mev", {})
    with pytest.raises(UnsupportedError, match="encoding 'root' of 'energy_mev' is not known"):
        physics_of(generator((term,)))
    affine = replace(root, affine=lambda parameters: Affine("sqrt x", 1.0, 0.0))
    monkeypatch.setitem(encodings._entries, "root", affine)
    with pytest.raises(UnsupportedError, match="'root'"):
        physics_of(generator((term,)))


def test_an_affine_encoding_of_a_plugin_needs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(values: np.ndarray, parameters: object) -> np.ndarray:
        return (3 * values - 2)[:, None]

    kind = TermKind(
        encode,
        lambda parameters: 1,
        lambda condition, parameters: None,
        lambda parameters: Affine("x", 3.0, -2.0),
    )
    monkeypatch.setitem(encodings._entries, "triple", kind)
    model = generator((Term("triple", "theta_rad", {}), CENTRED))
    assert model.sampling is not None
    conditions, latents = whole_range(model, 5), model.sampling.noise.draw(5, 1)
    expected = model.using("numpy").decode(latents, conditions)
    found = showers(model, latents, conditions, np.float32)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-6 * expected.max())


def test_an_output_map_that_nobody_has_spelled_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    model = generator((LINEAR,))
    monkeypatch.delitem(output_spellings._entries, "fraction_of_incident")
    with pytest.raises(UnsupportedError, match="output map 'fraction_of_incident' is not known"):
        physics_of(model)


def test_a_number_beyond_float32_is_refused() -> None:
    far = Term("linear", "theta_rad", {"offset": 1e300, "scale": 1e300})
    with pytest.raises(UnsupportedError, match="is no number in float32"):
        physics_of(generator((far,)))


def test_a_condition_cannot_be_called_latents() -> None:
    model = generator((LINEAR, CODES))
    assert model.sampling is not None
    odd = replace(
        model.sampling, conditions=(*model.sampling.conditions, Condition("latents", 0.0, 1.0))
    )
    with pytest.raises(UnsupportedError, match="has the name of the latents"):
        physics_network(model.network, odd)
