"""Histories as trainings leave them."""

from __future__ import annotations

from typing import Any


def gan(rows: int) -> list[dict[str, Any]]:
    """Return rows of a GAN: two critics, of which distances are validated."""
    return [
        {
            "updates": 100 * n,
            "epoch": 0.5 * n,
            "learning_rate": 1e-4,
            "critic 1 distance": 9.0 / n,
            "critic 2 distance": -5.0 / n,
            "critic 1 penalty": 0.1,
            "generator": float(n),
            "validation_critic 1 distance": 9.5 / n,
            "validation_critic 2 distance": -5.5 / n,
            "score": [4.0, 2.0, 3.0][n % 3],
            "score_error": 0.1,
            "worst_mean": 0.1 / n,
            "worst_width": 0.3,
            "seconds": 3.0 * n,
        }
        for n in range(1, rows + 1)
    ]
