"""Measure what the collection of steps costs a simulation with Geant4.

    python scripts/measure_simulation.py [N]

N showers (20 if absent) of 1 GeV electrons in each detector, the same ones by three processes in turn:
with the native hook, with the plain one (Geant4 calls Python for every step), and with no hook at all, which
is Geant4's tracking and nothing else. CPU time, medians over showers; ratios are medians of the
ratios of single showers, after which the quartiles follow. Cells of both hooks must be equal.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from hashlib import sha256
from typing import Any

from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.spectrum import Spectrum

DETECTORS = ("siw", "scipb", "pbwo4")
SIDES = ("native", "plain", "none")
ENERGY_MEV = 1000.0


def main() -> None:
    """Print the table, or serve as one side of it."""
    if sys.argv[1:2] == ["--side"]:
        _serve(*sys.argv[2:4])
        return
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    row = "{:8} {:>14} {:>14} {:>14} {:>26}".format
    _show(row("", "native ms/GeV", "plain ms/GeV", "no hook ms/GeV", "plain / native (quartiles)"))
    for detector in DETECTORS:
        times = _times(detector, n)
        ratios = [
            plain / native for native, plain in zip(times["native"], times["plain"], strict=True)
        ]
        low, middle, high = statistics.quantiles(ratios, n=4)
        costs = [f"{statistics.median(times[side]) * 1e6 / ENERGY_MEV:.2f}" for side in SIDES]
        _show(row(detector, *costs, f"{middle:.2f} ({low:.2f} to {high:.2f})"))


def _show(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


def _times(detector: str, n: int) -> dict[str, list[float]]:
    """Return the CPU seconds of every shower by side."""
    command = [sys.executable, __file__, "--side", detector]
    sides = {
        side: subprocess.Popen([*command, side], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for side in SIDES
    }
    times: dict[str, list[float]] = {side: [] for side in SIDES}
    for number in range(n):
        answers = {side: _ask(child, number) for side, child in sides.items()}
        for side, answer in answers.items():
            times[side].append(answer["cpu_s"])
        if answers["native"]["cells"] != answers["plain"]["cells"]:
            sys.exit(f"{detector}, shower {number}: the hooks give different cells")
    for child in sides.values():
        child.communicate()
    return times


def _ask(child: subprocess.Popen[bytes], number: int) -> Any:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(b"%d\n" % number)
    child.stdin.flush()
    return json.loads(child.stdout.readline())


def _serve(detector_name: str, side: str) -> None:
    """Answer every number with the time of its shower and a hash of its cells."""
    from caloexport.simulation.geant4.application import Application

    answers = os.fdopen(os.dup(1), "w")  # Geant4 may print
    os.dup2(2, 1)
    detector = load_detector(detector_name)
    mesh = next(iter(detector.scorings.values()))
    energies, angles = Spectrum("values", (ENERGY_MEV,)), Spectrum("values", (math.pi / 2,))
    plan = Plan("geant4", detector, (mesh,), (11,), energies, angles, 1, 1, {})
    application = Application(plan, native=side == "native")
    if side == "none":
        for one in application.detectors:
            one.Activate(False)
    elif not application.hook.startswith(side):
        sys.exit(application.hook)
    application.simulate(0)
    for line in sys.stdin:
        shower = application.simulate(int(line))
        answer = {
            "cpu_s": shower.cpu_s,
            "cells": sha256(shower.energies[mesh.name].tobytes()).hexdigest(),
        }
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
