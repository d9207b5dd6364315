"""What a search found."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from caloexport.training.plan import Plan, read_preset
from caloexport.training.scoring.row import with_error
from caloexport.training.tune.folder import BEST, Asked, SearchFolder
from caloexport.training.tune.study import FAILED, FINISHED, PRUNED, RUNNING, Study, Trial
from caloexport.training.tune.watch import ranked, trials_table

#: finished trials before the importance of parameters is told
ENOUGH = 8
#: seeds by which the best settings are judged, and how far from the first of the search
SEEDS, FURTHER = 5, 100
#: how long to train is asked for anew in every training
LENGTH = ("updates", "epochs")


def result(folder: SearchFolder, plan: Plan, asked: Asked, study: Study) -> dict[str, Any]:
    """Return what was found so far as JSON, schema ``caloexport.tune/1``."""
    trials = study.trials()
    finished = ranked(trials)
    names = {name for trial in finished for name in trial.parameters}
    told = next((trial for trial in finished if trial.floor is not None), None)
    enough = len(finished) >= ENOUGH and len(names) > 1
    return {
        "schema": "caloexport.tune/1",
        "folder": str(folder.path),
        "family": plan.family,
        "preset": plan.preset,
        "seed": plan.seed,
        "storage": asked.storage or None,
        "study": folder.study,
        "seeds_per_trial": asked.seeds_per_trial,
        "spread": "standard deviation over the seeds of a trial, from n - 1",
        "counts": {h: sum(t.how == h for t in trials) for h in (FINISHED, PRUNED, FAILED, RUNNING)},
        "floor": told and told.floor,
        "floor_error": told and told.floor_error,
        "best": _best(folder, finished[0]) if finished else None,
        "importance": study.importance() if enough else None,
        "trials": [_entry(trial) for trial in trials],
    }


def _entry(trial: Trial) -> dict[str, Any]:
    entry = dataclasses.asdict(trial)
    kept = ("number", "how", "score", "scores", "parameters", "reason")
    found = {**{name: entry[name] for name in kept}, "spread": trial.spread}
    return found | {"scores": list(trial.scores)}


def _best(folder: SearchFolder, trial: Trial) -> dict[str, Any]:
    found = {"number": trial.number, "score": trial.score, "spread": trial.spread}
    return {
        **found,
        "parameters": trial.parameters,
        "runs": str(folder.trial(trial.number)),
        "config": str(folder.path / BEST),
    }


def changed_settings(plan: Plan, settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return, for ``train --config``, what a trial has else than its preset.

    Args:
        plan: of the search: the preset, and what the user laid over it.
        settings: of the trial; all of them are returned.
    """
    preset = read_preset(plan.family, plan.preset)
    changed: dict[str, Any] = {}
    for section, content in plan.config.items():
        if not isinstance(content, Mapping):
            if preset.get(section, content) != content:  # as the kind of mesh
                changed[section] = content
            continue
        usual, chosen = preset.get(section, {}), settings.get(section, {})
        other = {
            key: value
            for key, value in content.items()
            if usual.get(key) != value and not (section == "training" and key in LENGTH)
        }
        if other or chosen:
            changed[section] = {**other, **chosen}
    return changed


def train_command(found: Mapping[str, Any], data: Sequence[Path]) -> str:
    """Return the command that trains the best settings to the end, with seeds that are new.

    The best of many trials was also lucky; seeds that the search did not choose by tell by how much.
    """
    words = ["caloexport", "train", found["family"], "--preset", found["preset"]]
    words += ["--config", found["best"]["config"]]
    words += [word for path in data for word in ("--data", str(path))]
    words += ["--seed", str(found["seed"] + FURTHER), "--seeds", str(SEEDS), "-o", "RUN"]
    return shlex.join(words)


def heading(found: Mapping[str, Any], data: Sequence[Path]) -> str:
    """Return what stands at the top of ``best.toml``."""
    best = found["best"]
    spread = "" if best["spread"] is None else f" ± {best['spread']:.2g}"
    n = found["seeds_per_trial"]
    seeds = f"{n} seeds" if n > 1 else "1 seed"
    return (
        f"Settings of trial {best['number']}, score {best['score']:.4g}{spread} ({seeds}).\n"
        f"{train_command(found, data)}"
    )


def tables(found: Mapping[str, Any], study_trials: list[Trial]) -> Iterator[Any]:
    """Give what can be printed of a result."""
    from rich.table import Table

    counts = found["counts"]
    said = ", ".join(f"{counts[how]} {how}" for how in counts if counts[how])
    n = found["seeds_per_trial"]
    over = f"mean ± standard deviation over {n} seeds" if n > 1 else "of a single seed"
    floor = with_error(found["floor"], found["floor_error"])
    perfect = floor and f" (a perfect generator: {floor})"
    yield f"trials: {said}; score: {over}{perfect}"
    yield trials_table(ranked(study_trials))
    failed = [trial for trial in study_trials if trial.how == FAILED]
    if failed:
        drawn = Table("trial", "why it failed", title="failed trials")
        for trial in failed:
            drawn.add_row(str(trial.number), trial.reason)
        yield drawn
    if found["importance"]:
        title = f"importance for being in the better half of {counts[FINISHED]} finished trials"
        drawn = Table("parameter", "importance", title=title)
        for name, share in found["importance"].items():
            drawn.add_row(name, f"{share:.2f}")
        yield drawn
