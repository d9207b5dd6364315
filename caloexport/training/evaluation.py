"""Evaluations during a training: score the showers held back, keep the decoder that does best."""

from __future__ import annotations

import json
from typing import Any

from caloexport.runtime.files import atomic_output
from caloexport.training.run_folder import RunFolder, versions
from caloexport.training.score import WindowScore, compare, score
from caloexport.training.training import Training, learning_rate


def evaluate(training: Training) -> float:
    """Score the showers held back; keep the decoder when it is the best so far."""
    progress, trainer = training.progress, training.trainer
    validation = trainer.validate()
    rows = compare(training.data, trainer.sampling, trainer.decode)
    found = score(rows)
    counted = max(progress.counted, 1)
    training.history.append(
        {
            "updates": progress.updates,
            "epoch": progress.updates / trainer.batches.per_epoch,
            "learning_rate": learning_rate(training.schedule, progress.updates, training.total),
            **{name: value / counted for name, value in progress.losses.items()},
            **{f"validation_{name}": value for name, value in validation.items()},
            "score": found,
            "worst_response": max((abs(r.response_ratio - 1) for r in rows), default=0.0),
            "worst_profile_l1": max((r.profile_l1 for r in rows), default=0.0),
            "seconds": round(progress.seconds, 1),
        }
    )
    progress.losses, progress.counted = {}, 0
    if found < progress.best_score:
        progress.best_score, progress.best_updates = found, progress.updates
        _keep(training, rows)
    return found


def _keep(training: Training, rows: list[WindowScore]) -> None:
    folder = training.folder
    with atomic_output(folder.decoder) as temporary:
        training.trainer.save_decoder(temporary)
    folder.write_text("scores.json", json.dumps([row.to_json() for row in rows], indent=2) + "\n")
    folder.write_manifest(training.trainer.sampling, _provenance(training))


def _provenance(training: Training) -> dict[str, Any]:
    plan, progress = training.plan, training.progress
    return {
        "family": plan.family,
        "preset": plan.preset,
        "seed": plan.seed,
        "settings": json.loads(json.dumps(plan.config)),
        **({"changed": list(plan.changed)} if plan.changed else {}),
        "updates": progress.best_updates,
        "updates_planned": training.total,
        "score": progress.best_score,
        "data": list(training.data.files),
        "versions": versions(),
    }


def best_scores(folder: RunFolder) -> list[WindowScore]:
    """Read the scores of the decoder that is kept; empty when there is none."""
    path = folder.path / "scores.json"
    if not path.exists():
        return []
    return [WindowScore(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
