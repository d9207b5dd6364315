"""Damaged ROOT files of showers end in one sentence or are read, quickly and cheaply."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import write_showers
from tests.house import TESTS
from tests.malformed.damage import Case, cuts, fillings, flips, write
from tests.malformed.sandbox import CPU_SECONDS, MEMORY_BYTES, Outcome, run_all

LIBRARIES = (
    "uproot",
    "awkward",
    "h5py",
    "caloexport.cli.data",
    "caloexport.report.shower_table",
    "caloexport.showers.information",
    "caloexport.showers.root.file",
    "uproot.interpretation.jagged",
    "caloexport.showers.formats",
    "caloexport.showers.containers",
)
MESH = CylinderMesh(2, 3, 4, 1.0, 1.0)
GOLDEN = TESTS / "golden" / "par04" / "events.root"
WRITTEN = ("par04-root", "tree-root", "cells-root")


def corpus(folder: Path) -> list[Case]:
    wholes = {"geant4": GOLDEN.read_bytes()}
    cells = np.random.default_rng(0).random((5, *MESH.shape), np.float32)
    for name in WRITTEN:
        energies = {"energy_mev": np.arange(1.0, 6.0)}
        write_showers(folder / f"{name}.root", name, MESH, energies, [cells])
        wholes[name] = (folder / f"{name}.root").read_bytes()
    cases = []
    for name, whole in wholes.items():
        damages = [*cuts(whole, 3), *flips(whole, range(4, len(whole)), 6), *words(whole)]
        cases += [write(folder, f"{name}-{what}", data, ".root") for what, data in damages]
    return cases + [write(folder, what, data, ".root") for what, data in fillings(whole, b"root")]


def words(whole: bytes) -> list[tuple[str, bytes]]:
    """Return the file with lengths and counts at random places that are as large as can be."""
    random = np.random.default_rng(7)
    found = []
    for place in random.integers(4, len(whole) - 4, size=6).tolist():
        large = bytes([int(random.choice([0x40, 0x7F, 0xFF])), 255, 255, 255])
        found.append((f"word-{place}", whole[:place] + large + whole[place + 4 :]))
    return found


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, Outcome]]:
    cases = corpus(tmp_path_factory.mktemp("showers"))
    commands = [["-q", "data", "info", str(case.path)] for case in cases]
    return list(zip(cases, run_all(commands, LIBRARIES), strict=True))


def complaint(case: Case, outcome: Outcome) -> str | None:
    lines = outcome.stderr.strip().splitlines()
    if outcome.code not in (0, 3):
        return f"{case.name}: exit code {outcome.code}, {lines[-1:]}"
    if outcome.code == 3 and not (lines and len(lines) <= 2 and case.path.name in lines[0]):
        return f"{case.name}: not one sentence and one hint but {outcome.stderr[-500:]!r}"
    if outcome.cpu_seconds > CPU_SECONDS or outcome.peak_bytes > MEMORY_BYTES:
        return f"{case.name}: {outcome.cpu_seconds:.1f} s, {outcome.peak_bytes / 1e6:.0f} MB"
    return None


def test_damage_never_gives_anything_else(outcomes: list[tuple[Case, Outcome]]) -> None:
    assert len(outcomes) > 60
    wrong = [text for one in outcomes if (text := complaint(*one)) is not None]
    assert not wrong, "\n".join(wrong)


def test_every_cut_file_is_refused(outcomes: list[tuple[Case, Outcome]]) -> None:
    cut = [outcome for case, outcome in outcomes if "-cut-" in case.name]
    assert len(cut) == 12
    assert {outcome.code for outcome in cut} == {3}
    assert all("is truncated" in outcome.stderr for outcome in cut)
