"""From a run and new showers to the plan of its adaptation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from caloexport.converters.run_folder import MANIFEST, read_run
from caloexport.runtime.errors import UsageError
from caloexport.runtime.files import sha256_of
from caloexport.runtime.manifest import Sampling
from caloexport.training.adapt.glance import glances
from caloexport.training.adapt.new_detector import with_columns
from caloexport.training.adapt.same_cells import require_same_cells
from caloexport.training.beyond import beyond
from caloexport.training.extra_sections import EXTRA, LOW_RANK
from caloexport.training.families import families
from caloexport.training.plan import (
    Plan,
    check_settings,
    hash_of_showers,
    laid_over,
    written_plan,
)
from caloexport.training.settings import CODED, merge, read_toml
from caloexport.training.starting_weights import weights_file

#: settings of [training] that suit a few hundred updates on one detector; those of the family, then
#: those of --config are laid over them
SETTINGS: Mapping[str, Any] = {
    "batch": 32,
    "final_learning_rate": 1e-5,
    "warm_up": 30,
    "held_back": 0.1,
    "held_back_fewest": 200,
}
#: settings of [training] that name the decoders to keep
KEEP, KEEP_EVERY = "keep_updates", "keep_every"
#: evaluations of an adaptation, the last one among them
EVALUATIONS = 4


def adaptation_plan(
    run: Path,
    data: Sequence[Path],
    steps: int,
    *,
    most: int = 0,
    evaluate_every: int = 0,
    keep: Sequence[int] = (),
    keep_every: int = 0,
    low_rank: int = 0,
    config: Path | None = None,
    seed: int = 0,
    threads: int = 1,
) -> Plan:
    """Plan an adaptation.

    Args:
        run: folder of a run, or of a model with all its weights.
        data: new showers.
        steps: updates.
        most: train on so many showers of each file; 0 for all.
        evaluate_every: steps between two evaluations; 0 makes EVALUATIONS of them.
        keep: steps after which the decoder is kept, however good it is.
        keep_every: steps between two such decoders; 0 for none.
        low_rank: rank of the change of the last layer, if few weights shall be trained; 0 for all.
        config: TOML file whose keys are laid over the settings.
        seed: of everything random.
        threads: of TensorFlow.

    Raises:
        UnsupportedError: a family that cannot train few weights.
        UsageError: no data, showers of other cells than the run's, or more new detectors or
            particles than the model has columns for.
        InputFileError: no such run, or damaged files.
    """
    if not data:
        message = "no shower files to adapt to"
        raise UsageError(message, hint="name them with --data")
    start = weights_file(run)
    base, trained = written_plan(run), _sampling(run)
    paths = tuple(Path(file).resolve() for file in data)
    files = glances(paths)
    if trained is not None:
        for file in files:
            require_same_cells(file, trained.mesh, run)
    evaluate_every = evaluate_every or math.ceil(steps / EVALUATIONS)
    schedule = {"updates": steps, "evaluate_updates": evaluate_every, "most": most, "at_most": {}}
    schedule |= {KEEP: sorted(set(keep))} if keep else {}
    schedule |= {KEEP_EVERY: keep_every} if keep_every else {}
    settings = _settings(base, schedule, low_rank)
    where = str(run / "config.toml")
    if config is not None:
        settings, where = merge(settings, read_toml(config), str(config)), str(config)
    for condition in CODED:
        values = set().union(*(file.values(condition) for file in files))
        settings = with_columns(settings, values, condition)
    check_settings(settings, base.family, where)
    told = [file.conditions for file in files]
    return Plan(
        base.family, base.preset, settings, paths, tuple(map(hash_of_showers, paths)), seed,
        threads, start=start.resolve(), start_hash=sha256_of(start),
        beyond=beyond(trained.conditions, told) if trained is not None else (),
    )  # fmt: skip


def _settings(base: Plan, schedule: Mapping[str, Any], low_rank: int) -> dict[str, Any]:
    """Return the settings of a run with those of an adaptation laid over them."""
    settings = {k: section for k, section in base.config.items() if k not in EXTRA}
    if low_rank:
        settings[LOW_RANK] = {"rank": low_rank}
    of_run = {k: v for k, v in settings["training"].items() if k not in (KEEP, KEEP_EVERY)}
    settings["training"] = {**of_run, **SETTINGS, **schedule}
    return laid_over(settings, families[base.family].adaptation, base.family)


def _sampling(run: Path) -> Sampling | None:
    """Return the physics of a run; None before it has a decoder."""
    return read_run(run).sampling if (run / MANIFEST).exists() else None
