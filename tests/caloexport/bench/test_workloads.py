"""The built-in workloads."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.bench.calls import typical_conditions
from caloexport.bench.workloads import workloads

#: megabytes of float32 weights
SIZES = {"W1": 16.4, "W2": 5.6, "W3": 2.0, "W3b": 1.3, "W4": 14.4}


@pytest.mark.parametrize("name", workloads.names())
def test_a_workload_has_its_size_and_samples(name: str) -> None:
    generator = workloads[name]()
    assert generator.network.parameters * 4e-6 == pytest.approx(SIZES[name], rel=0.02)
    shower = generator.sample(1, **typical_conditions(generator))
    assert np.isfinite(shower).all()
    assert shower.sum() > 0


def test_weights_are_the_same_every_time() -> None:
    assert workloads["W3b"]().manifest.hash == workloads["W3b"]().manifest.hash
