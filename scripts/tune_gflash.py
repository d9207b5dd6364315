"""Find the scale factors that bring GFlash closest to a file of Geant4 showers, and write them.

    python scripts/tune_gflash.py siw showers/siw.h5 [--every 4]

The showers must be of all material in the detector's first mesh. Each group of factors is moved by
a simplex search (Nelder and Mead) until what it governs agrees best: first where the energy lies
along the shower, then across, then the number of cells, then the total. Writes
caloexport/simulation/gflash/tunings/NAME.toml and prints what is left of the differences.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from caloexport.showers import open_showers
from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.gflash.shower import GFlash
from caloexport.simulation.gflash.tuning import NAMES, Tuning, load_tuning
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import make_scoring

FOLDER = Path(__file__).parent.parent / "caloexport/simulation/gflash/tunings"
EDGES_MEV = (1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 64.1e3)
ROUNDS = 2
#: group -> (factors, steps of the first simplex)
GROUPS = {
    "longitudinal": (
        ("t_scale", "t_slope", "a_scale", "a_slope", "sigma_t_scale", "sigma_a_scale"),
        (0.03, 0.01, 0.03, 0.01, 0.1, 0.15),
    ),
    "lateral": (
        ("core_scale", "tail_scale", "tail_slope", "weight_scale", "reach"),
        (0.05, 0.05, 0.02, 0.03, 0.5),
    ),
    "cells": (("core_spot_mev", "tail_spot_mev"), (0.3, 0.1)),
    "total": (("escaping_lump_mev",), (2.0,)),
}


class Sample:
    """What is compared: per window of energy the means of a sample."""

    def __init__(self, energy: np.ndarray, cells: list[np.ndarray]) -> None:
        self.window = np.digitize(energy, EDGES_MEV) - 1
        self.longitudinal = np.array([c.sum(axis=(0, 1)) for c in cells])
        self.lateral = np.array([c.sum(axis=(1, 2)) for c in cells])
        self.hits = np.array([(c > 5e-4).sum(axis=(1, 2)) for c in cells])
        self.total = self.longitudinal.sum(axis=1) / energy
        depth = np.arange(self.longitudinal.shape[1]) + 0.5
        self.depth = (self.longitudinal @ depth) / self.longitudinal.sum(axis=1)
        spread = (self.longitudinal @ depth**2) / self.longitudinal.sum(axis=1) - self.depth**2
        self.width = np.sqrt(spread)

    def windows(self) -> list[np.ndarray]:
        """Return which showers are in each window."""
        return [self.window == i for i in range(len(EDGES_MEV) - 1)]


def simulate(name: str, tuning: Tuning, energies: np.ndarray, pdg: int, seed: int) -> Sample:
    """Return parametrised showers of these energies."""
    detector = load_detector(name)
    plan = next(iter(detector.scorings.values()))
    scoring, gflash = make_scoring(plan, detector), GFlash(detector, tuning)
    cells = []
    for number, energy in enumerate(energies):
        primary = Primary(pdg, float(energy), np.pi / 2)
        scoring.start(shower_frame(np.pi / 2), primary)
        scoring.add_points(gflash.points(primary, (seed << 32) + number * 0x9E37))
        cells.append(scoring.finish().reshape(scoring.mesh.shape))
    return Sample(energies, cells)


def l1(one: np.ndarray, other: np.ndarray) -> float:
    """Return the L1 distance of two normalised mean profiles."""
    p, q = one.sum(axis=0), other.sum(axis=0)
    return float(np.abs(p / p.sum() - q / q.sum()).sum())


def r90(lateral: np.ndarray) -> float:
    """Return the radius, in cells, of 90 % of the energy in the mesh."""
    inside = np.cumsum(lateral.sum(axis=0))
    return float(np.interp(0.9, inside / inside[-1], np.arange(len(inside)) + 1))


def longitudinal_cost(real: Sample, made: Sample) -> float:
    """Profiles, and the spreads of depth and width from shower to shower."""
    cost = 0.0
    for a, b in zip(real.windows(), made.windows(), strict=True):
        cost += l1(real.longitudinal[a], made.longitudinal[b])
        cost += 0.1 * abs(np.log(made.depth[b].std() / real.depth[a].std()))
        cost += 0.1 * abs(np.log(made.width[b].std() / real.width[a].std()))
    return cost


def lateral_cost(real: Sample, made: Sample) -> float:
    """Profiles, what the mesh holds, and R90."""
    cost = 0.0
    for a, b in zip(real.windows(), made.windows(), strict=True):
        cost += l1(real.lateral[a], made.lateral[b])
        cost += 20 * abs(made.total[b].mean() - real.total[a].mean())
        cost += abs(r90(made.lateral[b]) / r90(real.lateral[a]) - 1)
    return cost


def cells_cost(real: Sample, made: Sample) -> float:
    """Cells above 0.5 keV, ring by ring."""
    cost = 0.0
    for a, b in zip(real.windows(), made.windows(), strict=True):
        usual, found = real.hits[a].mean(axis=0), made.hits[b].mean(axis=0)
        cost += np.abs(usual - found).sum() / usual.sum() + abs(found.sum() / usual.sum() - 1)
    return cost


def total_cost(real: Sample, made: Sample) -> float:
    """Spread of the energy in the mesh."""
    cost = 0.0
    for a, b in zip(real.windows(), made.windows(), strict=True):
        cost += abs(np.log(made.total[b].std() / real.total[a].std()))
    return cost


COSTS: dict[str, Callable[[Sample, Sample], float]] = {
    "longitudinal": longitudinal_cost,
    "lateral": lateral_cost,
    "cells": cells_cost,
    "total": total_cost,
}


def simplex(
    cost: Callable[[np.ndarray], float], start: np.ndarray, steps: np.ndarray, calls: int
) -> np.ndarray:
    """Return the best point that Nelder and Mead's simplex finds within a number of calls."""
    points = [start, *(start + step for step in np.diag(steps))]
    values = [cost(point) for point in points]
    for _ in range(calls):
        order = np.argsort(values)
        points, values = [points[i] for i in order], [values[i] for i in order]
        middle = np.mean(points[:-1], axis=0)
        reflected = 2 * middle - points[-1]
        value = cost(reflected)
        if value < values[0]:
            further = 3 * middle - 2 * points[-1]
            far = cost(further)
            points[-1], values[-1] = (further, far) if far < value else (reflected, value)
        elif value < values[-2]:
            points[-1], values[-1] = reflected, value
        else:
            nearer = 0.5 * (middle + (reflected if value < values[-1] else points[-1]))
            near = cost(nearer)
            if near < min(value, values[-1]):
                points[-1], values[-1] = nearer, near
            else:
                points = [points[0], *(0.5 * (p + points[0]) for p in points[1:])]
                values = [values[0], *(cost(point) for point in points[1:])]
    return points[int(np.argmin(values))]


