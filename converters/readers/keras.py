"""A model that Keras 1, 2 or 3 saved whole: ``.keras`` or ``.h5``."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.keras_exporter.code import code_in
from caloexport.converters.keras_files.read import is_zip, read_configuration, read_keras_model
from caloexport.converters.keras_origin import generator_of
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator

OTHER_WAY = "Keras' own exporter may take it: convert --to onnx --exporter keras"
HDF5 = b"\x89HDF\r\n\x1a\n"


class KerasReader(Reader):
    """Zip archive or HDF5 file of ``model.save``."""

    isolated = True
    libraries = ("h5py",)
    uses = ("steps", "variables", "output")
    summary = "a .keras or .h5 file of Keras"

    def recognises(self, path: Path, start: bytes) -> bool:
        return start.startswith(HDF5) or (path.is_file() and is_zip(path))

    def read(self, path: Path, choices: Choices) -> Generator:
        real = choices.variables is not None  # LWTNN's world has no masks
        try:
            model = read_keras_model(path, choices.steps, all_steps_real=real)
        except UnsupportedError as error:
            if code_in(read_configuration(path)) is None:
                error.hint = f"{OTHER_WAY}; {error.hint}" if error.hint else OTHER_WAY
            raise
        return generator_of(path, model, choices)


readers.register("keras")(KerasReader())
