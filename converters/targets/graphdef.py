"""GraphDef: graph and Saver checkpoint as in TensorFlow 1, for loaders that know no SavedModel."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.refusals import untranslated
from caloexport.converters.rewrites import simplify
from caloexport.converters.savedmodel.activations import tensorflow_activations
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.proof import read_proof_file, write_proof_file
from caloexport.converters.savedmodel.saver import CHECKPOINT, GRAPH, write_saver_files
from caloexport.converters.targets import Proof, Refusal, Target, targets
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.vectors import Vectors

PROOF_FILE = "caloexport.safetensors"


class GraphDefTarget(Target):
    """A folder with model.pb, model.ckpt.data-00000-of-00001, .index and .meta, and the proof."""

    suffix = ""
    engine = "tensorflow1"
    summary = "a TensorFlow 1 graph and Saver checkpoint for the C interface"
    legacy = True

    def prepare(self, network: Network) -> Network:
        return simplify(network)

    def refusals(self, network: Network) -> list[Refusal]:
        found = untranslated(network, tensorflow_layers, tensorflow_activations, "TensorFlow")
        if not network.parameters:
            found.append(Refusal(network.outputs[0], "a checkpoint needs at least one weight"))
        return found

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        write_saver_files(path, generator.network, generator.manifest)
        write_proof_file(path / PROOF_FILE, generator.manifest, vectors, {})

    def recognises(self, path: Path) -> bool:
        return (path / GRAPH).is_file() and (path / f"{CHECKPOINT}.index").is_file()

    def proof(self, path: Path) -> Proof:
        return read_proof_file(path / PROOF_FILE)


targets.register("graphdef")(GraphDefTarget())
