from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.runtime.errors import UnsupportedError
from tests.cpp.generators import GENERATORS


def test_the_numbers_to_expect_are_those_of_the_reference(tmp_path: Path) -> None:
    generator = apply_contract(GENERATORS["cylinder"](), "par04-vae", "lwtnn")
    export(generator, "lwtnn", tmp_path / "g.json")
    written = write_snippets("par04-vae", tmp_path / "g.json", tmp_path / "par04")
    lines = (written.folder / "README.md").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith(("| 0 |", "| 3 |"))]
    for number, row in zip((0, 3), rows, strict=True):
        energy_mev, theta_rad = float(row[1]), float(row[2])
        shower = generator.sample(
            1, seed=1, first=number, energy_mev=energy_mev, theta_rad=theta_rad
        )
        assert float(row[3]) == pytest.approx(shower.sum(), rel=1e-4)
        assert int(row[4]) == shower.argmax()


def test_an_artifact_for_another_consumer_is_refused(tmp_path: Path) -> None:
    export(GENERATORS["cylinder"](), "lwtnn", tmp_path / "g.json")
    with pytest.raises(UnsupportedError, match="was made for no contract"):
        write_snippets("par04-vae", tmp_path / "g.json", tmp_path / "par04")
