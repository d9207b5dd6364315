"""From what a user asked for to an adaptation that is ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.training import loop
from caloexport.training.adapt.plan import KEEP, KEEP_EVERY, adaptation_plan
from caloexport.training.adapt.too_few import too_few
from caloexport.training.batches import TooFewShowers
from caloexport.training.changes import with_changes
from caloexport.training.checkpoint import updates_done
from caloexport.training.loop import Report
from caloexport.training.plan import Plan, resumed_plan, written_plan
from caloexport.training.run_folder import RunFolder
from caloexport.training.start import refuse_decided
from caloexport.training.training import Training

#: updates where the user does not say
STEPS = 400
#: options that an adaptation has decided already when it is taken up again
FIXED = {
    "data": "data", "most": "showers", "evaluate_every": "every", "low_rank": "low-rank",
    "seed": "seed", "threads": "threads",
}  # fmt: skip


def prepare(
    run: Path,
    folder: Path,
    wanted: Mapping[str, Any],
    *,
    resume: bool,
    report: Report = lambda done, text: None,
) -> Training:
    """Begin an adaptation or take one up.

    Args:
        run: folder of what is adapted.
        folder: of the adaptation.
        wanted: ``steps`` and the arguments of ``adaptation_plan``; None where the user did not say.
            With ``resume`` more ``steps``, other decoders to ``keep``, and a ``config`` that
            changes what ``training.changes`` allows.
        resume: take up ``folder`` instead of making it.
        report: progress of reading the showers.

    Raises:
        UsageError: an option that a resumed adaptation has decided already, or too few showers.
    """
    if resume:
        refuse_decided(wanted, FIXED)
        return loop.resume(_resumed(folder, wanted), folder, report)
    RunFolder(folder).require_absent()
    told = {name: value for name, value in wanted.items() if value is not None and name != "steps"}
    data = told.pop("data", ())
    plan = adaptation_plan(run, data, wanted.get("steps") or STEPS, **told)
    try:
        return loop.begin(plan, folder, report)
    except TooFewShowers as error:
        raise too_few(plan, error) from None


def _resumed(folder: Path, wanted: Mapping[str, Any]) -> Plan:
    """Return the plan of a folder with what may be different from now on."""
    asked = {"updates": wanted.get("steps"), KEEP_EVERY: wanted.get("keep_every")}
    overrides = {name: value for name, value in asked.items() if value is not None}
    if keep := wanted.get("keep"):
        before = written_plan(folder).schedule.keep_updates
        overrides[KEEP] = sorted({*before, *keep})
    plan = resumed_plan(folder, overrides)
    if config := wanted.get("config"):
        plan = with_changes(plan, config, updates_done(RunFolder(folder).checkpoint))
    return plan


def speed(training: Training) -> str:
    """Tell how long the steps took: from the first to the last, evaluations and checkpoints too."""
    progress = training.progress
    steps = max(progress.updates, 1)
    own = progress.seconds - progress.evaluation_seconds
    return (
        f"{progress.updates} steps of {training.trainer.batches.size} showers in "
        f"{progress.seconds:.1f} s: {1e3 * own / steps:.1f} ms a step, and "
        f"{progress.evaluation_seconds:.1f} s of evaluations"
    )
