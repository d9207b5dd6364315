"""The trainer of a plan, and the weights that it starts from."""

from __future__ import annotations

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file, sha256_of
from caloexport.training.data import TrainingData
from caloexport.training.extra_sections import META
from caloexport.training.families import Trainer, families
from caloexport.training.meta.settings import MetaSettings
from caloexport.training.plan import Plan
from caloexport.training.recalibration import recalibrate
from caloexport.training.settings import read_section
from caloexport.training.starting_weights import take_over


def planned_trainer(plan: Plan, data: TrainingData) -> Trainer:
    """Build the generator that a plan trains, with fresh weights.

    Raises:
        CaloexportError: the data do not fit the plan.
    """
    trainer = families[plan.family].trainer(plan.config, data, plan.seed)
    if META not in plan.config:
        return trainer
    from caloexport.training.meta.trainer import MetaTrainer

    settings = read_section(MetaSettings, plan.config[META], f"[{META}]")
    return MetaTrainer(trainer, settings, plan.schedule)


def start_from(plan: Plan, trainer: Trainer) -> None:
    """Give a fresh trainer the weights that its plan starts from, if it names any, for its showers.

    Raises:
        InputFileError: their file is damaged, of another network, or not the one that was planned.
    """
    if plan.start is None:
        return
    try:
        found = sha256_of(existing_file(plan.start, "file of weights"))
    except InputFileError as error:
        error.hint = "if it has moved, say so in start of [run] in config.toml"
        raise
    if found != plan.start_hash:
        message = "has changed since the training was planned"
        raise InputFileError(message, where=str(plan.start), hint="begin a new run")
    take_over(trainer, plan.start)
    recalibrate(trainer)
