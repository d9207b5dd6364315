"""ONNX: read by ONNX Runtime in Athena, FastCaloSim, Par04, DDML, Gaussino and CMSSW."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.keras_exporter.record import replay
from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.checking import require_valid
from caloexport.converters.onnx.envelope import looks_like_model
from caloexport.converters.onnx.graph import OUTPUT
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.converters.onnx.model import build_model, proof_to_metadata, read_proof
from caloexport.converters.onnx.recurrent import is_written_out
from caloexport.converters.refusals import untranslated
from caloexport.converters.rewrites import simplify
from caloexport.converters.targets import Proof, Refusal, Replayed, Target, targets
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network
from caloexport.runtime.vectors import Vectors

#: protocol buffers end at 2 GiB; the rest is for graph, manifest and vectors
WEIGHT_LIMIT_BYTES = 2**31 - 2**25


class OnnxTarget(Target):
    """One file with operators of opset 13, weights, manifest and test vectors."""

    suffix = ".onnx"
    engine = "onnxruntime"
    summary = "one ONNX file (opset 13) for ONNX Runtime"
    precisions = ("float32", "float16", "int8", "int8-qdq")

    def prepare(self, network: Network) -> Network:
        return simplify(network)

    def refusals(self, network: Network) -> list[Refusal]:
        refusals = untranslated(network, onnx_layers, onnx_activations, "ONNX", is_written_out)
        if OUTPUT in network.inputs:
            reason = f"the result of an ONNX export is called '{OUTPUT}', an input cannot be"
            refusals.append(Refusal(OUTPUT, reason))
        if 4 * network.parameters > WEIGHT_LIMIT_BYTES:
            reason = f"{4 * network.parameters} bytes of weights, an ONNX file holds 2 GiB"
            refusals.append(Refusal(network.outputs[0], reason))
        return refusals

    def write(self, path: Path, generator: Generator, vectors: Vectors) -> None:
        metadata = proof_to_metadata(generator.manifest, vectors)
        manifest = generator.manifest
        model = build_model(
            generator.network, metadata, manifest.name, manifest.precision, manifest.interface
        )
        path.write_bytes(model.SerializeToString(deterministic=True))
        del model  # the check reads the file again: hold the weights no more often than needed
        require_valid(path, "the translation of a layer is wrong, please report it")

    def tolerance_for(self, manifest: Manifest) -> str:
        return "int8-qdq" if manifest.precision == "int8-qdq" else self.tolerance

    def recognises(self, path: Path) -> bool:
        return looks_like_model(path)

    def proof(self, path: Path) -> Proof:
        return read_proof(path)

    def replayed(self, path: Path) -> Replayed | None:
        return replay(path)


targets.register("onnx")(OnnxTarget())
