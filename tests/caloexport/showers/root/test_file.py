"""Open ROOT files: limits on what they declare, and what of their content is found."""

from __future__ import annotations

from pathlib import Path

import awkward
import numpy as np
import pytest
import uproot

from caloexport.runtime.errors import InputFileError
from caloexport.showers.root import damage
from caloexport.showers.root import file as root_file
from caloexport.showers.root.file import RootFile
from tests.house import TESTS

GOLDEN = TESTS / "golden" / "par04" / "global.root"


def test_trees_and_axes_of_a_file() -> None:
    file = RootFile(GOLDEN)
    assert {name: tree.n for name, tree in file.trees.items()} == {"global": 3, "virtualReadout": 3}
    assert file.trees["global"].branches == ("EnergyMC", "SimTime")
    assert file.axis("longProfile") == pytest.approx((5, -1.7, 15.3))
    assert file.axis("global") is None
    assert file.axis("missing") is None
    file.close()


def test_the_newest_cycle_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.root"
    with uproot.recreate(path) as file:
        file.mktree("t", {"x": np.zeros(2)})
        file.mktree("t", {"x": np.ones(3)})
    file = RootFile(path)
    assert file.trees["t"].branch("x").read(0, 3).tolist() == [1, 1, 1]
    file.close()


@pytest.mark.parametrize("kept", [4, 10, 30, 63, 300, 2000, -1])
def test_truncated(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.root"
    path.write_bytes(GOLDEN.read_bytes()[:kept])
    with pytest.raises(InputFileError, match=r"is truncated: it says \d+ bytes and has \d+"):
        RootFile(path)


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MAX_KEYS", 4, "holds 5 entries, expected at most 4"),
        ("MAX_TREES", 1, "holds 2 trees, expected at most 1"),
        ("MAX_BRANCHES", 1, "tree 'global' declares 3 entries in 2 branches"),
        ("MAX_OBJECT_BYTES", 100, "is stored in .* bytes that inflate to"),
    ],
)
def test_limits(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, message: str) -> None:
    assert getattr(damage, limit) > 50
    monkeypatch.setattr(root_file, limit, value)
    with pytest.raises(InputFileError, match=message):
        RootFile(GOLDEN)


def many(path: Path, **branches: object) -> Path:
    """Write 100 entries in ten baskets."""
    with uproot.recreate(path) as file:
        parts = [{k: v[i : i + 10] for k, v in branches.items()} for i in range(0, 100, 10)]
        tree = file.mktree("t", {key: one.type if isinstance(one, awkward.Array) else one.dtype
                                 for key, one in parts[0].items()})  # fmt: skip
        for part in parts:
            tree.extend(part)
    return path


@pytest.mark.parametrize("dtype", ["i1", "u2", "i4", "i8", "f4", "f8"])
def test_any_range_of_any_numbers(tmp_path: Path, dtype: str) -> None:
    values = np.arange(100).astype(dtype)
    file = RootFile(many(tmp_path / "a.root", x=values))
    branch = file.trees["t"].branch("x")
    for start, stop in ((0, 100), (0, 0), (5, 5), (9, 11), (10, 20), (33, 77), (99, 100)):
        found = branch.read(start, stop)
        assert found.dtype == np.dtype(dtype)
        assert found.tolist() == values[start:stop].tolist()
    file.close()


def test_any_range_of_lists(tmp_path: Path) -> None:
    lists = [list(range(k % 4)) for k in range(100)]
    path = tmp_path / "a.root"
    with uproot.recreate(path) as file:
        tree = file.mktree("t", {"x": "var * int32"})
        for start in range(0, 100, 10):
            tree.extend(
                {"x": awkward.values_astype(awkward.Array(lists[start : start + 10]), "i4")}
            )
    file = RootFile(path)
    branch = file.trees["t"].branch("x")
    for start, stop in ((0, 100), (0, 0), (9, 11), (10, 20), (33, 77), (96, 97)):
        counts, values = branch.read_ragged(start, stop, most=3)
        assert counts.tolist() == [len(one) for one in lists[start:stop]]
        assert values.tolist() == [value for one in lists[start:stop] for value in one]
    with pytest.raises(InputFileError, match="entry 51 has 3 values, expected at most 2"):
        branch.read_ragged(48, 60, most=2)
    with pytest.raises(InputFileError, match="expected a fixed one"):
        branch.read(0, 1)
    file.close()


def test_baskets_of_another_place_are_noticed(tmp_path: Path) -> None:
    """Two baskets at one place: uproot would wait for the second for ever."""
    file = RootFile(many(tmp_path / "a.root", x=np.arange(100.0)))
    branch = file.trees["t"].branch("x")
    seeks = branch._branch.member("fBasketSeek")
    branch._branch._members["fBasketSeek"] = np.array([seeks[0] + 1] * len(seeks))
    with pytest.raises(InputFileError, match="a basket is not where the branch says"):
        branch.read(0, 5)
    branch._branch._members["fBasketSeek"] = np.array([2**40] * len(seeks))
    with pytest.raises(InputFileError, match=r"points to .* bytes from"):
        branch.read(0, 5)
    file.close()
