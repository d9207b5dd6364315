"""Sampling in one compiled call gives what numpy gives, step by step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.runtime.conditions import Condition, Policy, gather
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import OutOfRange, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from tests.networks import decoder, dense

ENERGY = Condition("energy_mev", 256.0, 4_194_304.0)
FREE_ENERGY = Condition("energy_mev")
THETA = Condition("theta_rad", 0.1, 1.5)
FREE = Condition("offset_mm")
GEOMETRY = Condition("geometry", categories=("siw", "scipb", "pbwo4"))
CODES = {"codes": {"pbwo4": 0, "scipb": 3, "siw": 1}, "size": 4}
TERMS = (
    Term("linear", "energy_mev", {"offset": 17.0, "scale": 1_024_000.0}),
    Term("one_hot", "geometry", CODES),
    Term("log_ratio", "energy_mev", {"low": 256.0, "high": 4_194_304.0}),
    Term("constant", "geometry", {"value": 0.625}),
    Term("standardised_log", "theta_rad", {"mean": -0.3, "sigma": 0.7}),
    Term("linear", "offset_mm", {"offset": 0.1, "scale": -3.0}),
    Term("constant", "theta_rad", {"value": -1.0}),
)
CONDITIONS = (ENERGY, THETA, FREE, GEOMETRY)
LAWS = [NoiseLaw(7), NoiseLaw(70, "normal", 0.5, 0.5), NoiseLaw(3, "uniform", -1.0, 1.0)]
LAWS += [NoiseLaw(0)]


def mirror(
    law: NoiseLaw = LAWS[0],
    terms: tuple[Term, ...] = TERMS,
    conditions: tuple[Condition, ...] = CONDITIONS,
) -> Generator:
    """Return a generator whose cells are its inputs above zero, and then those below."""
    encoding = Encoding(terms)
    width = law.size + encoding.width
    one = np.eye(width, dtype=np.float32)
    weights = {"kernel": np.concatenate([one, -one], axis=1), "bias": np.zeros(2 * width, "f4")}
    network = Network({"x": (width,)}, [Node("y", "dense", ("x",), {}, weights)], ["y"])
    output, mesh = OutputMap("absolute", {"unit_mev": 1.0}), CylinderMesh(1, 2, width, 1.0, 1.0)
    mesh = mesh.in_order(("r", "phi", "z"))
    sampling = Sampling(law, conditions, encoding, output, mesh)
    return Generator.from_network(network, sampling, name="mirror")


def inputs_of(generator: Generator, n: int, **arguments: Any) -> np.ndarray:
    """Return the input vectors (n, width) of the network."""
    cells = generator.sample(n, **arguments)
    found: np.ndarray = cells[:, 0, 0] - cells[:, 0, 1]
    return found


def compiled_only(generator: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the general path of a generator impossible."""

    def refuse(*_: Any) -> None:
        pytest.fail("the general path was taken")

    monkeypatch.setattr(generator._sampler, "sample_into", refuse)
    monkeypatch.setattr(generator._sampler, "_decode_block", refuse)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{law.law}-{law.size}")
@pytest.mark.parametrize("n", [1, 5, 100, 1000])
def test_inputs_are_latents_and_encoded_conditions(
    law: NoiseLaw, n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = mirror(law)
    compiled_only(generator, monkeypatch)
    asked = {"energy_mev": 50_000.0, "theta_rad": 1, "offset_mm": -2.5, "geometry": "scipb"}
    found = inputs_of(generator, n, seed=2**64 - 3, first=2**32 - 2, **asked)
    np.testing.assert_array_equal(found[:, : law.size], law.draw(n, 2**64 - 3, 2**32 - 2))
    encoded = Encoding(TERMS).encode(gather(CONDITIONS, asked, n, "error"))
    np.testing.assert_array_max_ulp(found[:, law.size :], encoded, maxulp=1)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(256.0, 4_194_304.0),
            st.floats(0.1, 1.5),
            st.floats(-1e6, 1e6),
            st.sampled_from(GEOMETRY.categories),
        ),
        min_size=1,
        max_size=60,
    ),
    st.booleans(),
)
def test_conditions_of_their_own(rows: list[tuple[Any, ...]], alone: bool) -> None:
    generator = mirror()
    columns = dict(zip((one.name for one in CONDITIONS), zip(*rows, strict=True), strict=True))
    asked = {name: np.array(values) for name, values in columns.items()}
    encoded = Encoding(TERMS).encode(asked)
    if alone:  # with scalars, one by one
        parts = [
            inputs_of(
                generator, 1, first=i, **{key: values[i].item() for key, values in asked.items()}
            )
            for i in range(len(rows))
        ]
        found = np.concatenate(parts)
    else:
        found = inputs_of(generator, len(rows), **asked)
    np.testing.assert_array_equal(found[:, :7], LAWS[0].draw(len(rows), 0))
    np.testing.assert_array_max_ulp(found[:, 7:], encoded, maxulp=1)


