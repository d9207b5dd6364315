"""Simulate showers in full and fast in turns, in a process of its own.

    python -m caloexport.simulation.fast.comparison_worker PLAN.json ROWS

Appends one JSON line to ROWS for every full shower and the fast ones beside it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from caloexport.simulation.fast.comparison import FAST_PER_FULL
from caloexport.simulation.geant4.application import Application
from caloexport.simulation.plan import Plan

#: fast showers before anything is measured: the first ones compile and read the weights
WARM_UP = 20


def main(plan_path: str, rows_path: str) -> None:
    """Measure every point of the plan ``plan.n`` times."""
    plan = Plan.from_json(json.loads(Path(plan_path).read_text()))
    application = Application(plan)
    points = len(plan.energy_mev.values)
    for number in range(WARM_UP):
        _simulate(application, number, fast=True)
    _simulate(application, plan.energy_mev.values.index(plan.energy_mev.low), fast=False)
    with Path(rows_path).open("a") as rows:
        for turn in range(plan.n):
            for point in range(points):
                rows.write(json.dumps(_row(application, turn, point, points)) + "\n")
                rows.flush()


def _row(application: Application, turn: int, point: int, points: int) -> dict[str, object]:
    full, full_s = _simulate(application, turn * points + point, fast=False)
    first = turn * FAST_PER_FULL
    several = [
        _simulate(application, (first + k) * points + point, fast=True)
        for k in range(FAST_PER_FULL)
    ]
    return {
        "point": point,
        "full": full,
        "full_s": full_s,
        "fast": [response for response, _ in several],
        "fast_s": [seconds for _, seconds in several],
    }


def _simulate(application: Application, number: int, *, fast: bool) -> tuple[float, float]:
    """Return the response of the cells, and the processor time."""
    assert application.door is not None
    application.door.set_open(not fast)
    shower = application.simulate(number)
    (cells,) = shower.energies.values()
    return float(cells.sum(dtype="f8")) / shower.primary.energy_mev, shower.cpu_s


if __name__ == "__main__":
    main(*sys.argv[1:])
