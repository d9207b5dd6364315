from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from caloexport.training.ranking import Ranked
from caloexport.training.status import evaluation, status
from caloexport.training.training import Progress


def training(progress: Progress, score: float | None, size: int = 64) -> Any:
    history = [] if score is None else [{"score": 9.0}, {"score": score}]
    trainer = SimpleNamespace(batches=SimpleNamespace(size=size))
    return SimpleNamespace(progress=progress, history=history, trainer=trainer)


def test_the_status_tells_loss_score_best_and_speed() -> None:
    progress = Progress(losses={"kl": 6.0, "bce": 2.0}, counted=2)
    assert status(training(progress, None), 10.0) == "kl 3, 640 showers/s"
    progress.ranking = [Ranked(100, 1.1, 0.1)]
    expected = "kl 3, score 1.23 (best 1.1), 640 showers/s"
    assert status(training(progress, 1.2345), 10.0) == expected


def test_a_gan_tells_the_distance_of_every_critic_and_all_showers_that_critics_read() -> None:
    losses = {"critic 1 distance": 0.25, "critic 2 distance": -3.0, "critic 1 penalty": 9.0}
    progress = Progress(losses={**losses, "generator": 1.0}, counted=2)
    expected = "distances 0.125 and -1.5, 3200 showers/s"
    assert status(training(progress, None, size=5 * 64), 10.0) == expected
    alone = Progress(losses={"critic 1 distance": 0.5, "generator": 1.0}, counted=1)
    assert status(training(alone, None), 1.0) == "distance 0.5, 64 showers/s"


def test_there_is_a_status_before_the_first_loss_and_without_a_best_score() -> None:
    assert status(training(Progress(), None), 0.5) == "32 showers/s"
    assert status(training(Progress(), 2.0), 0.5) == "score 2, 32 showers/s"


def test_an_evaluation_tells_losses_profiles_energy_and_score() -> None:
    row = {"updates": 100, "epoch": 0.5, "learning_rate": 1e-3, "kl": 3.0, "validation_kl": 3.5,
           "penalty": 9.0, "score": 2.0, "score_error": 0.12, "worst_mean": 0.021,
           "worst_width": 0.4, "worst_longitudinal_profile": 0.1234, "worst_lateral_profile": 0.08}  # fmt: skip
    assert evaluation(row) == (
        "after 100 updates: kl 3; held back kl 3.5; at worst total energy 2.1 %, "
        "longitudinal profile 0.123, lateral profile 0.08 off; score 2.00 ± 0.12"
    )


def test_an_evaluation_of_a_gan_tells_every_critic_and_one_without_numbers_what_there_is() -> None:
    critics = {"critic 1 distance": 0.25, "critic 2 distance": -3.0, "generator": 1.0}
    row = {"updates": 6, **critics, "validation_critic 1 distance": 0.5,
           "validation_critic 2 distance": -2.0, "score": None, "score_error": None,
           "worst_mean": None, "worst_longitudinal_profile": None}  # fmt: skip
    told = "after 6 updates: distances 0.25 and -3; held back distances 0.5 and -2"
    assert evaluation(row) == told
    assert evaluation({"updates": 1, "kl": None, "score": 3.0, "score_error": 0.0}) == (
        "after 1 updates: score 3"
    )
