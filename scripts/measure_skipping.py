"""Measure what skipping cells below the readout threshold gives on a trained decoder.

    python scripts/measure_skipping.py [MODEL] [--precision P…] [--threshold MEV…] [--theta DEG]

MODEL is a run folder; the decoder that comes with caloexport if none is named. For each precision,
threshold, detector and energy, and for showers with fresh latents, a line tells

    cells     share of cells that reach the threshold
    least     share of tiles that hold such a cell: no bound could leave out more
    computed  share of tiles that are computed
    bytes     share of the last layer's bytes that is read, those of the bound included
    removed   share of the shower's energy in cells below the threshold: the threshold's own effect
    hot, cold, batch   median of the ratios of the times without and with skipping, one shower at a
              time with the weights in the caches and out of them, and per shower of a batch of 16

Every cell is compared first: skipping must not change a bit. Pin it (``taskset -c 1``); the two
sides are timed in turns, and only their ratio means something on a machine with other users.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from caloexport.converters.open import open_model
from caloexport.converters.quantisation.quantise import quantised_network
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.backends.numba import NumbaExecutor
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import weightless_network
from caloexport.runtime.packing import TILE
from caloexport.runtime.skippable import hidden_of, last_layer, stored
from caloexport.runtime.skipping import ROWS, limit_of
from caloexport.shipped import default_decoder

ENERGIES_MEV = (1_001.3, 10_000.0, 50_000.0)
SHOWERS, BATCH = 64, 16
#: seconds for one ratio, and bytes read to empty the caches
SECONDS, EVICTED = 0.4, 96 << 20


def rounded(generator: Generator, precision: str) -> Generator:
    """Return the generator with its large kernels in a precision of ours."""
    if precision == "float32":
        return generator
    network = quantised_network(generator, precision)
    return Generator.from_network(
        network, generator.sampling, precision=precision, arithmetic=precision
    )


def inputs_of(generator: Generator, energy: float, theta: float, geometry: str) -> Float32:
    """Return the input vectors of showers with fresh latents."""
    sampling = generator.sampling
    assert sampling is not None
    given = {
        "energy_mev": np.full(SHOWERS, energy),
        "theta_rad": np.full(SHOWERS, theta),
        "geometry": np.full(SHOWERS, geometry),
    }
    encoded = sampling.encoding.encode(given)
    return np.concatenate([sampling.noise.draw(SHOWERS, 77), encoded], axis=1)


def shares(skipping: NumbaExecutor, generator: Generator, x: Float32, energy: float) -> list[float]:
    """Return cells, least, computed, bytes and removed."""
    assert generator.sampling is not None
    assert skipping.skipping is not None
    threshold = generator.sampling.output.threshold_mev
    shapes = weightless_network(generator.manifest.network, "measured")
    layer = last_layer(shapes)
    assert layer is not None
    node, function = layer
    weights = stored(generator, node).weights
    hidden = hidden_of(generator, shapes, node, x)
    sums = hidden @ weights["kernel"] + weights["bias"]
    limit = limit_of(function, energy, threshold)
    bound = skipping.skipping.bound
    above = np.zeros((len(x), len(bound.codes) * TILE), dtype=bool)
    above[:, : sums.shape[1]] = (sums >= limit)[:, bound.order]
    computed = float(bound.survivors(hidden, np.full(len(x), limit)).mean())
    own = ROWS * TILE / generator.packed[node.name, "kernel"][0].nbytes
    fractions = 1 / (1 + np.exp(-sums.astype(np.float64)))
    removed = fractions[sums < limit].sum() / fractions.sum()
    tiles = above.reshape(len(x), -1, TILE).any(axis=2)
    return [float(above.mean()), float(tiles.mean()), computed, computed + own, float(removed)]


def gain(slow: Callable[[int], object], fast: Callable[[int], object], evicted: Array) -> float:
    """Return the median of the ratios of two times, measured in turns."""
    ratios, turn, end = [], 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        times = {}
        for run in (slow, fast) if turn % 2 else (fast, slow):
            if evicted.size:
                evicted.sum()
            else:
                run(turn - 1)
            start = time.perf_counter()
            run(turn)
            times[run] = time.perf_counter() - start
        ratios.append(times[slow] / times[fast])
        turn += 1
    return float(np.median(ratios))


def gains(
    executors: tuple[NumbaExecutor, NumbaExecutor], x: Float32, energy: float, threshold: float
) -> list[float]:
    """Return the gains hot, cold and in a batch, after a comparison of every cell."""
    cells = [np.empty((len(x), e._plan.n_out), dtype=np.float32) for e in executors]
    factors = np.full(len(x), energy, dtype=np.float32)
    for executor, out in zip(executors, cells, strict=True):
        executor.run_into(x, out, factors, threshold)
    assert np.array_equal(*(out.view(np.uint32) for out in cells)), "skipping changed a cell"

    def times_of(rows: int) -> list[Callable[[int], object]]:
        def runner(executor: NumbaExecutor, out: Float32) -> Callable[[int], object]:
            def run(turn: int) -> None:
                first = turn * rows % (len(x) - rows + 1)
                part = x[first : first + rows]
                executor.run_into(part, out[:rows], factors[:rows], threshold)

            return run

        return [runner(e, out) for e, out in zip(executors, cells, strict=True)]

    nothing, much = np.empty(0, dtype=np.float32), np.zeros(EVICTED // 4, dtype=np.float32)
    slow, fast = times_of(1)
    batches = times_of(BATCH)
    return [gain(slow, fast, nothing), gain(slow, fast, much), gain(*batches, nothing)]


def write(*words: str) -> None:
    """Write a line at once, for whoever reads along."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", type=Path, default=default_decoder())
    parser.add_argument("--precision", nargs="+", default=["float32", "bfloat16", "int8"])
    parser.add_argument("--threshold", nargs="+", type=float, default=[0.0005, 0.01, 0.1, 1.0])
    parser.add_argument("--theta", type=float, default=90.0)
    parser.add_argument("--geometry", nargs="+", default=["siw", "pbwo4"])
    given = parser.parse_args()
    theta = min(math.radians(given.theta), 1.5707963)
    columns = ["cells", "least", "computed", "bytes", "removed", "hot", "cold", "batch"]
    write("precision threshold geometry E/GeV ", *(f"{name:>8}" for name in columns))
    original = open_model(given.model, backend="numba")
    for precision in given.precision:
        plain = rounded(original, precision)
        for threshold in given.threshold:
            generator = plain.above(threshold)
            made = [NumbaExecutor(generator, skipping=wanted) for wanted in (False, True)]
            for geometry in given.geometry:
                for energy in ENERGIES_MEV:
                    x = inputs_of(generator, energy, theta, geometry)
                    row = shares(made[1], generator, x, energy)
                    row += gains((made[0], made[1]), x, energy, threshold)
                    name = f"{precision:9} {threshold:9g} {geometry:8} {energy / 1000:5.0f}"
                    write(name, *(f"{value:8.3f}" for value in row))


if __name__ == "__main__":
    main()
