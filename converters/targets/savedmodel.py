"""SavedModel: read by the TensorFlow C and C++ libraries, in CMSSW for example."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.refusals import untranslated
from caloexport.converters.rewrites import simplify
from caloexport.converters.savedmodel.activations import tensorflow_activations
from caloexport.converters.savedmodel.graph import write_saved_model
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.physics import physics_of, prove_physics
from caloexport.converters.savedmodel.proof import is_saved_model, read_proof, write_proof
from caloexport.converters.targets import Outcome, Proof, Refusal, Target, targets
from caloexport.runtime.errors import UnsupportedError
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
        try:
            physics = physics_of(generator)
        except UnsupportedError:
            physics = None  # the notes say why
        tensors = write_saved_model(path, generator.network, generator.manifest, physics)
        write_proof(path, generator.manifest, vectors, tensors)

    def notes(self, generator: Generator) -> tuple[str, ...]:
        try:
            inputs = physics_of(generator).interface.inputs
        except UnsupportedError as error:
            return (f"no signature 'physics': {error.message}",)
        return (f"signature 'physics': {', '.join(port.name for port in inputs)} to MeV",)

    def prove_more(self, path: Path, written: Generator | None = None) -> Outcome | None:
        return prove_physics(path, written)

    def recognises(self, path: Path) -> bool:
        return is_saved_model(path)

    def proof(self, path: Path) -> Proof:
        return read_proof(path)


targets.register("savedmodel")(SavedModelTarget())
