"""A training in one line of text, for the end of a progress bar."""

from __future__ import annotations

import math

from caloexport.training.training import Training


def status(training: Training, updates_per_second: float) -> str:
    """Return the first loss since the last evaluation, its score and the best, and the speed."""
    progress, parts = training.progress, []
    if progress.counted and progress.losses:
        name, total = next(iter(progress.losses.items()))
        parts.append(f"{name} {total / progress.counted:.4g}")
    last = training.history[-1]["score"] if training.history else None
    if last is not None:
        best = progress.best_score
        told = f" (best {best:.3g})" if math.isfinite(best) else ""
        parts.append(f"score {last:.3g}{told}")
    parts.append(f"{updates_per_second * training.schedule.batch:.0f} showers/s")
    return ", ".join(parts)
