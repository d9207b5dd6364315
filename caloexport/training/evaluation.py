"""Evaluations during a training: score a decoder, rank it, and publish the best."""

from __future__ import annotations

import json
import math
import shutil
import time
from typing import Any

from caloexport.runtime.files import atomic_output
from caloexport.training.provenance import provenance
from caloexport.training.ranking import (
    Ranked,
    ranked_with,
    remove_others,
    write_ranking,
    write_table,
)
from caloexport.training.run_folder import RunFolder
from caloexport.training.scoring.row import Row, number
from caloexport.training.scoring.score import Scored
from caloexport.training.training import Training, learning_rate


def evaluate(training: Training) -> Scored:
    """Score the decoder as it is now; rank it, to be published once the checkpoint is written."""
    started = time.monotonic()
    progress, trainer = training.progress, training.trainer
    validation = trainer.validate()
    candidate = Ranked(progress.updates, math.inf, math.inf)
    training.folder.ranked.mkdir(exist_ok=True)
    with atomic_output(candidate.decoder(training.folder)) as temporary:
        trainer.save_decoder(temporary)
    scored = training.scorer.score(candidate.decoder(training.folder))
    _rank(training, progress.updates, scored)
    seconds = time.monotonic() - started
    progress.evaluation_seconds += seconds
    training.history.append(_history(training, validation, scored, seconds))
    progress.losses, progress.counted = {}, 0
    return scored


def _rank(training: Training, updates: int, scored: Scored) -> None:
    score, progress = scored.picked(training.schedule.pick), training.progress
    if math.isfinite(score.value):
        new = Ranked(updates, score.value, score.error)
        write_table(new.table(training.folder), scored.rows)
        progress.ranking = ranked_with(progress.ranking, new, training.schedule.keep)
    progress.judged_by = training.judged_by


def judge_again(training: Training) -> None:
    """Score the ranking anew if its scores come from other criteria, or from another pick.

    Scores of different criteria do not compare: a decoder of an earlier version of caloexport
    could stay best for ever, or never. A run of a version without ranking has one decoder.
    """
    progress, folder = training.progress, training.folder
    if progress.judged_by == training.judged_by:
        return
    before, progress.ranking = progress.ranking or _published_alone(training), []
    for one in before:
        if one.decoder(folder).exists():
            _rank(training, one.updates, training.scorer.score(one.decoder(folder)))
    if before:
        publish(training, anew=True)


def _published_alone(training: Training) -> list[Ranked]:
    """Take the decoder of a run that has no ranking into one, without a score yet."""
    folder, updates = training.folder, training.folder.published()
    if updates is None or updates > training.progress.updates or not folder.decoder.exists():
        return []
    alone = Ranked(updates, math.inf, math.inf)
    folder.ranked.mkdir(exist_ok=True)
    with atomic_output(alone.decoder(folder)) as temporary:
        shutil.copyfile(folder.decoder, temporary)
    return [alone]


def _history(
    training: Training, validation: dict[str, float], scored: Scored, seconds: float
) -> dict[str, Any]:
    progress = training.progress
    counted = max(progress.counted, 1)
    score = scored.picked(training.schedule.pick)
    return {
        "updates": progress.updates,
        "epoch": progress.updates / training.trainer.batches.per_epoch,
        "learning_rate": learning_rate(training.schedule, progress.updates, training.total),
        **{name: value / counted for name, value in progress.losses.items()},
        **{f"validation_{name}": value for name, value in validation.items()},
        "score": number(score.value),
        "score_error": number(score.error),
        **scored.columns(),
        "evaluation_seconds": round(seconds, 3),
        "seconds": round(progress.seconds, 1),
    }


def publish(training: Training, *, anew: bool = False) -> None:
    """Bring the run folder into line with the ranking, which the checkpoint has by now.

    Args:
        training: whose ranking it is.
        anew: publish the best even if it is published already, because its score is another.

    The manifest is written last: where it names the best decoder, decoder and scores are its own.
    """
    folder, ranking = training.folder, training.progress.ranking
    best = training.progress.best
    other = best is not None and (anew or folder.published() != best.updates)
    if best is not None and other and best.decoder(folder).exists():
        for source, place in (
            (best.decoder(folder), folder.decoder),
            (best.table(folder), folder.scores),
        ):
            with atomic_output(place) as temporary:
                shutil.copyfile(source, temporary)
        told = provenance(training, best.updates, score=best.score, score_error=best.error)
        folder.write_manifest(training.trainer.sampling, told)
    about = {
        "pick": training.schedule.pick,
        "floor": number(training.floor.value),
        "floor_error": number(training.floor.error),
    }
    write_ranking(folder, ranking, about)
    remove_others(folder, ranking)


def best_scores(folder: RunFolder) -> list[Row]:
    """Read the scores of the decoder that is kept; empty when there is none."""
    if not folder.scores.exists():
        return []
    rows = json.loads(folder.scores.read_text(encoding="utf-8"))
    return [Row(**row) for row in rows]
