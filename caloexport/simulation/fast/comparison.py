"""Full and fast simulation side by side: what a shower costs, and what energy it leaves.

Both run in one process of their own with one Geant4, the door open or closed, shower by shower in
turns, so that a busy machine slows both alike. Costs are processor time of one thread from the
particle to the cells; starting Geant4 and compiling are not in them.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.units import format_energy
from caloexport.simulation.crew.dispatch import WorkerFailed
from caloexport.simulation.plan import Plan
from caloexport.simulation.spectrum import Spectrum

WORKER = "caloexport.simulation.fast.comparison_worker"
SCHEMA = "caloexport.simulate-compare/1"
#: fast showers for each full one: they spread more, and cost nothing
FAST_PER_FULL = 10
POLL_S = 0.2
#: quantiles one standard deviation of a normal law to both sides
ONE_SIGMA = (0.1587, 0.8413)

Report = Callable[[int], None]


@dataclass(frozen=True)
class Point:
    """One energy and angle.

    Attributes:
        energy_mev, theta_rad: of the particle.
        full_ms, fast_ms: processor time of a shower: median, and half the width of the middle 68 %.
        speed_up: of the full shower over the fast ones beside it: the same two.
        full_response, fast_response: energy in the cells over incident energy: mean, its error.
    """

    energy_mev: float
    theta_rad: float
    full_ms: tuple[float, float]
    fast_ms: tuple[float, float]
    speed_up: tuple[float, float]
    full_response: tuple[float, float]
    fast_response: tuple[float, float]

    @property
    def shift(self) -> tuple[float, float]:
        """Fast response over full response minus one, with its error."""
        (full, full_error), (fast, fast_error) = self.full_response, self.fast_response
        ratio = fast / full
        return ratio - 1, ratio * float(np.hypot(full_error / full, fast_error / fast))

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON, pairs of value and spread or error."""
        return {**self.__dict__, "response_shift": self.shift}


def grid(plan: Plan) -> Plan:
    """Return the plan whose showers take every energy at every angle in turns.

    Raises:
        UsageError: a range instead of values.
    """
    energies, angles = plan.energy_mev, plan.theta_rad
    if {energies.law, angles.law} != {"values"}:
        message = "a comparison needs energies and angles one by one, not a range"
        raise UsageError(message, hint="--energy 1GeV --energy 10GeV --theta 60deg --theta 90deg")
    pairs = [(energy, angle) for energy in energies.values for angle in angles.values]
    return replace(
        plan,
        pdg=plan.pdg[:1],
        energy_mev=Spectrum("values", tuple(energy for energy, _ in pairs)),
        theta_rad=Spectrum("values", tuple(angle for _, angle in pairs)),
    )


def compare(plan: Plan, report: Report = lambda done: None) -> list[Point]:
    """Simulate ``plan.n`` showers in full and ten times as many fast ones, at every point.

    Args:
        plan: of a fast simulation, see :func:`grid`.
        report: called with the number of full showers done at all points together.

    Raises:
        WorkerFailed: Geant4 ended the process.
    """
    with tempfile.TemporaryDirectory(prefix="caloexport-") as name:
        folder = Path(name)
        (folder / "plan.json").write_text(json.dumps(plan.to_json()))
        rows = folder / "rows"
        rows.touch()
        _run(folder, rows, report)
        found = [json.loads(line) for line in rows.read_text().splitlines()]
    pairs = zip(plan.energy_mev.values, plan.theta_rad.values, strict=True)
    return [
        point_of(energy, angle, [row for row in found if row["point"] == number])
        for number, (energy, angle) in enumerate(pairs)
    ]


def table(points: Sequence[Point]) -> str:
    """Return the points as a table of Markdown."""
    headings = (
        "energy", "angle", "full [ms]", "fast [ms]", "full ÷ fast",
        "response, full", "response, fast", "fast ÷ full - 1",
    )  # fmt: skip
    lines = [f"| {' | '.join(headings)} |", f"| {' | '.join('---' for _ in headings)} |"]
    for point in points:
        cells = (
            format_energy(point.energy_mev), f"{math.degrees(point.theta_rad):.4g}°",
            _spread(point.full_ms), _spread(point.fast_ms), _spread(point.speed_up),
            _per_cent(point.full_response), _per_cent(point.fast_response),
            _per_cent(point.shift),
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _spread(pair: tuple[float, float]) -> str:
    return f"{pair[0]:.3g} ± {pair[1]:.2g}"


def _per_cent(pair: tuple[float, float]) -> str:
    return f"{100 * pair[0]:.2f} ± {100 * pair[1]:.2f} %"


def _run(folder: Path, rows: Path, report: Report) -> None:
    command = [sys.executable, "-P", "-m", WORKER, str(folder / "plan.json"), str(rows)]
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            while child.poll() is None:
                report(rows.read_bytes().count(b"\n"))
                time.sleep(POLL_S)
        finally:
            child.kill()
            child.wait()
    if child.returncode:
        words = (folder / "log").read_text(errors="replace")[-1000:]
        message = f"the process that simulates ended with exit code {child.returncode}:\n{words}"
        raise WorkerFailed(message)


def point_of(energy_mev: float, theta_rad: float, rows: Sequence[Mapping[str, Any]]) -> Point:
    """Summarise the rows of one point.

    Args:
        energy_mev, theta_rad: of the point.
        rows: each a full shower and the fast ones beside it: ``full_s``, ``full`` (response),
            ``fast_s`` and ``fast`` (lists).
    """
    full_s = np.array([row["full_s"] for row in rows])
    fast_s = np.array([row["fast_s"] for row in rows])
    full, fast = (np.array([row[key] for row in rows]).ravel() for key in ("full", "fast"))
    return Point(
        energy_mev,
        theta_rad,
        _middle(1e3 * full_s),
        _middle(1e3 * fast_s.ravel()),
        _middle(full_s / np.median(fast_s, axis=1)),
        _mean(full),
        _mean(fast),
    )


def _middle(values: Float64) -> tuple[float, float]:
    low, high = np.quantile(values, ONE_SIGMA)
    return float(np.median(values)), float(high - low) / 2


def _mean(values: Float64) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
