"""Drawings are well-formed and show every figure."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from caloexport.bench.bandwidth import Bandwidth
from caloexport.bench.drawing import CUT, LIMIT_COLOUR, Bar, bars, curves

FAST = Bar("numba", 10.0, 9.0, 12.0, 8.0, "10 µs", ours=True)
SLOW = Bar("a <slow> one", 10.0 * CUT * 2, 9.0, None, None, "160 µs", ours=False)


def texts(svg: str) -> list[str | None]:
    return [one.text for one in ElementTree.fromstring(svg).iter("text")]


def test_every_bar_has_name_and_figure_and_its_limit() -> None:
    svg = bars([FAST, SLOW], "two")
    assert {"numba", "10 µs", "a <slow> one", "160 µs", "µs"} <= set(texts(svg))
    lines = list(ElementTree.fromstring(svg).iter("line"))
    assert [one.get("stroke") for one in lines].count(LIMIT_COLOUR) == 1


def test_a_bar_is_as_long_as_its_value_until_it_is_cut() -> None:
    twice = Bar("b", 20.0, 19.0, None, None, "", ours=False)
    ends = [
        {float(x.split(",")[0]) for x in (one.get("points") or "").split()}
        for one in ElementTree.fromstring(bars([FAST, twice, SLOW], "three")).iter("polygon")
    ]
    lengths = [max(xs) - min(xs) for xs in ends]
    assert lengths[1] == pytest.approx(2 * lengths[0], abs=0.2)
    assert lengths[2] == pytest.approx(1.06 * CUT * lengths[0], rel=1e-3)
    assert [len(xs) for xs in ends] == [2, 2, 3]


def test_the_curve_has_a_line_per_cache_state_and_a_mark_per_workload() -> None:
    points = [
        Bandwidth("hot", 1 << 20, 100.0, 90.0, 110.0, 2),
        Bandwidth("hot", 1 << 26, 25.0, 20.0, 30.0, 1),
        Bandwidth("cold", 1 << 20, 20.0, 15.0, 25.0, 2),
    ]
    svg = curves(points, [("W3b float32", 1_300_000)], "curve")
    assert {"hot", "cold", "W3b float32", "GB/s", "1", "64"} <= set(texts(svg))
    root = ElementTree.fromstring(svg)
    assert len(list(root.iter("polyline"))) == 2
    assert len(list(root.iter("circle"))) == 3
