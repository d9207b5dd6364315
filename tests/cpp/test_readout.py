"""The generated header shares showers over a readout: the very hits of the numpy reference."""

from __future__ import annotations

import math
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.cpp.unaltered import require_unaltered
from caloexport.converters.export import export
from caloexport.converters.targets import Options
from caloexport.runtime import load
from caloexport.runtime.arrays import Array
from caloexport.runtime.cell_list import CellList
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.readout import Readout
from caloexport.runtime.readout_file import readout_from_data
from caloexport.runtime.sharing import Sharing
from tests.cpp.compiling import SANITIZED, Compiler
from tests.cpp.generators import cylinder, fractions, layered

PROGRAM = Path(__file__).parent / "programs" / "readout.cc"
#: two kinds of layers in turn, with gaps, dead depths and a side that showers leave
LAYERS = [
    {
        "depth": ["0mm", "3.4mm"], "repeat": 2, "pitch": "6.8mm", "cell": ["4mm", "3mm"],
        "gap": ["0.2mm", "0.1mm"], "cells": [10, 12],
    },
    {
        "depth": ["3.4mm", "6.4mm"], "repeat": 2, "pitch": "6.8mm", "cell": ["1mm", "2mm"],
        "offset": ["0mm", "1.5mm"], "cells": [16, 12],
    },
]  # fmt: skip
SHOWERS = [
    (energy_mev, theta, x, y)
    for energy_mev in (1_000.0, 500_000.0)
    for theta in (math.pi / 2, math.pi / 3, 1.3, 2.0)
    for x, y in ((0.0, 0.0), (2.0, -1.5), (-7.3, 11.1))
]


@dataclass(frozen=True)
class Told:
    """What the program says of one shower."""

    status: int
    cells: Array
    hits: Array
    dead_mev: float
    outside_mev: float


@pytest.fixture(scope="module")
def readout() -> Readout:
    return readout_from_data("pads", {"title": "Pads (small)", "layers": LAYERS})


@pytest.fixture(scope="module")
def header(tmp_path_factory: pytest.TempPathFactory, readout: Readout) -> Path:
    path = tmp_path_factory.mktemp("readout") / "decoder.h"
    options = Options(readout=readout)
    return export(cylinder(), "cpp", path, verify=False, options=options).path


def compiled(compiler: Compiler, header: Path) -> Path:
    """Return the program, by one of the compilers with a check of memory and behaviour."""
    flags = ("-march=native", "-ffp-contract=fast")
    flags += SANITIZED if compiler.name == "clang++" else ()
    return compiler.program([PROGRAM], includes=[header.parent], flags=flags)


def told(program: Path, header: Path, showers: list[tuple[float, ...]]) -> list[Told]:
    """Run the program on showers of given energy, angle and entry."""
    lines = "\n".join(" ".join(map(repr, shower)) for shower in showers)
    weights = str(header.with_suffix(".safetensors"))
    done = subprocess.run(
        [program, weights], input=lines, capture_output=True, text=True, check=True, timeout=60
    )
    rows, found = iter(done.stdout.splitlines()), []
    for row in rows:
        _, status, n_cells, n_hits, dead, outside = row.split()
        cells, hits = (
            np.array([_numbers(next(rows)) for _ in range(int(n))]) for n in (n_cells, n_hits)
        )
        found.append(Told(int(status), cells, hits, float.fromhex(dead), float.fromhex(outside)))
    return found


def _numbers(line: str) -> list[float]:
    first, energy, *rest = line.split()
    return [float(first), float.fromhex(energy), *map(float, rest)]


@pytest.mark.system
def test_hits_are_those_of_the_reference(
    compiler: Compiler, header: Path, readout: Readout
) -> None:
    """Even where the compiler may fuse products with sums."""
    program = compiled(compiler, header)
    sampling = cylinder().sampling
    assert sampling is not None
    sharing = Sharing(readout, sampling.mesh, backend="numpy")
    found = told(program, header, SHOWERS)
    assert len(found) == len(SHOWERS)
    for (_, theta_rad, *entry_mm), one in zip(SHOWERS, found, strict=True):
        lists = CellList(
            np.array([0, len(one.cells)]),
            one.cells[:, 0].astype(np.int32),
            one.cells[:, 1].astype(np.float32),
        )
        expected = sharing.share(lists, theta_rad, entry_mm)
        np.testing.assert_array_equal(one.hits[:, 0], expected.cells)
        np.testing.assert_array_equal(one.hits[:, 1].astype(np.float32), expected.energies)
        assert (one.dead_mev, one.outside_mev) == (expected.dead_mev[0], expected.outside_mev[0])
        index, centres = readout.indices(expected.cells), readout.centres(expected.cells)
        columns = [index["layer"], index["ix"], index["iy"], *centres.values()]
        np.testing.assert_allclose(one.hits[:, 2:], np.transpose(columns), atol=1e-12)
    assert all(one.dead_mev > 0 and one.outside_mev > 0 for one in found)


@pytest.mark.system
def test_showers_from_nowhere_leave_no_hits(compiler: Compiler, header: Path) -> None:
    program = compiled(compiler, header)
    places = [(1.2, 0.0, 0.0), (0.01, 0.0, 0.0), (math.nan, 0.0, 0.0), (1.2, 1e7, 0.0)]
    places += [(1.2, 0.0, math.inf), (1.2, 1e5, -1e5)]
    found = told(program, header, [(1_000.0, *place) for place in places])
    assert [one.status > 0 for one in found] == [False, True, True, True, True, False]
    assert [len(one.hits) > 0 for one in found] == [True, False, False, False, False, False]
    lost = found[-1].dead_mev + found[-1].outside_mev
    assert lost == pytest.approx(found[-1].cells[:, 1].sum(), rel=1e-6)


def test_a_header_with_a_readout_is_known_as_ours(header: Path, tmp_path: Path) -> None:
    weights = header.with_suffix(".safetensors")
    generator = load(weights, backend="numpy")
    require_unaltered(header, weights, generator)
    text = header.read_text()
    changed = tmp_path / "decoder.h"
    changed.write_text(text.replace("hits.outside_ += part", "hits.outside_ -= part"))
    with pytest.raises(InputFileError, match="is not what caloexport writes"):
        require_unaltered(changed, weights, generator)
    changed.write_text(text.replace('readout_json = R"json({', 'readout_json = R"json({{'))
    with pytest.raises(InputFileError, match="its readout was changed"):
        require_unaltered(changed, weights, generator)
    changed.write_text(text.replace('"n": [10, 12]', '"n": [10, 13]'))
    with pytest.raises(InputFileError, match="is not what caloexport writes"):
        require_unaltered(changed, weights, generator)


def test_what_cannot_be_shared_is_refused(tmp_path: Path, readout: Readout) -> None:
    options = Options(readout=readout)
    for generator, message in ((layered(), "layers of its own"), (fractions(), "known size")):
        with pytest.raises(UnsupportedError, match=message):
            export(generator, "cpp", tmp_path / "a.h", verify=False, options=options)
    with pytest.raises(UsageError, match="--readout means nothing for this target"):
        export(cylinder(), "numba", tmp_path / "a.safetensors", verify=False, options=options)
    assert not list(tmp_path.iterdir())
