"""Tell whether two runs came to the same end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from caloexport.training.checkpoint import read_checkpoint


def final_state(folder: Path) -> dict[str, np.ndarray]:
    """Return every number of the last checkpoint."""
    return read_checkpoint(folder / "checkpoint.safetensors")[0]


def assert_same_run(one: Path, other: Path) -> None:
    """Compare weights, history and ranking bit by bit; only times may differ."""
    expected, found = final_state(one), final_state(other)
    assert expected.keys() == found.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
    histories = [
        [{k: v for k, v in json.loads(line).items() if "seconds" not in k} for line in lines]
        for lines in ((f / "history.jsonl").read_text().splitlines() for f in (one, other))
    ]
    for mine, others in zip(*histories, strict=True):
        assert mine == others
    assert published(one) == published(other)


def published(folder: Path) -> dict[str, str]:
    """Return what a run tells of its best decoders, and the names of the files that it keeps."""
    files = sorted(str(path.relative_to(folder)) for path in (folder / "ranked").iterdir())
    texts = {name: (folder / name).read_text() for name in ("ranking.json", "scores.json")}
    return {**texts, "ranked": ", ".join(files)}
