"""From what a user asked for to a training that is ready to run, and from its end to its result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import UsageError
from caloexport.training import loop
from caloexport.training.changes import with_changes
from caloexport.training.checkpoint import updates_done
from caloexport.training.kept_steps import kept_steps
from caloexport.training.loop import Report
from caloexport.training.mesh_kind import require_kind
from caloexport.training.plan import Plan, new_plan, resumed_plan
from caloexport.training.run_folder import RunFolder
from caloexport.training.scoring.row import Row, number, with_error
from caloexport.training.training import Training

#: what a run's own config.toml decides, so that --resume does not take it again
FIXED = ("data", "preset", "config", "seed", "threads")


def prepare(
    family: str,
    folder: Path,
    wanted: Mapping[str, Any],
    *,
    resume: bool,
    report: Report = lambda done, text: None,
) -> Training:
    """Begin a run or take one up.

    Args:
        family: entry of the registry.
        folder: of the run.
        wanted: ``data``, ``preset``, ``config``, ``seed``, ``epochs``, ``updates`` and
            ``threads``; None where the user did not say. With ``resume``, ``config`` can
            change what ``training.changes`` allows.
        resume: take up ``folder`` instead of making it.
        report: progress of reading the showers.

    Raises:
        UsageError: an option that a resumed run has decided already, or another family.
    """
    if resume:
        plan = plan_there(family, folder, {**wanted, "config": None}, "config.toml")
        if config := wanted.get("config"):
            plan = with_changes(plan, config, updates_done(RunFolder(folder).checkpoint))
        return loop.resume(plan, folder, report)
    RunFolder(folder).require_absent()
    return loop.begin(plan_of(family, wanted), folder, report)


def plan_of(family: str, wanted: Mapping[str, Any]) -> Plan:
    """Plan what a user asked for.

    Raises:
        CaloexportError: as of ``new_plan``; a file holds another kind of mesh than the preset's.
    """
    plan = new_plan(
        family,
        wanted.get("data") or (),
        preset=wanted.get("preset"),
        config=wanted.get("config"),
        overrides=overrides_of(wanted),
        seed=wanted.get("seed") or 0,
        threads=wanted.get("threads") or 1,
    )
    require_kind(plan)
    return plan


def overrides_of(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of [training] that a user gave as options.

    Raises:
        UsageError: both ``epochs`` and ``updates``, of which one would be ignored.
    """
    overrides = {k: wanted[k] for k in ("epochs", "updates") if wanted.get(k) is not None}
    if len(overrides) == 2:
        message = "--epochs and --updates both say how long to train"
        raise UsageError(message, hint="give one of them")
    if "epochs" in overrides:
        overrides["updates"] = 0  # else a number of updates in the preset would win
    return overrides


def refuse_decided(wanted: Mapping[str, Any], options: Mapping[str, str]) -> None:
    """Refuse what a run that is taken up again has decided.

    Args:
        wanted: what the user gave by name; None or empty where nothing.
        options: by name the option.

    Raises:
        UsageError: names the options.

    >>> refuse_decided({"seed": 0, "data": ()}, {"data": "data", "seed": "seed"})
    Traceback (most recent call last):
        ...
    caloexport.runtime.errors.UsageError: --resume takes --seed from the run (leave it out, or begin a new run)
    """
    given = [f"--{options[name]}" for name in options if wanted.get(name) not in (None, (), [])]
    if given:
        message = f"--resume takes {', '.join(given)} from the run"
        raise UsageError(message, hint="leave it out, or begin a new run")


def plan_there(family: str, folder: Path, wanted: Mapping[str, Any], name: str) -> Plan:
    """Read the plan of a folder that a user wants to go on with.

    Args:
        family: must be the plan's.
        folder: that was made before.
        wanted: what the user gave.
        name: of the file with the plan.

    Raises:
        UsageError: an option that the folder has decided already, or another family.
    """
    refuse_decided(wanted, {name: name for name in FIXED})
    plan = resumed_plan(folder, overrides_of(wanted), name)
    if plan.family != family:
        message = f"is a run of the family '{plan.family}', not '{family}'"
        raise UsageError(message, where=str(folder))
    return plan


def summary(training: Training, scores: list[Row]) -> dict[str, Any]:
    """Return the result as JSON, schema ``caloexport.train/1``."""
    progress, best = training.progress, training.progress.best
    return {
        "schema": "caloexport.train/1",
        "run": str(training.folder.path),
        "family": training.plan.family,
        "preset": training.plan.preset,
        "updates": progress.updates,
        "best_updates": progress.best_updates,
        "score": best and best.score,
        "score_error": best and number(best.error),
        "score_floor": number(training.floor.value),
        "score_floor_error": number(training.floor.error),
        "seconds": round(progress.seconds, 1),
        "evaluation_seconds": round(progress.evaluation_seconds, 1),
        "beyond": [one.to_json() for one in training.plan.beyond],
        "steps_kept": kept_steps(training.folder),
        "scores": [row.to_json() for row in scores],
    }


def kept(training: Training) -> str:
    """Tell which decoder is kept, its score, and what a perfect generator would get."""
    best, floor = training.progress.best, training.floor
    if best is None:
        return "no decoder has been scored"
    steps = kept_steps(training.folder)
    besides = f"; {steps[0]} to {steps[-1]} are there too" if steps else ""
    return (
        f"kept: after {best.updates} of {training.progress.updates} updates, score "
        f"{with_error(number(best.score), number(best.error))} "
        f"(a perfect generator: {with_error(number(floor.value), number(floor.error))}){besides}"
    )
