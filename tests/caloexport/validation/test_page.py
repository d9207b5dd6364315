"""The page about observables and metrics names each of them."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from caloexport.validation.metrics import metrics
from caloexport.validation.observables import observables

PAGE = Path(__file__).parents[3] / "docs" / "observables.md"


def rows(section: str) -> set[str]:
    """Return the names in the first column of a section's table."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return set(re.findall(r"`(\w+)`", " ".join(cells)))


def test_every_entry_has_a_row() -> None:
    assert rows("Observables") == set(observables)
    assert rows("Metrics") == set(metrics)


def test_the_example_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    found = runpy.run_path(str(script))
    assert len(found["names"]) > 10
    assert re.fullmatch(r"\S+ ± \S+ \(floor \S+\)\n", capsys.readouterr().out)
