"""Write shower files, block by block, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UsageError
from caloexport.runtime.files import atomic_output, refuse_to_replace
from caloexport.runtime.mesh import Mesh
from caloexport.showers.compact import PRECISION, compact_blocks
from caloexport.showers.containers import containers
from caloexport.showers.formats import Content, formats
from caloexport.showers.order import reorder
from caloexport.showers.showers import Showers

Report = Callable[[int, int, str], None]


def write_showers(
    path: str | Path,
    format: str,
    mesh: Mesh,
    conditions: Mapping[str, Array],
    chunks: Iterable[Float32],
    attributes: Mapping[str, Any] | None = None,
    *,
    dtype: str = "float32",
) -> None:
    """Write showers to a new file; energies are stored as given, never rescaled.

    Args:
        path: where to write; replaced only when everything is written.
        format: name of the layout, for example ``"par04"``.
        mesh: the cells, in the order of the blocks; brought to the layout's own.
        conditions: by name an array (n,); ``energy_mev`` is required.
        chunks: energies (k, *mesh shape) MeV, in order, n in all.
        attributes: text and numbers about the data (generator, sensitive, energy_scale, ...).
        dtype: type of the stored energies: ``"float32"``, or ``"float16"`` for compact storage,
            which rounds them (:func:`caloexport.showers.compact.compact`).

    Raises:
        UnknownName: no such format.
        UnsupportedError: the layout cannot express these showers, or float16 their energies.
        UsageError: the number of showers is zero or differs from the conditions'.
        OutputFileError: the file cannot be written.
    """
    content = Content(mesh, dict(conditions), chunks, attributes or {}, dtype)
    _write_content(Path(path), format, _compacted(content) if dtype == "float16" else content)


def convert_showers(
    source: Showers,
    path: str | Path,
    format: str,
    *,
    order: tuple[str, ...] | None = None,
    compact: bool = False,
    report: Report = lambda done, total, text: None,
) -> None:
    """Write showers in another layout; every energy stays what it is, bit for bit as float32.

    Args:
        source: where they come from.
        path, format: as :func:`write_showers`.
        order: bring the cells to this order first, where the layout leaves the choice.
        compact: round the energies to float16 with eight bits of mantissa.
        report: called with showers done, showers in all and a word.
    """
    refuse_to_replace(Path(source.name), Path(path))
    order = order or source.mesh.order
    # float16 energies keep their type: the values are the same and the file stays small
    dtype = source.stored_dtype if source.stored_dtype == "float16" else "float32"
    content = Content(
        source.mesh.in_order(order),
        source.conditions,
        _blocks(source, order, report),
        source.attributes,
        dtype,
    )
    _write_content(Path(path), format, _compacted(content) if compact else content)


def _compacted(content: Content) -> Content:
    """Return the content with rounded energies, which says so."""
    return replace(
        content,
        blocks=compact_blocks(content.blocks),
        attributes={**content.attributes, "precision": PRECISION},
        dtype="float16",
    )


def _write_content(path: Path, format: str, content: Content) -> None:
    entry = formats[format]
    energy_mev = content.conditions.get("energy_mev", ())
    if not len(energy_mev):
        message = "showers need their incident energies (energy_mev), and at least one"
        raise UsageError(message)
    with atomic_output(path) as temporary:
        containers[entry.container].create(temporary, lambda file: entry.write(file, content, path))


def _blocks(source: Showers, order: tuple[str, ...], report: Report) -> Iterator[Float32]:
    for block, energies in source.chunks():
        yield np.asarray(reorder(energies, source.mesh, order))
        report(block.stop, source.n, "showers")
