"""Compare any two models or artifacts, in MeV over the conditions that both know.

Two generators that describe their physics are fed the same latents and conditions, each through
its own noise law and encoding, and compared cell by cell after each one's own output map: files
for different consumers, whose vectors, units and cell orders differ, are still comparable. Where
one of them is a bare network, both see the same input vector and raw outputs are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from caloexport.converters.cell_positions import by_position, places
from caloexport.converters.common_conditions import common_conditions
from caloexport.converters.comparison import TOLERANCE, Comparison
from caloexport.converters.open import refuse_unused
from caloexport.converters.readers import Choices
from caloexport.converters.sides import Side, side_of
from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.categories import category_columns
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.manifest import Sampling, weightless_network
from caloexport.runtime.mesh import Mesh, cell_name
from caloexport.runtime.reference import evaluate_all
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import N_VECTORS, SEED, make_inputs


def compare_models(path: Path, other: Path, choices: Choices | None = None) -> Comparison:
    """Execute two models on the same showers and compare.

    Args:
        path: what is judged.
        other: what it is compared with.
        choices: what a file does not say.

    Raises:
        InputFileError: one of them cannot be read, or their inputs or outputs do not match.
        UnsupportedError: they have no condition range or noise law in common.
    """
    refuse_unused(choices or Choices(), path, other)
    mine, reference = side_of(path, choices or Choices()), side_of(other, choices or Choices())
    if mine.manifest.sampling is None or reference.manifest.sampling is None:
        return _compare_raw(mine, reference)
    return _compare_physics(mine, reference, mine.manifest.sampling, reference.manifest.sampling)


def _compare_raw(mine: Side, reference: Side) -> Comparison:
    described = reference if reference.manifest.sampling is not None else mine
    widths = [_width(side) for side in (mine, reference)]
    if widths[0] != widths[1]:
        message = f"takes {widths[0]} inputs, {reference.name} takes {widths[1]}"
        hint = "one of them does not say what its inputs mean, so they cannot be matched"
        raise InputFileError(message, where=mine.name, hint=hint)
    categories = {**_categories(reference), **_categories(mine)}
    x = make_inputs(described.manifest.sampling, widths[0], categories)
    found, expected = mine.run(x), reference.run(x)
    if found.shape != expected.shape:
        message = f"gives {found.shape[1]} outputs, {reference.name} gives {expected.shape[1]}"
        raise InputFileError(message, where=mine.name)
    layer = np.zeros(found.shape[1], dtype=np.int64)
    names = [f"output {k}" for k in range(found.shape[1])]
    part = partial(_first_difference, mine, reference, x, x)
    return _judge(mine, reference, found, expected, layer, names, "of the raw output", part)


def _categories(side: Side) -> dict[int, int]:
    return category_columns(weightless_network(side.manifest.network, side.name))


def _width(side: Side) -> int:
    inputs = side.manifest.network["inputs"]
    return sum(int(np.prod(entry["shape"])) for entry in inputs)


def _compare_physics(mine: Side, reference: Side, a: Sampling, b: Sampling) -> Comparison:
    _require_same_latents(mine, reference, a, b)
    _require_same_cells(mine, reference, a.mesh, b.mesh)
    given = common_conditions(mine, reference)
    vectors = [_input_vectors(sampling, given) for sampling in (a, b)]
    incident = np.asarray(given["energy_mev"], dtype=np.float64)
    fractions = []
    for side, sampling, x in zip((mine, reference), (a, b), vectors, strict=True):
        outputs = np.array(side.run(x), dtype=np.float64)
        # without the readout cut: a cell that rounding moves over it would count as a difference
        output = replace(sampling.output, threshold_mev=0.0)
        cells = output.energies(outputs, incident, sampling.mesh)
        fractions.append(cells / incident[:, None])
    order_a, order_b = by_position(a.mesh), by_position(b.mesh)
    layer = b.mesh.indices()["z"][order_b]
    names = [f"cell {cell_name(b.mesh, int(flat))}" for flat in order_b]
    part = partial(_first_difference, mine, reference, *vectors)
    found, expected = fractions[0][:, order_a], fractions[1][:, order_b]
    return _judge(mine, reference, found, expected, layer, names, "of E_inc", part)


def _require_same_latents(mine: Side, reference: Side, a: Sampling, b: Sampling) -> None:
    if (a.noise.size, a.noise.law) != (b.noise.size, b.noise.law):
        message = (
            f"draws {a.noise.size} {a.noise.law} latents, {reference.name} draws "
            f"{b.noise.size} {b.noise.law} ones: no two showers of theirs correspond"
        )
        hint = "compare samples of them with caloexport validate"
        raise UnsupportedError(message, where=mine.name, hint=hint)


def _input_vectors(sampling: Sampling, given: dict[str, Array]) -> Array:
    known = {condition.name: given[condition.name] for condition in sampling.conditions}
    latents = sampling.noise.draw(N_VECTORS, SEED)  # one seed: the same numbers in every law
    return np.concatenate([latents, sampling.encoding.encode(known)], axis=1)


def _require_same_cells(mine: Side, reference: Side, a: Mesh, b: Mesh) -> None:
    first, second = places(a)[by_position(a)], places(b)[by_position(b)]
    if not np.array_equal(first, second):
        message = f"its cells {a.shape} are other ones than those of {reference.name} {b.shape}"
        raise InputFileError(message, where=mine.name)


def _judge(
    mine: Side,
    reference: Side,
    found: Array,
    expected: Array,
    layer: Integers,
    names: list[str],
    unit: str,
    part: Callable[[], str | None],
) -> Comparison:
    difference = compare(found, expected, TOLERANCE)
    # sums in float32 would part by their own rounding
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    delta = np.abs(found - expected)
    layers = []
    for number in np.unique(layer):
        inside = layer == number
        total = np.abs(found[:, inside].sum(axis=1) - expected[:, inside].sum(axis=1))
        layers.append((int(number), float(delta[:, inside].max()), float(total.max())))
    return Comparison(
        equal=difference.equal,
        max_abs=difference.max_abs,
        max_rel=difference.max_rel,
        unit=unit,
        where=f"worst at {names[difference.column]}, vector {difference.row}",
        vectors=len(found),
        engines=(mine.engine, reference.engine),
        layers=tuple(layers),
        first_difference=None if difference.equal else part(),
    )


def _first_difference(mine: Side, reference: Side, x: Array, y: Array) -> str | None:
    """Return the first layer that both networks have, by name, and that they compute differently."""
    first, second = mine.network(), reference.network()
    if first is None or second is None:
        return None
    ours = evaluate_all(first, _split(mine, x))
    theirs = evaluate_all(second, _split(reference, y))
    for node in second.nodes:
        if node.name in ours:
            expected = theirs[node.name].reshape(N_VECTORS, -1)
            if not compare(ours[node.name].reshape(N_VECTORS, -1), expected, TOLERANCE).equal:
                return node.name
    return None


def _split(side: Side, x: Array) -> dict[str, Array]:
    inputs, start = {}, 0
    for entry in side.manifest.network["inputs"]:
        size = int(np.prod(entry["shape"]))
        inputs[entry["name"]] = x[:, start : start + size].reshape(len(x), *entry["shape"])
        start += size
    return inputs
