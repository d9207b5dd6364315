"""Conditions, cards, sources and tables in words."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from rich.table import Table

from caloexport.report.html.conditions import model_conditions, sample_conditions
from caloexport.report.html.model_card import Speed, model_card
from caloexport.report.html.page_tables import metrics_table, of_rich
from caloexport.report.html.sources import digest
from caloexport.runtime.conditions import Condition
from tests.networks import decoder


def test_conditions_of_a_sample() -> None:
    given = {
        "energy_mev": np.linspace(1e3, 64e3, 20),
        "theta_rad": np.full(20, np.pi / 2),
        "geometry": np.array(["siw", "pbwo4"] * 10),
        "ripos_eta": np.linspace(-0.01, 0.01, 20),
    }
    assert sample_conditions(given) == [
        ("energy", "1 GeV to 64 GeV"),
        ("polar angle θ", "90°"),
        ("geometry", "pbwo4, siw"),
        ("ripos_eta", "-0.01 to 0.01"),
    ]


def test_conditions_of_a_model() -> None:
    given = (
        Condition("energy_mev", 1e3, 2e3),
        Condition("geometry", categories=("siw", "pbwo4")),
        Condition("place"),
    )
    assert [text for _, text in model_conditions(given)] == ["1 GeV to 2 GeV", "siw, pbwo4", "any"]


def test_the_card_tells_manifest_size_and_speed(tmp_path: Path) -> None:
    path = tmp_path / "toy.safetensors"
    path.write_bytes(bytes(2_500_000))
    toy = decoder()
    rows = dict(model_card(toy, path, Speed(40, 123.4, 100.0, 200.0, "compiled kernels")))
    assert rows["name"] == "toy"
    assert rows["manifest"] == toy.manifest.hash
    assert rows["size on disk"] == "2.50 MB"
    assert rows["network"].endswith("60 cells")
    assert rows["time per shower"].startswith("123 µs, median (10 % to 90 %: 100 to 200) of 40")
    assert "time per shower" not in dict(model_card(toy, path, None))
    assert "memory" not in rows
    told = dict(model_card(toy, path, None, 1_230_000))["memory"]
    assert told.startswith("1.23 MB of weights in float32")


def test_the_card_tells_what_a_model_was_trained_on(tmp_path: Path) -> None:
    toy = decoder()
    told = {"family": "fastv", "data": [{"file": "a.h5", "showers": 9}, {"file": "b.h5"}]}
    toy.manifest.provenance.update(told)  # type: ignore[attr-defined]
    rows = dict(model_card(toy, tmp_path, None))
    assert rows["family"] == "fastv"
    assert rows["trained on (showers)"] == "a.h5 (9), b.h5 (None)"


def test_what_others_wrote_does_not_fill_the_card(tmp_path: Path) -> None:
    toy = decoder()
    toy.manifest.provenance.update({"licence": "x" * 10**6})  # type: ignore[attr-defined]
    assert len(dict(model_card(toy, tmp_path, None))["licence"]) == 600


def test_a_folder_has_the_hash_of_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("2")
    (tmp_path / "a").write_text("1")
    before = digest(tmp_path)
    lines = "".join(f"{n} {hashlib.sha256(c.encode()).hexdigest()}\n" for n, c in ("a1", "b2"))
    assert before == hashlib.sha256(lines.encode()).hexdigest()
    (tmp_path / "a").rename(tmp_path / "c")
    assert digest(tmp_path) != before


def test_metrics_stand_with_error_and_floor() -> None:
    estimate = {"value": 1.01, "error": 0.0123, "floor": None}
    window = {
        "low_mev": 1e3, "high_mev": 2e3, "n_reference": 5, "n_generated": 6,
        "metrics": {"response_ratio": estimate, "lateral_l1": estimate},
    }  # fmt: skip
    inclined = {
        **window, "low_theta_rad": np.radians(60), "high_theta_rad": np.radians(60),
        "metrics": {"hit_azimuth_distance": estimate},
    }  # fmt: skip
    rows = metrics_table([window, inclined, {**window, "metrics": {}}]).rows
    assert rows[0] == ("1 GeV to 2 GeV: 5 and 6 showers",)
    assert rows[1] == ("response ratio", "1.0100", "0.0123", "")
    assert rows[2][0] == "lateral l1"
    assert rows[3] == ("60°: 5 and 6 showers",)
    assert rows[4][0] == "hit azimuth distance"
    assert rows[6] == ("none: too few showers", "", "", "")


def test_tables_of_the_terminal_become_tables_of_the_page() -> None:
    table = Table(title="[bold]a[/] table")
    table.add_column("x")
    table.add_column("y", justify="right")
    table.add_row("1", "[red]2[/]")
    found = of_rich(table)
    assert (found.title, found.rows) == ("a table", [("1", "2")])
    assert [column.number for column in found.columns] == [False, True]
