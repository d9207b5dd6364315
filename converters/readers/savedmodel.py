"""A SavedModel folder, of TensorFlow, Keras or our own."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.readers import Choices, Reader, readers
from caloexport.converters.savedmodel.graph import GRAPH_FILE
from caloexport.converters.savedmodel.own import read_own
from caloexport.converters.savedmodel.proof import PROOF_FILE, is_saved_model
from caloexport.converters.savedmodel.read import read_saved_model
from caloexport.runtime.files import sha256_of
from caloexport.runtime.generator import Generator


class SavedModelReader(Reader):
    """What ``model.export`` and ``tf.saved_model.save`` write; ours give back the generator."""

    uses = ("steps", "signature")
    summary = "a SavedModel folder"

    def recognises(self, path: Path, start: bytes) -> bool:
        return path.is_dir() and is_saved_model(path)

    def read(self, path: Path, choices: Choices) -> Generator:
        if (path / PROOF_FILE).exists() and choices.signature is None:
            return read_own(path)
        model = read_saved_model(path, signature=choices.signature, steps=choices.steps)
        provenance = {
            "source": path.name,
            "source_sha256": sha256_of(path / GRAPH_FILE),
            "tensorflow_version": model.version,
        }
        network = model.network.require_finite(str(path))
        return Generator.from_network(
            network, name=path.name, provenance=provenance, interface=model.interface
        )


readers.register("savedmodel")(SavedModelReader())
