"""Our own artifact: one safetensors file with weights, manifest and test vectors.

=====================  ==========================================================
``__metadata__``       ``format`` = caloexport.decoder/1, ``manifest`` = JSON text
``NODE.kernel``        (tiles, n_in, 64) float32, see ``packing``
``NODE.WEIGHT``        flat float32, padded
``vectors.*``          test vectors, see ``vectors``
=====================  ==========================================================
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import AnswerIsNo, InputFileError
from caloexport.runtime.fields import listing, mapping, text
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import (
    Manifest,
    manifest_from_text,
    network_from_json,
    weightless_network,
)
from caloexport.runtime.network import Network
from caloexport.runtime.packing import TILE, Packed, is_tiled, unpack_kernel
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import Vectors, vectors_from_arrays

FORMAT = "caloexport.decoder/1"


def load(path: str | Path, *, backend: str | None = None, replay: bool = True) -> Generator:
    """Open an artifact for sampling.

    Args:
        path: a ``.safetensors`` file written by ``caloexport convert --to numba``.
        backend: ``"numpy"`` or ``"numba"``; None takes numba if it is installed.
        replay: run one test vector and compare, so that this machine proves itself.

    Raises:
        InputFileError: the file is damaged or not one of ours.
        AnswerIsNo: the replayed vector differs from what the file says.
        MissingDependency: the backend's library is absent.
    """
    where = str(path)
    arrays, manifest = _open(Path(path))
    packed = {
        (name, key): arrays.pop(f"{name}.{key}")
        for name, key, _, _ in _declared_weights(manifest, arrays, where)
    }
    shapes = weightless_network(manifest.network, where)
    sizes = shapes.n_inputs, shapes.n_outputs
    vectors = vectors_from_arrays(arrays, manifest.sampling, *sizes, where)
    generator = Generator(
        manifest, lambda: _unpack(manifest, packed, where), lambda: packed, vectors, backend
    )
    if replay:
        replay_one(generator, vectors, where)
    return generator


def save(path: Path, generator: Generator, vectors: Vectors) -> None:
    """Write an artifact; use :func:`~caloexport.runtime.files.atomic_output` around it."""
    arrays: dict[str, Array] = {f"{n}.{k}": array for (n, k), array in generator.packed.items()}
    arrays.update(vectors.to_arrays())
    write_safetensors(path, arrays, {"format": FORMAT, "manifest": generator.manifest.dumps()})


def replay_one(generator: Generator, vectors: Vectors, where: str) -> None:
    """Run the first test vector and compare.

    Raises:
        AnswerIsNo: it differs by more than the tolerance of float32.
    """
    outputs = generator.executor.run(np.array(vectors.inputs[:1]))
    cells, sums = vectors.select(outputs)
    for found, expected in ((cells, vectors.expected[:1]), (sums, vectors.sums[:1])):
        difference = compare(found, expected, "float32")
        if not difference.equal:
            message = (
                f"does not reproduce its own test vector: max |Δ| = {difference.max_abs:.1e} "
                f"at value {difference.column}"
            )
            raise AnswerIsNo(
                message, where=where, hint="the file or this machine's arithmetic is broken"
            )


def _open(path: Path) -> tuple[dict[str, Array], Manifest]:
    arrays, metadata = read_safetensors(path)
    if metadata.get("format") != FORMAT or "manifest" not in metadata:
        message = f"is a safetensors file, but not a caloexport decoder ('{FORMAT}')"
        raise InputFileError(message, where=str(path), hint="make one with caloexport convert")
    return arrays, manifest_from_text(metadata["manifest"], str(path))


def _declared_weights(
    manifest: Manifest, arrays: dict[str, Array], where: str
) -> list[tuple[str, str, str, list[int]]]:
    """List (node, weight, kind, shape) as the manifest declares them, checked against the file."""
    declared = []
    for node in listing(dict(manifest.network), "nodes", where):
        name, kind = text(node, "name", where), text(node, "kind", where)
        for key in mapping(node, "weights", where):
            shape = [int(n) for n in listing(node["weights"], key, where)]
            stored = arrays.get(f"{name}.{key}")
            if stored is None or not _fits(stored, shape, kind, key):
                found = "missing" if stored is None else f"of shape {stored.shape}"
                message = f"weight '{name}.{key}' is {found}, the manifest says {shape}"
                raise InputFileError(message, where=where)
            declared.append((name, key, kind, shape))
    return declared


def _fits(stored: Array, shape: list[int], kind: str, key: str) -> bool:
    if stored.dtype != np.float32:
        return False
    if is_tiled(kind, key):
        return len(shape) == 2 and stored.shape == (-(-shape[1] // TILE), shape[0], TILE)
    size = int(np.prod(shape))
    return stored.ndim == 1 and size <= stored.size < size + TILE


def _unpack(manifest: Manifest, packed: Packed, where: str) -> Network:
    weights: dict[tuple[str, str], Array] = {}
    for node in manifest.network["nodes"]:
        for key, shape in node["weights"].items():
            stored = packed[node["name"], key]
            if is_tiled(node["kind"], key):
                weights[node["name"], key] = unpack_kernel(stored, shape[1])
            else:
                weights[node["name"], key] = stored[: int(np.prod(shape))].reshape(shape)
    return network_from_json(manifest.network, weights, where)
