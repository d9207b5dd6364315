"""From a Keras model to a generator: a network, its names, and where it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.keras_files.read import KerasModel
from caloexport.converters.lwtnn.variables import apply_variables, read_variables
from caloexport.runtime.files import sha256_of
from caloexport.runtime.generator import Generator


def generator_of(
    path: Path,
    model: KerasModel,
    variables: Path | None,
    weights: Path | None = None,
    name: str | None = None,
) -> Generator:
    """Return the bare network of a model as a generator.

    Args:
        path: the file that was read.
        model: what it holds.
        variables: names, offsets and scales of its inputs, if the user gave them.
        weights: the file of weights, if they stand apart.
        name: of the generator, by default that of the file.

    Raises:
        InputFileError: the variables file is damaged, or of another model.
    """
    network, interface = model.network, None
    provenance = origin_of(path, model)
    if weights is not None:
        provenance |= {"weights": weights.name, "weights_sha256": sha256_of(weights)}
    if variables is not None:
        given = read_variables(variables)
        network, interface = apply_variables(network, given)
        provenance |= {"variables": variables.name, "variables_sha256": sha256_of(variables)}
        provenance |= given.notes
    return Generator.from_network(
        network, name=name or path.name.split(".")[0], provenance=provenance, interface=interface
    )


def origin_of(path: Path, model: KerasModel) -> dict[str, Any]:
    """Return where a network came from, for the provenance of a generator."""
    origin = {
        "source": path.name,
        "source_sha256": sha256_of(path),
        "keras_version": model.keras_version,
    }
    return {**origin, "masks": "left out, every step counts"} if model.unmasked else origin
