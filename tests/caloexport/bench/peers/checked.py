"""What every peer must do: give the outputs of the reference, in every precision it offers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from caloexport.bench.agreement import agrees, relative_difference
from caloexport.bench.peers import peers
from caloexport.bench.workloads import chain
from caloexport.converters.batches import split_columns
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate

#: the activations of the workloads; LiteRT rounds kernels of 1024 weights and more
CHAINS = {
    "leaky_relu": chain((6, 40, 60, 90), "leaky_relu", "sigmoid"),
    "swish": chain((6, 40, 60, 90), "swish", "relu"),
}


def check(name: str, network: Network, precision: str, folder: Path, batch: int = 3) -> None:
    """Compare two calls on one binding with the reference."""
    peer = peers[name]
    assert peer.obstacle(network) is None
    peer.write(folder, network, precision, (1, batch))
    shapes = list(network.inputs.values())
    model = peer.open(folder, shapes, precision, 1)
    rng = np.random.default_rng(3)
    run, n_in = model.bound(batch), sum(map(math.prod, shapes))
    for _ in range(2):
        x = rng.standard_normal((batch, n_in), dtype=np.float32)
        found = np.array(run(x))
        expected = evaluate(
            network, dict(zip(network.inputs, split_columns(x, shapes), strict=True))
        )
        assert agrees(relative_difference(found, expected), precision)
        assert found.dtype == np.float32
    one = np.array(model.bound(1)(x[:1]))
    assert agrees(relative_difference(one, expected[:1]), precision)