EDGE = 4_194_304.0
#: policy, energy, and the energy that is sampled or the error
OUTSIDE: list[tuple[Policy, float, Any]] = [
    ("error", EDGE, EDGE),
    ("error", EDGE * (1 + 0.9e-6), EDGE),
    ("error", EDGE * (1 + 1.1e-6), OutOfRange),
    ("error", 255.0, 256.0),  # the slack is that of the larger end
    ("error", 251.0, OutOfRange),
    ("clamp", 1.0, 256.0),
    ("clamp", 1e9, EDGE),
    ("clamp", -1.0, UsageError),
    ("clamp", math.nan, UsageError),
    ("clamp", math.inf, UsageError),
    ("extrapolate", 1e9, 1e9),
    ("extrapolate", 0.0, UsageError),  # it has no logarithm
    ("extrapolate", -math.inf, UsageError),
]


@pytest.mark.parametrize(("policy", "energy", "expected"), OUTSIDE)
@pytest.mark.parametrize("n", [0, 1, 3])
def test_out_of_range(policy: Policy, energy: float, expected: Any, n: int) -> None:
    generator = mirror()
    asked = {"theta_rad": 1.0, "offset_mm": 0.0, "geometry": "siw"}
    if isinstance(expected, float):
        found = generator.sample(n, out_of_range=policy, energy_mev=energy, **asked)
        same = generator.sample(n, out_of_range="extrapolate", energy_mev=expected, **asked)
        np.testing.assert_array_equal(found, same)
        return
    if n == 0 and energy == 0.0:
        return  # nobody needs the logarithm
    messages = []
    for one in (generator, generator.using("numpy")):
        with pytest.raises(expected) as caught:
            one.sample(n, out_of_range=policy, energy_mev=energy, **asked)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


@pytest.mark.parametrize(
    ("output", "factor"),
    [
        (OutputMap("fraction_of_incident", {}, 0.5), 20_000.0),
        (OutputMap("absolute", {"unit_mev": 1000.0}, 100.0), 1000.0),
    ],
)
def test_one_factor(output: OutputMap, factor: float) -> None:
    plain = decoder()
    physics = plain.sampling
    assert physics is not None
    changed = Sampling(physics.noise, physics.conditions, physics.encoding, output, physics.mesh)
    generator = Generator.from_network(plain.network, changed)
    asked = {"energy_mev": 20_000.0, "theta_rad": 1.5, "geometry": "siw"}
    x = np.concatenate(
        [physics.noise.draw(60, 5), physics.encoding.encode(gather(physics.conditions, asked, 60, "error"))],
        axis=1,
    )  # fmt: skip
    cells = generator.executor.run(x) * np.float32(factor)
    expected = np.where(cells < output.threshold_mev, 0, cells)
    found = generator.sample(60, seed=5, **asked)
    np.testing.assert_array_equal(found.reshape(60, -1), expected)


@pytest.mark.parametrize("threshold", [0.0, 2.0])
@pytest.mark.parametrize("n", [1, 7, 100])
def test_layer_fractions(threshold: float, n: int) -> None:
    physics = decoder().sampling
    assert physics is not None
    mesh = CylinderMesh(3, 4, 5, 2.325, 3.4)
    output = OutputMap("layer_fractions", {"total_scale": 6.0}, threshold)
    nodes = [
        dense("hidden", "x", physics.width, 8),
        dense("outputs", "hidden", 8, 60 + 1 + 5),
        Node("fractions", "activation", ("outputs",), {"function": "sigmoid"}),
    ]
    network = Network({"x": (physics.width,)}, nodes, ["fractions"])
    sampling = Sampling(physics.noise, physics.conditions, physics.encoding, output, mesh)
    generator = Generator.from_network(network, sampling)
    asked = {
        "energy_mev": np.linspace(1_000.0, 64_000.0, n),
        "theta_rad": 1.5,
        "geometry": "pbwo4",
    }
    given = gather(physics.conditions, asked, n, "error")
    x = np.concatenate([physics.noise.draw(n, 5), physics.encoding.encode(given)], axis=1)
    expected = output.energies(generator.executor.run(x), given["energy_mev"], mesh)
    found = generator.sample(n, seed=5, **asked)
    np.testing.assert_array_equal(found.reshape(n, -1), expected)
    np.testing.assert_array_equal(generator.decode(x[:, :10], asked), found)
    first = {key: value[0].item() if key == "energy_mev" else value for key, value in asked.items()}
    np.testing.assert_array_equal(generator.sample(1, seed=5, **first)[0], found[0])
    cells = generator.sample_cells(n, seed=5, **asked)
    np.testing.assert_array_equal(cells.energies, found[found != 0])
