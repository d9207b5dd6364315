from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from caloexport.converters.open import open_model
from caloexport.training import loop, start
from caloexport.training.model_card import main
from tests.caloexport.training import tiny

pytest.importorskip("tensorflow")


def test_a_published_run_opens_and_tells_its_physics(tmp_path: Path) -> None:
    files = (
        tiny.write(tmp_path / "siw.h5", n=200),
        tiny.write(tmp_path / "inclined.h5", theta_deg=60.0),
    )
    wanted = {"data": files, "preset": "metahep", "config": tiny.config(tmp_path), "updates": 40}
    loop.run(start.prepare("fastv", tmp_path / "run", wanted, resume=False))
    options = [str(tmp_path / "run"), "-o", str(tmp_path / "model")]
    result = CliRunner().invoke(main, options, catch_exceptions=False)
    assert result.exit_code == 0
    names = sorted(path.name for path in (tmp_path / "model").iterdir())
    assert names == ["MODEL_CARD.md", "decoder.keras", "manifest.json"]
    text = (tmp_path / "model" / "MODEL_CARD.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| siw | ")]
    assert [row.split(" | ")[1:3] for row in rows] == 2 * [
        ["2 GeV", "90°"],
        ["10 GeV", "90°"],
        ["50 GeV", "90°"],
        ["1–64 GeV", "60°"],
    ]
    assert open_model(tmp_path / "model").sampling == open_model(tmp_path / "run").sampling
