"""The folder of ``model.save(folder, zipped=False)`` in Keras 3, or an unpacked ``.keras``."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.keras_files.archive import CONFIG, WEIGHTS
from caloexport.converters.keras_files.read import read_keras_folder
from caloexport.converters.keras_origin import generator_of
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.runtime.generator import Generator


class KerasFolderReader(Reader):
    """Configuration and weights side by side."""

    isolated = True
    libraries = ("h5py",)
    uses = ("steps", "variables", "output")
    summary = "a folder of Keras with config.json and model.weights.h5"

    def recognises(self, path: Path, start: bytes) -> bool:
        return (path / CONFIG).is_file() and (path / WEIGHTS).is_file()

    def read(self, path: Path, choices: Choices) -> Generator:
        real = choices.variables is not None  # LWTNN's world has no masks
        model = read_keras_folder(path, choices.steps, all_steps_real=real)
        return generator_of(
            path / CONFIG, model, choices, weights=path / WEIGHTS, name=path.absolute().name
        )


readers.register("keras folder")(KerasFolderReader())
