from __future__ import annotations

import pytest

from caloexport.bench.workloads import workloads
from caloexport.converters.cpp.facts import facts_of
from caloexport.converters.cpp.physics import physics_headers
from caloexport.converters.cpp.references import reference_showers
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator


def headers(generator: Generator) -> dict[str, str]:
    facts = facts_of(generator.manifest, reference_showers(generator.manifest, generator))
    return physics_headers(facts)


def test_conditions_have_units_ranges_and_categories() -> None:
    text = headers(workloads["W3"]())["W3_physics.h"]
    assert "inline constexpr Range energy_mev_range{1000.0, 1024000.0};" in text
    assert "enum class Geometry : int {" in text
    assert "region_0," in text
    assert '"region-0",' in text


def test_a_bare_network_has_no_physics() -> None:
    generator = workloads["W3b"]()
    bare = Generator.from_network(generator.network, name="bare")
    with pytest.raises(UnsupportedError, match="bare network"):
        facts_of(bare.manifest, ())


def test_reference_showers_are_those_of_the_sampler() -> None:
    generator = workloads["W3b"]()
    for number, one in enumerate(reference_showers(generator.manifest, generator)):
        energy_mev = float(one.conditions[0])
        shower = generator.using("numpy").sample(
            energy_mev=energy_mev, n=1, seed=one.seed, first=number
        )
        assert shower.sum() == pytest.approx(one.total_mev, rel=1e-5)
        assert shower.ravel().argmax() == one.hottest_cell
