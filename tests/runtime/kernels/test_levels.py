"""Every instruction level that this CPU has computes the same networks, each with its own object."""

from __future__ import annotations

import json

import pytest

from caloexport.runtime.kernels import level
from tests.runtime.kernels.at_level import output_at

FEATURES = level.host_features()
HERE = [name for name in level.NEEDS if not level.missing(name, FEATURES)]

PROGRAM = """
import json
import numpy as np
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels.level import LEVEL
from caloexport.runtime.kernels.natives import find
from caloexport.runtime.kernels.plan import refusal
from tests.every_layer import inputs_of
from tests.networks import decoder
from tests.runtime.backends.test_numba import CASES, check, test_a_par04_sized_decoder

done = 0
for network in CASES.values():
    if refusal(Generator.from_network(network).manifest) is None:
        check(network, inputs_of(network, 16))
        done += 1
test_a_par04_sized_decoder()
law = decoder().sampling.noise
executor = decoder().executor
same_noise = (executor.draw(law, 50, 7, 3) == law.draw(50, 7, 3)).all()
asked = dict(n=50, seed=7, energy_mev=20_000.0, theta_rad=1.2, geometry="siw")
showers = decoder().sample(**asked)
np.testing.assert_allclose(showers, decoder().using("numpy").sample(**asked), rtol=1e-5)
np.testing.assert_array_equal(decoder().sample_cells(**asked).energies, showers[showers != 0])
result = {"level": LEVEL, "networks": done, "path": str(find().path), "noise": bool(same_noise)}
print(json.dumps(result))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", HERE)
def test_networks_and_noise_agree_with_the_reference(name: str) -> None:
    result = json.loads(output_at(name, PROGRAM))
    assert result["level"] == name
    assert f"{name}-" in result["path"]
    assert result["networks"] > 50
    assert result["noise"]


def test_the_plainest_level_is_everywhere() -> None:
    assert HERE[-1] == "portable"
