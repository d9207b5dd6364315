"""Find the first layer at which a written file and the reference part."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from caloexport.converters.evaluated import evaluated
from caloexport.converters.targets import Proof, Target
from caloexport.converters.verify import verify_as
from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import AnswerIsNo, CaloexportError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate_all
from caloexport.runtime.vectors import Vectors, make_vectors


def first_differing_layer(generator: Generator, target: Target, inputs: Float32) -> str | None:
    """Return the first layer whose output the target's engine gets wrong, or None.

    Works for every format alike: the network is cut behind one layer after the other, each piece
    written, executed and compared. Only called when a verification has failed.

    Args:
        generator: as written, after the target's rewrites.
        target: the format.
        inputs: (n, n_in) of the test vectors.
    """
    network = generator.network
    for index, node in enumerate(network.nodes):
        piece = Network(network.inputs, network.nodes[: index + 1], [node.name])
        if not target.refusals(piece) and not _is_equal(piece, generator, target, inputs):
            return node.name
    return None


def require_finite(vectors: Vectors, generator: Generator, where: str) -> None:
    """Raise AnswerIsNo where the model itself gives no finite number, naming the first layer."""
    bad = ~(np.isfinite(vectors.expected).all(axis=1) & np.isfinite(vectors.sums).all(axis=1))
    if not bad.any():
        return
    row = int(bad.argmax())
    inputs = generator.split(vectors.inputs[row : row + 1])
    with np.errstate(all="ignore"):
        values = evaluate_all(generator.network, inputs)
    first = next((name for name, value in values.items() if not np.isfinite(value).all()), "?")
    message = f"the model itself gives no finite number for test vector {row}, from '{first}' on"
    hint = "inputs without a meaning are drawn from N(0, 1); --no-verify writes it all the same"
    raise AnswerIsNo(message, where=where, hint=hint)


def _is_equal(network: Network, whole: Generator, target: Target, inputs: Float32) -> bool:
    arithmetic, precision = whole.arithmetic, whole.manifest.precision
    piece = Generator.from_network(network, precision=precision, arithmetic=arithmetic)
    outputs = evaluated(piece, inputs, arithmetic)
    proof = Proof(piece.manifest, make_vectors(inputs, outputs, None))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"piece{target.suffix}"
        if not target.suffix:
            path.mkdir()
        try:
            target.write(path, piece, proof.vectors)
            return verify_as(path, target, proof).equal
        except CaloexportError:
            return True  # a piece that cannot stand alone proves nothing
