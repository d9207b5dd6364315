"""From a run and new showers to the plan of its adaptation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.errors import UsageError
from caloexport.runtime.files import sha256_of
from caloexport.showers.open import open_showers
from caloexport.training.adapt.new_detector import with_new_detectors
from caloexport.training.extra_sections import EXTRA, LOW_RANK
from caloexport.training.families import families
from caloexport.training.plan import Plan, check_settings, hash_of_showers, written_plan
from caloexport.training.settings import merge, read_toml
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
        UsageError: no data, or more new detectors than the model has columns for.
        InputFileError: no such run, or damaged files.
    """
    if not data:
        message = "no shower files to adapt to"
        raise UsageError(message, hint="name them with --data")
    start = weights_file(run)
    base = written_plan(run)
    settings = {k: section for k, section in base.config.items() if k not in EXTRA}
    if low_rank:
        settings[LOW_RANK] = {"rank": low_rank}
    schedule = {
        **SETTINGS,
        "updates": steps,
        "evaluate_updates": evaluate_every or math.ceil(steps / EVALUATIONS),
        "most": most,
        "at_most": {},
        **({KEEP: sorted(set(keep))} if keep else {}),
        **({KEEP_EVERY: keep_every} if keep_every else {}),
    }
    of_run = {k: v for k, v in settings["training"].items() if k not in (KEEP, KEEP_EVERY)}
    settings["training"] = {**of_run, **schedule}
    settings = merge(settings, families[base.family].adaptation, base.family)
    where = str(run / "config.toml")
    if config is not None:
        settings, where = merge(settings, read_toml(config), str(config)), str(config)
    paths = tuple(Path(file).resolve() for file in data)
    settings = with_new_detectors(settings, _detectors(paths))
    check_settings(settings, base.family, where)
    hashes = tuple(map(hash_of_showers, paths))
    return Plan(
        base.family, base.preset, settings, paths, hashes, seed, threads,
        start=start.resolve(), start_hash=sha256_of(start),
    )  # fmt: skip


def _detectors(paths: Sequence[Path]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        hash_of_showers(path)  # names the file where there is none
        with open_showers(path) as showers:
            found |= set(map(str, np.unique(showers.conditions.get("geometry", "unknown"))))
    return found
