"""Columns in float32 against encodings in float64, where digits are easily lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caloexport.converters.assembly import Assembly
from caloexport.converters.physics.affine import affine_column
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Affine, Term, encodings
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate

CASES = {
    "linear of Par04": Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0}),
    "log_ratio of FastCaloGAN": Term("log_ratio", "energy_mev", {"low": 256.0, "high": 4194304.0}),
    "standardised_log": Term("standardised_log", "energy_mev", {"mean": 10.4, "sigma": 2.1}),
    "log_ratio downwards": Term("log_ratio", "energy_mev", {"low": 1e6, "high": 1.0}),
    "a narrow range": Term("log_ratio", "energy_mev", {"low": 49_000.0, "high": 51_000.0}),
    "a far centre": Term("linear", "energy_mev", {"offset": 50_000.1, "scale": 0.5}),
}


def column(affine: Affine, x: np.ndarray, dtype: type = np.float32) -> np.ndarray:
    parts = Assembly(["x"])
    name = affine_column(parts, "x", affine)
    network = Network({"x": (1,)}, parts.nodes, [name])
    return evaluate(network, {"x": x[:, None]}, dtype)[:, 0]


@pytest.mark.parametrize("name", CASES)
def test_columns_are_as_good_as_float32_allows(name: str) -> None:
    term = CASES[name]
    encodings[term.kind].check(Condition("energy_mev", 1.0, 1e7), term.parameters)
    x = np.geomspace(1.0, 5e6, 4001).astype(np.float32)
    affine = term.affine
    assert affine is not None
    expected = encodings[term.kind].encode(x.astype(np.float64), term.parameters)[:, 0]
    # two roundings of the column, and two of the logarithm or of nothing
    logarithm = 1 if affine.function == "ln x" else 0
    centre = -affine.intercept / affine.slope
    size = np.abs(np.log(x.astype(np.float64)) - centre) + 1
    allowed = 2**-22 * (np.abs(expected) + logarithm * np.abs(affine.slope) * size)
    assert (np.abs(column(affine, x) - expected) <= allowed).all()


def test_near_its_centre_a_column_loses_nothing() -> None:
    """slope·x + intercept as it stands would be wrong by 0.006 here."""
    affine = CASES["a far centre"].affine
    assert affine is not None
    x = np.array([50_000.0, 50_000.125, 50_001.0], dtype=np.float32)
    expected = (x.astype(np.float64) - 50_000.1) / 0.5
    np.testing.assert_allclose(column(affine, x), expected, rtol=0, atol=3e-7)


@given(
    st.sampled_from(["x", "ln x"]),
    st.floats(1e-6, 1e6),
    st.booleans(),
    st.floats(-300, 300),
)
def test_the_layers_are_the_function(
    function: str, slope: float, down: bool, centre: float
) -> None:
    slope = -slope if down else slope
    x = np.geomspace(0.5, 1e6, 20)
    f = x if function == "x" else np.log(x)
    found = column(Affine(function, slope, -slope * centre), x, np.float64)
    expected = slope * (f - centre)
    np.testing.assert_allclose(
        found, expected, rtol=1e-6, atol=1e-6 * abs(slope) * (1 + abs(centre))
    )
