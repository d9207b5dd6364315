"""SavedModel: read by the TensorFlow C and C++ libraries, in CMSSW for example."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.refusals import untranslated
from caloexport.converters.rewrites import simplify
from caloexport.converters.savedmodel.activations import tensorflow_activations
from caloexport.converters.savedmodel.graph import write_saved_model
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.proof import is_saved_model, read_proof, write_proof
from caloexport.converters.targets import Proof, Refusal, Target, targets
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.vectors import Vectors


class SavedModelTarget(Target):
    """A folder with graph, checkpoint and proof."""

    suffix = ""
    engine = "tensorflow"
    summary = "a TensorFlow SavedModel folder for the C and C++ interfaces"

    def prepare(self, network: Network) -> Network:
        return simplify(network)

    def refusals(self, network: Network) -> list[Refusal]:
        return untranslated(network, tensorflow_layers, tensorflow_activations, "SavedModel")

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        tensors = write_saved_model(path, generator.network, generator.manifest)
        write_proof(path, generator.manifest, vectors, tensors)

    def recognises(self, path: Path) -> bool:
        return is_saved_model(path)

    def proof(self, path: Path) -> Proof:
        return read_proof(path)


targets.register("savedmodel")(SavedModelTarget())
