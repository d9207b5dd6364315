"""From a Keras model to a generator: a network, its names, and where it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caloexport.converters.keras_files.read import KerasModel
from caloexport.converters.lwtnn.variables import VariablesFile, apply_variables, read_variables
from caloexport.converters.readers import Choices
from caloexport.converters.rewrites.one_output import one_output
from caloexport.runtime.errors import UnknownName
from caloexport.runtime.files import sha256_of
from caloexport.runtime.generator import Generator


def generator_of(
    path: Path,
    model: KerasModel,
    choices: Choices,
    *,
    weights: Path | None = None,
    name: str | None = None,
) -> Generator:
    """Return the bare network of a model as a generator.

    Args:
        path: the file that was read.
        model: what it holds.
        choices: the variables file, and which output, if the user said so.
        weights: the file of weights, if they stand apart.
        name: of the generator, by default that of the file.

    Raises:
        InputFileError: the variables file is damaged, or of another model.
        UnknownName: there is no such output, or several.
    """
    network, interface = model.network, None
    provenance = origin_of(path, model)
    if weights is not None:
        provenance |= {"weights": weights.name, "weights_sha256": sha256_of(weights)}
    variables = choices.variables
    given = None if variables is None else read_variables(variables)
    number = _number(model, given, choices.output, str(path))
    if given is not None and variables is not None:
        network, interface = apply_variables(network, given, number or 0)
        provenance |= {"variables": variables.name, "variables_sha256": sha256_of(variables)}
        provenance |= given.notes
    if number is not None:
        network = one_output(network, network.outputs[number])
    return Generator.from_network(
        network, name=name or path.name.split(".")[0], provenance=provenance, interface=interface
    )


def _number(
    model: KerasModel, given: VariablesFile | None, wanted: str | None, where: str
) -> int | None:
    """Return the number of the output that the user wants, by any of its names; None: all."""
    if wanted is None:
        return None
    names = [{layer, own} for layer, own in zip(model.outputs, model.network.outputs, strict=True)]
    for own, port in zip(names, () if given is None else given.outputs, strict=False):
        own.add(port.name)
    found = [number for number, own in enumerate(names) if wanted in own]
    if len(found) != 1:
        raise UnknownName("output", wanted, sorted(set().union(*names)), where=where)
    return found[0]


def origin_of(path: Path, model: KerasModel) -> dict[str, Any]:
    """Return where a network came from, for the provenance of a generator."""
    origin = {
        "source": path.name,
        "source_sha256": sha256_of(path),
        "keras_version": model.keras_version,
    }
    return {**origin, "masks": "left out, every step counts"} if model.unmasked else origin
