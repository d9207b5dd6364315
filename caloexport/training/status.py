"""A training in one line of text, for the end of a progress bar."""

from __future__ import annotations

import math

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
        parts.append(_loss(progress))
    last = training.history[-1]["score"] if training.history else None
    if last is not None:
        best = progress.best_score
        told = f" (best {best:.3g})" if math.isfinite(best) else ""
        parts.append(f"score {last:.3g}{told}")
    parts.append(f"{updates_per_second * training.trainer.batches.size:.0f} showers/s")
    return ", ".join(parts)


def _loss(progress: Progress) -> str:
    means = {name: total / progress.counted for name, total in progress.losses.items()}
    distances = [f"{mean:.3g}" for name, mean in means.items() if name.endswith(DISTANCE)]
    if distances:
        return f"{DISTANCE}{'s' * (len(distances) > 1)} {' and '.join(distances)}"
    name, first = next(iter(means.items()))
    return f"{name} {first:.4g}"
