"""The data model of a readout, its file and its JSON."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.readout import Readout, ReadoutLayer, readout_from_json
from caloexport.runtime.readout_file import load_readout, readout_from_data
from caloexport.runtime.readout_grid import DEAD, OUTSIDE, grid_of

PADS = {
    "depth": ["0mm", "3.4mm"], "repeat": 45, "pitch": "3.4mm", "cell": ["5mm", "5mm"],
    "cells": [80, 60],
}  # fmt: skip


def test_a_file_becomes_layers_in_order_of_depth(tmp_path: Path) -> None:
    path = tmp_path / "mixed.toml"
    path.write_text("""
title = "Two kinds of layers"
[[layers]]
depth = ["5mm", "1cm"]
repeat = 2
pitch = "10mm"
cell = ["1cm", "2cm"]
cells = [4, 3]
[[layers]]
depth = ["0mm", "5mm"]
repeat = 2
pitch = "10mm"
cell = ["5mm", "5mm"]
gap = ["0.2mm", "0.1mm"]
offset = ["0mm", "2.5mm"]
cells = [10, 10]
""")
    readout = load_readout(path)
    assert readout.name == "mixed"
    assert [layer.depth_mm for layer in readout.layers] == [(0, 5), (5, 10), (10, 15), (15, 20)]
    assert readout.layers[2] == ReadoutLayer((10, 15), (5, 5), (0.2, 0.1), (0, 2.5), 10, 10)
    assert readout.layers[3].cell_mm == (10, 20)


def test_cells_are_numbered_layer_by_layer_with_y_fastest() -> None:
    readout = readout_from_data("pads", {"layers": [PADS]})
    cells = np.array([0, 1, 60, 80 * 60, readout.n_cells - 1])
    index = readout.indices(cells)
    assert index["layer"].tolist() == [0, 0, 0, 1, 44]
    assert index["ix"].tolist() == [0, 0, 1, 0, 79]
    assert index["iy"].tolist() == [0, 1, 0, 0, 59]
    centres = readout.centres(cells)
    np.testing.assert_allclose(centres["x_mm"], [-197.5, -197.5, -192.5, -197.5, 197.5])
    np.testing.assert_allclose(centres["y_mm"], [-147.5, -142.5, -147.5, -147.5, 147.5])
    np.testing.assert_allclose(centres["z_mm"], [1.7, 1.7, 1.7, 5.1, 151.3])


def test_json_gives_the_same_readout() -> None:
    readout = readout_from_data("pads", {"title": "Pads", "source": "here", "layers": [PADS]})
    assert readout_from_json(readout.to_json(), "a.json") == readout
    with pytest.raises(InputFileError, match=r"a\.json.*'layers' is missing"):
        readout_from_json({"name": "", "title": "", "source": ""}, "a.json")


def test_layers_that_touch_leave_no_gap_and_others_a_dead_one() -> None:
    touching = grid_of(readout_from_data("pads", {"layers": [PADS]}))
    assert touching.layers.tolist() == [OUTSIDE, *range(45), OUTSIDE]
    apart = PADS | {"repeat": 2, "pitch": "4mm"}
    assert grid_of(readout_from_data("pads", {"layers": [apart]})).layers.tolist() == [
        OUTSIDE, 0, DEAD, 1, OUTSIDE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"depth": ["3mm", "0mm"]}, "from 3 to 0 mm"),
        ({"depth": ["-1mm", "3mm"]}, "from -1 to 3 mm"),
        ({"cell": ["0mm", "5mm"]}, "cells of 0 mm"),
        ({"cell": "5mm"}, "expected two lengths"),
        ({"cell": [5, 5]}, "expected text with a unit.*5mm"),
        ({"gap": ["5mm", "0mm"]}, "cells of 5 mm with gaps of 5 mm along x"),
        ({"cells": [0, 5]}, "0 x 5 cells"),
        ({"cells": [1.5, 5]}, r"expected \[along x, along y\]"),
        ({"cells": [2**21, 5]}, "2097152 x 5 cells"),
        ({"repeat": 2000}, "repeated 2000 times, expected 1 to 1024"),
        ({"repeat": 1}, "both of repeat .* and pitch"),
        ({"pitch": "1mm"}, "ends at 3.4 mm, behind the beginning of the next one at 1 mm"),
        ({"colour": "red"}, "unknown field of a layer 'colour'"),
    ],
)
def test_a_layer_that_makes_no_sense_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        readout_from_data("pads", {"layers": [PADS | change]})


def test_a_readout_needs_layers() -> None:
    with pytest.raises(UsageError, match=r"at least one \[\[layers\]\]"):
        readout_from_data("none", {"title": "nothing"})
    with pytest.raises(UsageError, match="has no 'cells'"):
        readout_from_data("none", {"layers": [{"depth": ["0mm", "1mm"], "cell": ["1mm", "1mm"]}]})
    with pytest.raises(UsageError, match="0 layers"):
        Readout("none", "", "", ())


def test_a_file_that_is_no_readout_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("[[layers")
    with pytest.raises(InputFileError, match=r"bad\.toml: is not TOML"):
        load_readout(path)
    path.write_text("[[layers]]\ndepth = 3\n")
    with pytest.raises(InputFileError, match=r"bad\.toml: .*has no 'cell'"):
        load_readout(path)
    with pytest.raises(InputFileError, match=r"none\.toml"):
        load_readout(tmp_path / "none.toml")


def test_the_example_of_the_page_is_a_readout(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "readout.md").read_text()
    path = tmp_path / "pads.toml"
    path.write_text(page.split("```toml\n")[1].split("```")[0])
    readout = load_readout(path)
    assert len(readout.layers) == 45
    assert readout.layers[1].offset_mm == (2.5, 2.5)
    assert readout.layers[-1].depth_mm == pytest.approx((149.6, 153.0))
