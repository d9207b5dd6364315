"""The ranking of a training: its best decoders so far, each with its table.

What is in the ranking says the checkpoint alone. An evaluation writes its decoder and table to
``ranked``, then the checkpoint is written, and only then is what left the ranking removed. So a run
that is killed anywhere finds every file of the ranking that its last checkpoint has.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.files import atomic_output
from caloexport.training.run_folder import RunFolder
from caloexport.training.scoring.row import Row

SCHEMA = "caloexport.ranking/1"


@dataclass(frozen=True)
class Ranked:
    """A decoder in the ranking.

    Attributes:
        updates: after which it was scored.
        score: by which it is ranked, smaller is better.
        error: standard error of the score.
    """

    updates: int
    score: float
    error: float

    def decoder(self, folder: RunFolder) -> Path:
        """Return its Keras file."""
        return folder.ranked / f"decoder-{self.updates:09d}.keras"

    def table(self, folder: RunFolder) -> Path:
        """Return the file of its rows."""
        return self.decoder(folder).with_suffix(".json")


def ranked_with(ranking: Sequence[Ranked], new: Ranked, keep: int) -> list[Ranked]:
    """Return the best with a new one among them; of equal scores the earlier is better.

    >>> first, second = Ranked(10, 2.0, 0.1), Ranked(20, 1.0, 0.1)
    >>> [one.updates for one in ranked_with([first], second, keep=3)]
    [20, 10]
    """
    return sorted([*ranking, new], key=lambda one: (one.score, one.updates))[:keep]


def write_table(path: Path, rows: Sequence[Row]) -> None:
    """Write rows, one per line."""
    lines = ",\n".join(json.dumps(row.to_json(), allow_nan=False) for row in rows)
    with atomic_output(path) as temporary:
        temporary.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def write_ranking(folder: RunFolder, ranking: Sequence[Ranked], about: dict[str, Any]) -> None:
    """Write ``ranking.json``: the decoders, and what else there is to tell about their scores."""
    listed = [
        {**asdict(one), "decoder": str(one.decoder(folder).relative_to(folder.path))}
        for one in ranking
    ]
    content = {"schema": SCHEMA, **about, "ranking": listed}
    folder.write_text("ranking.json", json.dumps(content, indent=2, allow_nan=False) + "\n")


def remove_others(folder: RunFolder, ranking: Sequence[Ranked]) -> None:
    """Remove from ``ranked`` what is not in the ranking, with what a killed process left there."""
    if not folder.ranked.exists():
        return
    kept = {path for one in ranking for path in (one.decoder(folder), one.table(folder))}
    for path in set(folder.ranked.iterdir()) - kept:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
