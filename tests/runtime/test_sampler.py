"""What has no compiled form is sampled step by step, with the same bits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.encodings import encodings
from caloexport.runtime.kernels.sampling_plan import why_not
from caloexport.runtime.output_maps import output_maps
from caloexport.runtime.sampler import BLOCK
from tests.networks import decoder

GIVEN: dict[str, Any] = {"energy_mev": 20_000.0, "theta_rad": 1.5, "geometry": "siw"}


@pytest.mark.parametrize("part", ["encoding", "output map"])
def test_a_plugin_without_compiled_form(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    n = 2 * BLOCK + 3
    energies = np.linspace(1_000.0, 64_000.0, n)
    expected = decoder().sample(n, seed=2, **{**GIVEN, "energy_mev": energies})
    if part == "encoding":
        plain = replace(encodings["linear"], formula=None)
        monkeypatch.setitem(encodings._entries, "linear", plain)
        reason = "the encoding 'linear'"
    else:
        whole = replace(output_maps["fraction_of_incident"], scaling=None, factors=None)
        monkeypatch.setitem(output_maps._entries, "fraction_of_incident", whole)
        reason = "the output map 'fraction_of_incident'"
    generator = decoder()
    assert generator.sampling is not None
    assert why_not(generator.sampling) == reason
    assert generator._sampler.compiled is None
    found = generator.sample(n, seed=2, **{**GIVEN, "energy_mev": energies})
    np.testing.assert_array_equal(found, expected)
    cells = generator.sample_cells(n, seed=2, **{**GIVEN, "energy_mev": energies})
    np.testing.assert_array_equal(cells.energies, expected[expected != 0])


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_latents_of_the_callers(backend: str) -> None:
    generator = decoder().using(backend)
    physics = generator.sampling
    assert physics is not None
    n = BLOCK + 5
    z = physics.noise.draw(n, seed=4, first=3)
    energies = np.linspace(1_000.0, 64_000.0, n)
    asked = {**GIVEN, "energy_mev": energies}
    expected = generator.sample(n, seed=4, first=3, **asked)
    np.testing.assert_array_equal(generator.decode(z, asked), expected)
    np.testing.assert_array_equal(generator.decode(np.asfortranarray(z), asked), expected)
    np.testing.assert_array_equal(
        generator.decode(z[::-1], {**asked, "energy_mev": energies[::-1]}), expected[::-1]
    )


def test_the_message_of_a_logarithm_comes_from_the_encoding() -> None:
    from caloexport.bench.workloads import workloads
    from caloexport.runtime.errors import UsageError

    generator = workloads["W3b"]()
    out = np.empty((2, 533), dtype=np.float32)
    for energy in (0.0, np.array([1_000.0, 0.0])):
        with pytest.raises(UsageError, match="0 has no logarithm"):
            generator.sample_into(out, out_of_range="extrapolate", energy_mev=energy)
