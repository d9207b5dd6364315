"""An architecture JSON of Keras, ``model.to_json()``; its weights are in another file."""

from __future__ import annotations

import re
from pathlib import Path

from caloexport.converters.keras_files.read import read_keras_architecture
from caloexport.converters.keras_origin import generator_of
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.generator import Generator

#: keys of the object, any of which may stand first; LWTNN's JSON has none of them
KEYS = (
    "class_name", "config", "backend", "keras_version", "module", "registered_name",
    "build_config", "compile_config",
)  # fmt: skip
FIRST_KEY = re.compile(rb'\s*\{\s*"(\w+)"\s*:')


class KerasArchitectureReader(Reader):
    """What ``to_json`` of Keras 1, 2 or 3 wrote, or the config.json of a ``.keras``."""

    isolated = True
    libraries = ("h5py",)
    uses = ("steps", "weights", "variables", "output")
    summary = "an architecture JSON of Keras with --weights"

    def recognises(self, path: Path, start: bytes) -> bool:
        found = FIRST_KEY.match(start)
        return found is not None and found.group(1).decode() in KEYS

    def read(self, path: Path, choices: Choices) -> Generator:
        if choices.weights is None:
            message = "holds an architecture alone, its weights are missing"
            hint = "add --weights FILE, with what model.save_weights wrote"
            raise UsageError(message, where=str(path), hint=hint)
        model = read_keras_architecture(
            path,
            choices.weights,
            choices.steps,
            all_steps_real=choices.variables is not None,  # LWTNN's world has no masks
        )
        return generator_of(path, model, choices, weights=choices.weights)


readers.register("keras architecture")(KerasArchitectureReader())
