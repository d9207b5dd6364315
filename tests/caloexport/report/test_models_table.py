from __future__ import annotations

import re

from rich.console import Console
from rich.table import Table

from caloexport.report.models_table import (
    checks_of_models,
    failures_of_models,
    floor_of,
    floor_of_distance,
    metrics_of_models,
)
from caloexport.validation.checks import FAIL, NOT_APPLICABLE, PASS, Finding
from caloexport.validation.distances import DistanceResult
from caloexport.validation.models_compared import (
    MetricRow,
    ModelsCompared,
    Score,
)
from caloexport.validation.profile import Demand
from caloexport.validation.verdict import Verdict

DEMANDS = {"EN001": Demand(0.02, True), "CE001": Demand(0.1, False)}


def lines(table: Table) -> list[str]:
    """Return what a terminal shows, a line each."""
    console = Console(width=120, quiet=True, color_system=None)
    return [
        "".join(part.text for part in row).replace("\N{NO-BREAK SPACE}", " ").rstrip()
        for row in console.render_lines(table)
    ]


def score(mean: float, floor: float | None = 0.01, windows: int = 2) -> Score:
    return Score(mean, 0.002, floor, -2 * mean, 0.004, "1 GeV to 2 GeV", windows)


def verdict(status: str, value: float | None) -> Verdict:
    findings = {
        "EN001": Finding(status, value, None if value is None else 0.004),
        "CE001": Finding(NOT_APPLICABLE, where="too few showers"),
    }
    return Verdict("reference", "generated", [], findings, DEMANDS, [])


def compared(*rows: MetricRow) -> ModelsCompared:
    return ModelsCompared({"gan": verdict(PASS, 1.01), "[b]vae": verdict(FAIL, 1.2)}, rows)


def test_a_metric_shows_mean_worst_floor_and_the_best() -> None:
    row = MetricRow("response_ratio", {"gan": score(0.02), "[b]vae": score(0.06)}, "gan")
    heading, mean, worst, *_ = lines(metrics_of_models(compared(row)))[1:]
    assert heading.split() == ["metric", "floor", "gan", "[b]vae"]
    assert mean.split("  ")[0] == "response ratio - 1"
    assert re.split(r"  +", mean)[1:3] == ["0.01", "* 0.0200 ± 0.0020"]
    assert mean.endswith("0.0600 ± 0.0020")
    assert worst.split() == ["worst", "-0.0400", "±", "0.0040", "-0.1200", "±", "0.0040"]


def test_numbers_stand_below_each_other_with_and_without_a_star() -> None:
    row = MetricRow("phi_l1", {"gan": score(0.02), "[b]vae": score(0.06)}, "gan")
    mean, worst = lines(metrics_of_models(compared(row)))[2:4]
    assert mean.index("± 0.0020") == worst.index("± 0.0040")


def test_the_best_is_bold() -> None:
    row = MetricRow("phi_l1", {"gan": score(0.02), "[b]vae": score(0.06)}, "gan")
    console = Console(width=120, quiet=True, color_system="standard", force_terminal=True)
    rendered = console.render_lines(metrics_of_models(compared(row)))
    bold = [part.text for part in rendered[2] if part.style is not None and part.style.bold]
    assert bold == ["* 0.0200 ± 0.0020"]


def test_what_a_model_does_not_have_stays_empty() -> None:
    row = MetricRow("lateral_l1", {"[b]vae": score(0.06, None, 1)}, None)
    shown = lines(metrics_of_models(compared(row)))
    assert shown[2].split() == ["lateral", "l1", "0.0600", "±", "0.0020"]
    assert not any("worst" in line for line in shown[3:4])


def test_floors_of_samples_of_other_sizes_differ() -> None:
    row = MetricRow("phi_l1", {"a": score(0.02, 0.03), "b": score(0.02, 0.01)}, None)
    assert floor_of(row) == "0.01 to 0.03"
    assert (
        floor_of(MetricRow("phi_l1", {"a": score(0.02), "b": score(0.02, 0.0100001)}, None))
        == "0.01"
    )


def test_checks_stand_side_by_side_with_the_verdicts_below() -> None:
    shown = lines(checks_of_models(compared()))
    assert shown[1].split() == ["check", "required", "gan", "[b]vae"]
    rows = [re.split(r"  +", line) for line in shown[2:]]
    told = {row[0]: row[1:] for row in rows}
    assert told["EN001"] == ["yes", "pass 1.0100 ± 0.0040", "fail 1.2000 ± 0.0040"]
    assert told["CE001"] == ["no", "not applicable", "not applicable"]
    assert told["verdict"] == ["pass", "fail"]


def test_what_failed_is_explained_once_with_the_models_that_failed() -> None:
    found = ModelsCompared({name: verdict(FAIL, 1.2) for name in ("gan", "vae")}, [])
    told = failures_of_models(found)
    assert told[0] == "EN001 (gan, vae): mean total energy, over the reference's"
    assert told[1].startswith("  why it matters: ")
    assert len([line for line in told if line.startswith("EN001")]) == 1


def test_floors_of_a_distance_are_told_where_samples_of_other_sizes_have_others() -> None:
    few, many, none = (
        DistanceResult("kpd", 0.5, 0.1, floor, floor / 4, 100, 100, "calochallenge", 362)
        for floor in (0.04, 0.02, float("nan"))
    )
    assert floor_of_distance([few, many, none]) == "0.0200 ± 0.0050 to 0.040 ± 0.010"
    assert floor_of_distance([many, many]) == "0.0200 ± 0.0050"
    assert floor_of_distance([none]) == ""
