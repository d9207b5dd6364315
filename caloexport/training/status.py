"""A training in one line of text, for the end of a progress bar and for every evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from caloexport.training.curves.panels import VALIDATION, losses_in
from caloexport.training.scoring.row import with_error
from caloexport.training.training import Progress, Training

#: losses of this name, one per critic, are told side by side
DISTANCE = "distance"


def status(training: Training, updates_per_second: float) -> str:
    """Return what a line has room for: a loss, the last score and the best, and the speed.

    The loss is the mean since the last score: the distances of all critics, or the first there
    is. Showers are all that an update reads, those of every critic update included.
    """
    progress, parts = training.progress, []
    if progress.counted and progress.losses:
        parts.append(_loss(_means(progress)))
    last = training.history[-1]["score"] if training.history else None
    if last is not None:
        best = progress.best_score
        told = f" (best {best:.3g})" if math.isfinite(best) else ""
        parts.append(f"score {last:.3g}{told}")
    parts.append(f"{updates_per_second * training.trainer.batches.size:.0f} showers/s")
    return ", ".join(parts)


def evaluation(row: Mapping[str, Any]) -> str:
    """Return what an evaluation found, in one line.

    Args:
        row: of the history.

    >>> row = {"updates": 100, "loss": 43.21, "validation_loss": 44.0, "score": 2.0, "score_error": 0.12}
    >>> evaluation({**row, "worst_mean": 0.021, "worst_longitudinal_profile": 0.123})
    'after 100 updates: loss 43.21; held back loss 44; at worst total energy 2.1 %, longitudinal profile 0.123 off; score 2.00 ± 0.12'
    """
    losses = {name: row[name] for name in losses_in(row) if row[name] is not None}
    held_back = {
        name.removeprefix(VALIDATION): value
        for name, value in row.items()
        if name.startswith(VALIDATION) and value is not None
    }
    parts = [_loss(losses), f"held back {_loss(held_back)}" if held_back else ""]
    if off := list(_worst(row)):
        parts.append(f"at worst {', '.join(off)} off")
    if row["score"] is not None:
        parts.append(f"score {with_error(row['score'], row['score_error'])}")
    return f"after {row['updates']} updates: {'; '.join(filter(None, parts))}"


def _worst(row: Mapping[str, Any]) -> Iterator[str]:
    """Tell the largest deviation over detectors and energies of what matters most."""
    if row.get("worst_mean") is not None:
        yield f"total energy {100 * row['worst_mean']:.2g} %"
    for name, distance in row.items():
        if name.startswith("worst_") and name.endswith("_profile") and distance is not None:
            yield f"{name.removeprefix('worst_').replace('_', ' ')} {distance:.3g}"


def _means(progress: Progress) -> dict[str, float]:
    return {name: total / progress.counted for name, total in progress.losses.items()}


def _loss(means: Mapping[str, float]) -> str:
    """Tell the distances of all critics, or the first loss that there is."""
    distances = [f"{mean:.3g}" for name, mean in means.items() if name.endswith(DISTANCE)]
    if distances:
        return f"{DISTANCE}{'s' * (len(distances) > 1)} {' and '.join(distances)}"
    return next((f"{name} {mean:.4g}" for name, mean in means.items()), "")
