from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.encodings import Encoding, Term


def test_par04_condition_vector() -> None:
    encoding = Encoding(
        (
            Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0}),
            Term("linear", "theta_rad", {"offset": 0.0, "scale": math.pi / 2}),
            Term("one_hot", "geometry", {"codes": {"scipb": 0, "siw": 1}, "size": 2}),
        )
    )
    vectors = encoding.encode(
        {
            "energy_mev": np.array([64_000.0, 1_024_000.0]),
            "theta_rad": np.array([math.pi / 2, math.pi / 3]),
            "geometry": np.array(["siw", "scipb"]),
        }
    )
    assert encoding.width == 4
    assert vectors.dtype == np.float32
    expected = np.array([[0.0625, 1.0, 0.0, 1.0], [1.0, 2 / 3, 1.0, 0.0]], dtype=np.float32)
    np.testing.assert_array_equal(vectors, expected)


def test_a_two_hot_code_is_two_terms() -> None:
    # cell alignment of Athena's DNNCaloSim: 4-way in azimuth, 2-way in pseudorapidity
    phi = Term("one_hot", "phi_config", {"codes": {"0": 0, "1": 1, "2": 2, "3": 3}, "size": 4})
    eta = Term("one_hot", "eta_config", {"codes": {"0": 0, "1": 1}, "size": 2})
    found = Encoding((phi, eta)).encode(
        {"phi_config": np.array(["2", "0"]), "eta_config": np.array(["1", "0"])}
    )
    np.testing.assert_array_equal(found, [[0, 0, 1, 0, 0, 1], [1, 0, 0, 0, 1, 0]])


def test_no_terms_make_no_columns() -> None:
    assert Encoding(()).encode({"energy_mev": np.zeros(3)}).shape == (3, 0)