def tune(name: str, real: Sample, energies: np.ndarray, pdg: int, calls: int) -> Tuning:
    """Return the best factors, group after group."""
    best = load_tuning(name)
    for turn in range(ROUNDS):
        for group, (factors, steps) in GROUPS.items():
            cost = partial(_cost, group, factors, best, name, real, energies, pdg, turn + 1)
            start = np.array([getattr(best, factor) for factor in factors])
            found = simplex(cost, start, np.array(steps) / (1 + turn), calls)
            best = _with(best, factors, found)
            values = ", ".join(f"{f} {v:.4g}" for f, v in zip(factors, found, strict=True))
            tell(f"{name} round {turn} {group}: {cost(found):.4f} at {values}")
    return best


def _cost(
    group: str, factors: tuple[str, ...], best: Tuning, name: str, real: Sample,
    energies: np.ndarray, pdg: int, seed: int, values: np.ndarray,
) -> float:  # fmt: skip
    made = simulate(name, _with(best, factors, values), energies, pdg, seed)
    return COSTS[group](real, made)


def _with(tuning: Tuning, factors: tuple[str, ...], values: np.ndarray) -> Tuning:
    """Return a tuning with other factors; what must be positive stays so."""
    found = {
        factor: float(value) if "slope" in factor or "shift" in factor else max(float(value), 1e-4)
        for factor, value in zip(factors, values, strict=True)
    }
    return dataclasses.replace(tuning, **found)


def tell(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def report(real: Sample, made: Sample) -> None:
    """Tell what is left of the differences."""
    for low, a, b in zip(EDGES_MEV, real.windows(), made.windows(), strict=False):
        tell(
            f"from {low / 1e3:g} GeV: "
            f"longitudinal L1 {l1(real.longitudinal[a], made.longitudinal[b]):.3f}, "
            f"lateral L1 {l1(real.lateral[a], made.lateral[b]):.3f}, "
            f"R90 x {r90(made.lateral[b]) / r90(real.lateral[a]):.3f}, "
            f"total x {made.total[b].mean() / real.total[a].mean():.4f}, "
            f"its width x {made.total[b].std() / real.total[a].std():.2f}, "
            f"cells x {made.hits[b].sum(axis=1).mean() / real.hits[a].sum(axis=1).mean():.3f}, "
            f"rms depth x {made.depth[b].std() / real.depth[a].std():.2f}"
        )


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name")
    parser.add_argument("showers", type=Path)
    parser.add_argument("--every", type=int, default=4, help="take one shower of so many")
    parser.add_argument("--calls", type=int, default=40, help="steps of each simplex")
    given = parser.parse_args()
    with open_showers(given.showers) as showers:
        energies = np.asarray(showers.conditions["energy_mev"], dtype=np.float64)[:: given.every]
        cells = [showers.read(slice(i, i + 1))[0] for i in range(0, showers.n, given.every)]
        pdg = int(showers.conditions["pdg"][0])
    real = Sample(energies, cells)
    best = tune(given.name, real, energies, pdg, given.calls)
    report(real, simulate(given.name, best, energies, pdg, seed=99))
    lines = [f"{key} = {getattr(best, key):.6g}" for key in NAMES]
    (FOLDER / f"{given.name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
