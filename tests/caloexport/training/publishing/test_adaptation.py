"""What a card tells of adapting a meta-model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.training.publishing.adaptation import adaptation_section
from tests.caloexport.training.adapt.made_up import course, told


def written(folder: Path, **changed: Any) -> Path:
    courses = [
        course(arm, seed, (0, 0.5), (10, near), (20, near / 2))
        for arm, near in (("adapted", 0.06), ("from scratch", 0.2))
        for seed in (0, 1)
    ]
    path = folder / "comparison.json"
    path.write_text(json.dumps(told(courses, 20) | changed))
    return path


def test_a_comparison_is_a_table(tmp_path: Path) -> None:
    section = adaptation_section(written(tmp_path))
    assert "| 100 | adapted | 10 ± 0 (0.1 s) | 20 ± 0 (0.2 s) | 20 ± 0 (0.2 s) | 0.030" in section
    assert "| 100 | from scratch | 20 ± 0 (0.2 s) | not reached | not reached | 0.100" in section
    assert "2 seeds of each; a processor, 1 thread of TensorFlow" in section
    assert "the published 527 compares unlike steps" in section
    assert "was not compared" in adaptation_section(None)


@pytest.mark.parametrize(
    "changed",
    [
        {"schema": "caloexport.bench/1"}, {"courses": []}, {"courses": [3]}, {"machine": 3},
        {"courses": [{"arm": "a", "showers": 3, "seed": 0, "places": []}]},
    ],
)  # fmt: skip
def test_another_file_is_refused(changed: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InputFileError):
        adaptation_section(written(tmp_path, **changed))
    with pytest.raises(InputFileError):
        adaptation_section(tmp_path / "missing.json")
