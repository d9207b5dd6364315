from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from caloexport.training.ranking import Ranked
from caloexport.training.status import status
from caloexport.training.training import Progress


def training(progress: Progress, score: float | None) -> Any:
    history = [] if score is None else [{"score": 9.0}, {"score": score}]
    return SimpleNamespace(progress=progress, history=history, schedule=SimpleNamespace(batch=64))


def test_the_status_tells_loss_score_best_and_speed() -> None:
    progress = Progress(losses={"kl": 6.0, "bce": 2.0}, counted=2)
    assert status(training(progress, None), 10.0) == "kl 3, 640 showers/s"
    progress.ranking = [Ranked(100, 1.1, 0.1)]
    expected = "kl 3, score 1.23 (best 1.1), 640 showers/s"
    assert status(training(progress, 1.2345), 10.0) == expected


def test_there_is_a_status_before_the_first_loss_and_without_a_best_score() -> None:
    assert status(training(Progress(), None), 0.5) == "32 showers/s"
    assert status(training(Progress(), 2.0), 0.5) == "score 2, 32 showers/s"
