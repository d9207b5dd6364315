"""The ROOT macro against a stand-in, and in ROOT itself where CALOEXPORT_ROOT names its program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.cpp import generators
from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder

pytestmark = pytest.mark.system

SOURCE = Path(__file__).parents[1] / "programs" / "root_macro.cc"
ROOT = os.environ.get("CALOEXPORT_ROOT")
AGREE = "16 of 16 test vectors and 4 of 4 reference showers agree"


@pytest.fixture(scope="module")
def folder(snippet_folder: SnippetFolder) -> Path:
    """The folder of the snippet."""
    return snippet_folder("root-macro", "cpp", "cylinder")


def test_the_tree_holds_the_cells_of_every_shower(
    compiler: Compiler, folder: Path, tmp_path: Path
) -> None:
    program = compiler.program(
        [SOURCE], includes=[folder, STANDINS / "root"], flags=SANITIZED, optimisation="-O0"
    )
    told, summary = run(program, tmp_path / "hits.txt", folder=folder).splitlines()
    assert AGREE in told
    assert summary.startswith("3 showers, ")
    names, *rows, fraction = (tmp_path / "hits.txt").read_text().splitlines()
    assert names == "hits shower cell layer energy_mev r_mm phi_rad z_mm"
    hits = np.array([[float(word) for word in row.split()] for row in rows])
    assert set(hits[:, 0]) == {0, 1, 2}
    mesh = generators.cylinder().sampling.mesh  # type: ignore[union-attr]
    cells, centres = hits[:, 1].astype(int), mesh.centres()
    np.testing.assert_array_equal(hits[:, 2], mesh.indices()["z"][cells])
    for column, name in enumerate(("r_mm", "phi_rad", "z_mm"), start=4):
        np.testing.assert_allclose(hits[:, column], centres[name][cells], rtol=1e-12)
    totals = [hits[hits[:, 0] == shower, 3].sum() / 50000 for shower in range(3)]
    np.testing.assert_allclose([float(word) for word in fraction.split()[1:]], totals, rtol=1e-5)
    assert len(set(totals)) == 3

    [_, outside] = run(program, tmp_path / "x.txt", "5.0", folder=folder, status=1).splitlines()
    assert outside == "a condition is outside the trained range"
    [_, closed] = run(program, "/nowhere/x.root", folder=folder, status=1).splitlines()
    assert closed == "/nowhere/x.root: cannot be written"
    arguments = (tmp_path / "x.txt", "50000.0", folder / "generator.h")
    [other] = run(program, *arguments, folder=folder, status=1).splitlines()
    assert other.startswith(f"{folder / 'generator.h'}: is no weights file of caloexport")


if ROOT is not None:

    @pytest.mark.parametrize("plus", ["", "+"])
    def test_root_runs_the_macro(plus: str, folder: Path, tmp_path: Path) -> None:
        macro = f'shower_hits.C{plus}(3, 50000.0, "{tmp_path}/hits.root")'
        done = subprocess.run(
            [ROOT, "-b", "-q", "-l", macro], cwd=folder, capture_output=True, text=True, check=False
        )
        assert AGREE in done.stdout
        assert "3 showers, " in done.stdout
        assert (tmp_path / "hits.root").stat().st_size > 0
