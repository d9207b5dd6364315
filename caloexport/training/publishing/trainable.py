"""What a published model has beside a decoder, so that others can train on: weights and settings.

weights.safetensors   all weights that an adaptation starts from
config.toml           the settings of the run, its shower files by name
decoder.keras         the decoder of these weights, and not the best one of the run: that of a run
                      has no encoder any more
manifest.json         of this decoder
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from caloexport.converters.json_object import read_json_object
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.training.checkpoint import updates_done
from caloexport.training.data import TrainingData
from caloexport.training.extra_sections import EXTRA, META
from caloexport.training.plan import Plan
from caloexport.training.planned_trainer import planned_trainer
from caloexport.training.publishing.rounding import pack_decoder
from caloexport.training.run_folder import RunFolder
from caloexport.training.settings import to_toml
from caloexport.training.starting_weights import WEIGHTS, take_over, weights_file, write_weights
from caloexport.training.tensorflow_setup import prepare_tensorflow

CONFIG = "config.toml"
#: that only a publication to be trained on has
FILES = (WEIGHTS, CONFIG)


def require_meta_model(plan: Plan, run: Path) -> None:
    """Refuse a run that was not trained from task to task.

    Raises:
        UnsupportedError: says what it lacks.
    """
    if META not in plan.config:
        message = f"has no section [{META}]: weights to be adapted are those of a meta-model"
        hint = "publish the decoder alone, or train by Reptile (docs/adaptation.md)"
        raise UnsupportedError(message, where=str(run / CONFIG), hint=hint)


def write_trainable(plan: Plan, run: Path, data: TrainingData, folder: Path) -> None:
    """Write weights, settings, decoder and manifest.

    Weights are rounded once: the decoder is that of a trainer that starts from the file of weights.

    Args:
        plan: of the run.
        run: its folder.
        data: its showers.
        folder: that exists; its name is the model's.

    Raises:
        InputFileError: a damaged run, or one whose last update was not scored.
    """
    manifest = {**manifest_of_last(run), "name": folder.name}
    prepare_tensorflow(plan.threads)
    settings = {key: section for key, section in plan.config.items() if key not in EXTRA}
    trainer = planned_trainer(dataclasses.replace(plan, config=settings), data)
    take_over(trainer, weights_file(run))
    write_weights(trainer, folder / WEIGHTS)
    take_over(trainer, folder / WEIGHTS)
    with TemporaryDirectory() as place:
        decoder = Path(place) / "decoder.keras"
        trainer.save_decoder(decoder)
        pack_decoder(decoder, folder / decoder.name)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    (folder / CONFIG).write_text(to_toml(without_paths(plan).to_toml()), encoding="utf-8")


def manifest_of_last(run: Path) -> dict[str, Any]:
    """Return the manifest of a run with updates and score of the last update instead of the best.

    Raises:
        InputFileError: its history does not tell of that.
    """
    folder = RunFolder(run)
    updates = updates_done(folder.checkpoint)
    row = next((row for row in folder.read_history(updates) if row["updates"] == updates), None)
    if row is None:
        message = f"tells nothing of update {updates}, at which the checkpoint is"
        hint = "go on with --resume until the next evaluation"
        raise InputFileError(message, where=str(run / "history.jsonl"), hint=hint)
    manifest = read_json_object(run / "manifest.json", "the manifest")
    told = {"updates": updates, "score": row["score"], "score_error": row.get("score_error")}
    return {**manifest, "provenance": {**manifest["provenance"], **told}}


def without_paths(plan: Plan) -> Plan:
    """Return a plan that names files without the folders of the machine that it was made on."""
    start = plan.start and Path(plan.start.name)
    return dataclasses.replace(plan, data=tuple(Path(one.name) for one in plan.data), start=start)
