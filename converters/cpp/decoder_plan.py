"""The plan of a network as C++: what each step of the generated decoder is given.

The plan is that of the compiled Python backend. Where that has addresses of this process, C++ has
the place of a weight in the weights file, or a static table of the header.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.converters.cpp import literals
from caloexport.runtime.arrays import Array
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import codes
from caloexport.runtime.kernels.plan import Plan
from caloexport.runtime.kernels.planner import Planner
from caloexport.runtime.manifest import weightless_network
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import Packed

#: enumerators by their number in a plan
OPERATIONS = {
    getattr(codes, name.upper()): name
    for name in (
        "dense", "copy", "activate", "softmax", "normalize", "add", "multiply", "output",
        "subtract", "divide", "maximum", "minimum", "gather", "layer_normalize", "reduce",
        "convolve", "spread",
    )
}  # fmt: skip
FUNCTIONS = {number: name for name, number in codes.ACTIVATIONS.items()}
REDUCTIONS = {0: "sum", 1: "mean", 2: "largest", 3: "smallest"}
STORAGES = {number: name.replace("-", "_") for name, number in codes.STORAGES.items()}
#: operations that apply an activation, and that read a kernel
ACTIVATING = (codes.DENSE, codes.ACTIVATE, codes.CONVOLVE)
MULTIPLYING = (codes.DENSE, codes.CONVOLVE, codes.SPREAD)
#: storages whose products round their inputs, for which they need room
ROUNDING = {codes.STORAGES["int8"], codes.STORAGES["int8-a8"]}
#: members that are numbers, by column
NUMBERS = {
    "source": codes.SOURCE,
    "target": codes.TARGET,
    "positions": codes.POSITIONS,
    "n_in": codes.N_IN,
    "n_out": codes.N_OUT,
    "other": codes.OTHER,
    "trained_step": codes.TRAINED_STEP,
    "stretches": codes.STRETCHES,
    "stretch": codes.STRETCH,
    "cells": codes.CELLS,
}
#: members that are pointers, by column
POINTERS = {
    "first": codes.FIRST,
    "second": codes.SECOND,
    "trained": codes.TRAINED,
    "places": codes.PLACES,
    "offsets": codes.OFFSETS,
    "cell_bias": codes.CELL_BIAS,
    "scale": codes.SCALE,
}
LINE = 16


@dataclass(frozen=True)
class Table:
    """An array that belongs to the plan and not to the weights.

    Attributes:
        name: of the variable.
        type: of its numbers.
        lines: the numbers as literals, some to a line; empty where all are zero.
        size: how many.
    """

    name: str
    type: str
    lines: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class StepFacts:
    """A step as templates see it.

    Attributes:
        title: what it does, for a comment.
        members: name, value and a remark of every member that is not its default.
    """

    title: str
    members: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class DecoderPlan:
    """A network as templates see it.

    Attributes:
        steps: in their order.
        tables: what they point to beside the weights.
        n_inputs, n_outputs: of the network.
        scratch: floats of working space for one shower.
        operations, functions, storages: enumerators that occur.
        several_rows: whether a dense layer multiplies several positions.
    """

    steps: tuple[StepFacts, ...]
    tables: tuple[Table, ...]
    n_inputs: int
    n_outputs: int
    scratch: int
    operations: frozenset[str]
    functions: frozenset[str]
    storages: frozenset[str]
    several_rows: bool


class _TablePlanner(Planner):
    """A planner whose addresses are numbers of arrays, from 1 on: 0 means none.

    Attributes:
        names: of the packed weights, by the number of the array.
        origins: name of the layer of each step.
    """

    def __init__(self, network: Network, packed: Packed, precision: str) -> None:
        super().__init__(network, packed, precision, hot=False)
        self.names: dict[int, str] = {}
        self.origins: list[str] = []
        self._known: dict[tuple[str, bytes], int] = {}
        self._weights = {id(array): f"{node}.{key}" for (node, key), array in packed.items()}

    def address(self, array: Array) -> int:
        weight = self._weights.get(id(array))
        # equal tables, such as those that pick every value in turn, become one
        key = ("weight", weight.encode()) if weight else (array.dtype.str, array.tobytes())
        if key not in self._known:
            self.keep.append(array)
            self._known[key] = len(self.keep)
            if weight:
                self.names[len(self.keep)] = weight
        return self._known[key]

    def _add(self, node: Node) -> None:
        super()._add(node)
        self.origins += [node.name] * (len(self.steps) - len(self.origins))


def decoder_plan(generator: Generator, places: Mapping[str, int]) -> DecoderPlan:
    """Plan the network of a generator for C++.

    Args:
        generator: whose layers all have a compiled form.
        places: of each packed weight, in bytes behind the beginning of the data.
    """
    manifest = generator.manifest
    network = weightless_network(manifest.network, manifest.name)
    planner = _TablePlanner(network, generator.packed, manifest.precision)
    plan = planner.plan()
    origins = [*planner.origins, "results"][: len(plan.table)]
    names = {n: f"table_{n}" for n in range(1, len(plan.keep) + 1) if n not in planner.names}
    pointers = {n: (names[n], "") for n in names}
    for n, name in planner.names.items():
        pointers[n] = f"weights + {places[name]}", name
    width = -(-plan.width // LINE) * LINE
    writer = _StepWriter(plan, pointers, width)
    operation = plan.table[:, codes.OPERATION]
    functions = plan.table[np.isin(operation, ACTIVATING), codes.FUNCTION]
    products = np.isin(operation, MULTIPLYING)
    several = (operation == codes.DENSE) & (plan.table[:, codes.POSITIONS] > 1)
    return DecoderPlan(
        tuple(writer.step(row, origin) for row, origin in enumerate(origins)),
        tuple(_table(names[n], plan.keep[n - 1]) for n in names),
        plan.n_in,
        plan.n_out,
        plan.scratch(1) + width - plan.width,
        _names(OPERATIONS, operation),
        _names(FUNCTIONS, functions),
        _names(STORAGES, plan.table[products, codes.STORAGE]),
        bool(several.any()),
    )


def _names(names: Mapping[int, str], numbers: Array) -> frozenset[str]:
    return frozenset(names[int(number)] for number in numbers)


class _StepWriter:
    """Turns rows of a plan into members of C++.

    Args:
        plan: the rows.
        pointers: expression and remark for each array, by its number.
        work: place of the working space in the scratch.
    """

    def __init__(self, plan: Plan, pointers: Mapping[int, tuple[str, str]], work: int) -> None:
        self._plan = plan
        self._pointers = pointers
        self._work = work

    def step(self, index: int, origin: str) -> StepFacts:
        """Return the facts of a step."""
        row = [int(number) for number in self._plan.table[index]]
        operation = OPERATIONS[row[codes.OPERATION]]
        members = {"operation": f"Operation::{operation}"}
        for name, column in NUMBERS.items():
            default = 1 if name == "positions" else 0
            if row[column] not in (0, default):
                to_output = name == "target" and row[column] == codes.TO_OUTPUT
                members[name] = "to_output" if to_output else str(row[column])
        if operation == "output":
            members["n_out"] = str(self._plan.n_out)
        members |= self._functions(operation, row)
        pointers = {name: row[column] for name, column in POINTERS.items() if row[column]}
        members |= {name: self._pointer(name, number) for name, number in pointers.items()}
        if row[codes.STORAGE]:
            members["storage"] = f"Storage::{STORAGES[row[codes.STORAGE]]}"
        if row[codes.STORAGE] in ROUNDING:
            members["work"] = str(self._work)
        for place, constant in enumerate(self._plan.constants[index]):
            if constant != 0:
                members[f"constants[{place}]"] = _constant(float(constant))
        remarks = {name: self._pointers[number][1] for name, number in pointers.items()}
        return StepFacts(
            f"{origin}: {_told(operation, row, self._plan.n_out)}",
            tuple((name, value, remarks.get(name, "")) for name, value in members.items()),
        )

    def _functions(self, operation: str, row: list[int]) -> dict[str, str]:
        function = row[codes.FUNCTION]
        if operation == "softmax":
            return {"logarithm": "true"} if function else {}
        if operation == "reduce":
            return {"reduction": f"Reduction::{REDUCTIONS[function]}"}
        return {"function": f"Function::{FUNCTIONS[function]}"} if function else {}

    def _pointer(self, member: str, number: int) -> str:
        expression, weight = self._pointers[number]
        if not weight:
            return expression
        if member not in ("first", "second"):  # those two may point to anything
            expression = f"reinterpret_cast<const float*>({expression})"
        return expression


def _constant(value: float) -> str:
    """Return a constant of an activation; a limit that is not set is infinite."""
    if math.isinf(value):
        return f"{'-' if value < 0 else ''}std::numeric_limits<float>::infinity()"
    return literals.single(value)


def _told(operation: str, row: list[int], n_out: int) -> str:
    """Say what a step does in a few words."""
    sizes = f"{row[codes.N_IN]} to {row[codes.N_OUT]}"
    if operation == "dense":
        times = f", at {row[codes.POSITIONS]} positions" if row[codes.POSITIONS] > 1 else ""
        return f"dense, {sizes}{times}"
    if operation == "output":
        return f"{n_out} outputs"
    return operation.replace("_", " ")


def _table(name: str, array: Array) -> Table:
    flat = array.ravel()
    whole = flat.dtype.kind == "i"
    texts = [str(n) if whole else literals.single(float(n)) for n in flat.tolist()]
    if not np.any(flat):
        texts = []
    lines, line = [], ""
    for text in texts:
        if line and len(line) + len(text) > 90:
            lines.append(line)
            line = ""
        line += f"{text}, "
    lines = [one.rstrip() for one in (*lines, line) if one]
    return Table(name, "std::int64_t" if whole else "float", tuple(lines), flat.size)
