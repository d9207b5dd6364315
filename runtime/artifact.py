"""Our own artifact: one safetensors file with weights, manifest and test vectors.

=====================  ==========================================================
``__metadata__``       ``format`` = caloexport.decoder/1, ``manifest`` = JSON text,
                       ``manifest_sha256`` = its hash without timestamps
``NODE.kernel``        (tiles, n_in, 64) float32, where a layer multiplies; see ``packing``
                       for kernels that are stored in fewer bits, with ``NODE.kernel_scale``
``NODE.WEIGHT``        flat float32, padded
``vectors.*``          test vectors, see ``vectors``
=====================  ==========================================================
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.consistency import check_fit
from caloexport.runtime.errors import AnswerIsNo, InputFileError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import (
    Manifest,
    hash_of,
    manifest_from_text,
    network_from_json,
    weightless_network,
)
from caloexport.runtime.network import Network
from caloexport.runtime.packing import Packed, weights_hash
from caloexport.runtime.precisions import precisions
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.runtime.stored_weights import stored_weights, unpacked
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import Vectors, vectors_from_arrays

FORMAT = "caloexport.decoder/1"


def load(
    path: str | Path,
    *,
    backend: str | None = None,
    hot: bool = False,
    replay: bool = True,
    threshold_mev: float | None = None,
    skipping: bool | None = None,
) -> Generator:
    """Open an artifact for sampling.

    Args:
        path: a ``.safetensors`` file written by ``caloexport convert --to numba``.
        backend: ``"numpy"`` or ``"numba"``; None takes numba if it is installed.
        hot: True when showers are asked for back to back, so that the weights stay in the caches:
            those of 8 bits are then read as one stream instead of two; for wider ones two are
            faster everywhere. The default suits an event loop, where other code runs between
            showers. Results have the same bits.
        replay: run one test vector and compare, so that this machine proves itself.
        threshold_mev: readout threshold, if higher than that of the file.
        skipping: leave out cells that are certain to stay below the threshold, which changes no
            bit: None where that gains time (numba backend only), True for every shower, False
            never.

    Raises:
        InputFileError: the file is damaged or not one of ours.
        AnswerIsNo: the replayed vector differs from what the file says.
        MissingDependency: the backend's library is absent.
        UsageError: the threshold is below that of the file.
    """
    where = str(path)
    arrays, manifest = _open(Path(path))
    shapes = weightless_network(manifest.network, where)
    if manifest.sampling is not None:
        with blame_file(where):
            check_fit(manifest.sampling, shapes)
    packed = stored_weights(shapes, arrays, manifest.precision, where)
    sizes = shapes.n_inputs, shapes.n_outputs
    vectors = vectors_from_arrays(arrays, manifest.sampling, *sizes, where)
    generator = Generator(
        manifest,
        lambda: _unpack(manifest, shapes, packed, where),
        lambda: packed,
        vectors,
        backend,
        hot=hot,
        arithmetic=manifest.precision,
        skipping=skipping,
    )
    if threshold_mev is not None:
        generator = generator.above(threshold_mev)
    if replay:
        replay_one(generator, vectors, where)
    return generator


def save(path: Path, generator: Generator, vectors: Vectors) -> None:
    """Write an artifact; use :func:`~caloexport.runtime.files.atomic_output` around it."""
    arrays: dict[str, Array] = {f"{n}.{k}": array for (n, k), array in generator.packed.items()}
    arrays.update(vectors.to_arrays())
    manifest = generator.manifest
    metadata = {"format": FORMAT, "manifest": manifest.dumps(), "manifest_sha256": manifest.hash}
    write_safetensors(path, arrays, metadata)


def replay_one(generator: Generator, vectors: Vectors, where: str) -> None:
    """Run the first test vector and compare.

    Raises:
        AnswerIsNo: it differs by more than the tolerance of the file's precision.
        InputFileError: it differs, and a weight is not a finite number.
    """
    with np.errstate(all="ignore"):  # broken weights overflow; the comparison tells
        outputs = generator.executor.run(np.array(vectors.inputs[:1]))
    cells, sums = vectors.select(outputs)
    tolerance = precisions[generator.arithmetic].tolerance
    for found, expected in ((cells, vectors.expected[:1]), (sums, vectors.sums[:1])):
        difference = compare(found, expected, tolerance)
        if not difference.equal:
            network = generator.network.require_finite(where)
            intact = weights_hash(network) == generator.manifest.weights_sha256
            message = (
                f"does not reproduce its own test vector: max |Δ| = {difference.max_abs:.1e} "
                f"at value {difference.column}"
            )
            hint = "this machine's arithmetic differs; try another backend"
            if not intact:
                hint = "its weights were changed after the export; convert the model again"
            raise AnswerIsNo(message, where=where, hint=hint)


def _open(path: Path) -> tuple[dict[str, Array], Manifest]:
    arrays, metadata = read_safetensors(path)
    if metadata.get("format") != FORMAT or "manifest" not in metadata:
        message = f"is a safetensors file, but not a caloexport decoder ('{FORMAT}')"
        raise InputFileError(message, where=str(path), hint="make one with caloexport convert")
    manifest = manifest_from_text(metadata["manifest"], str(path))
    if hash_of(json.loads(metadata["manifest"])) != metadata.get("manifest_sha256"):
        # the test vectors prove the network; ranges, encoding and mesh are proven by this alone
        message = "its manifest was changed after the export"
        raise InputFileError(message, where=str(path), hint="convert the model again")
    if manifest.precision not in precisions:
        known = ", ".join(precisions.names())
        message = f"its weights have the precision '{manifest.precision}', known are {known}"
        hint = "written by another version of caloexport?"
        raise InputFileError(message, where=str(path), hint=hint)
    return arrays, manifest


def _unpack(manifest: Manifest, shapes: Network, packed: Packed, where: str) -> Network:
    weights = unpacked(shapes, packed, manifest.precision)
    return network_from_json(manifest.network, weights, where)
