"""The plan of sampling: noise law, conditions, encoding and output map as rows of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.conditions import SLACK, Condition
from caloexport.runtime.encodings import encodings
from caloexport.runtime.formula import Formula
from caloexport.runtime.kernels import sampling_codes as codes
from caloexport.runtime.kernels.plan import Plan
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.output_maps import output_maps

#: floats of a cache line: places in the scratch begin with one
LINE = 16


@dataclass(frozen=True)
class SamplingPlan:
    """Sampling ready to run in one call.

    Attributes:
        head: (17,) int64, see ``sampling_codes``.
        scratch: floats of working space for a chunk of showers, without lists of cells.
        scratch_of_lists: the same when cells are listed.
        keep: what the head points to; it must live as long.
    """

    head: Integers
    scratch: int
    scratch_of_lists: int
    keep: tuple[object, ...] = field(repr=False)

    @cached_property
    def address(self) -> int:
        """Return the address of the head; the plan must outlive its use."""
        return int(self.head.ctypes.data)


def why_not(sampling: Sampling) -> str | None:
    """Say what of the sampling has no compiled form, None when all of it has."""
    for term in sampling.encoding.terms:
        if encodings[term.kind].formula is None:
            return f"the encoding '{term.kind}'"
    if output_maps[sampling.output.kind].scaling is None:
        return f"the output map '{sampling.output.kind}'"
    return None


def make_sampling_plan(sampling: Sampling, plan: Plan) -> SamplingPlan | None:
    """Plan the sampling of a planned network; None when a part has no compiled form."""
    scaling_of = output_maps[sampling.output.kind].scaling
    if scaling_of is None or why_not(sampling) is not None:
        return None
    scaling = scaling_of(sampling.mesh, sampling.output.parameters)
    limits = np.array([limits_of(condition) for condition in sampling.conditions])
    terms = _Terms(sampling)
    terms.add_factor(scaling.factor)
    keep: list[object] = [plan, limits, terms.rows, terms.numbers, *terms.tables]
    law = sampling.noise
    width = law.b if law.law == "normal" else law.b - law.a
    threshold = sampling.output.threshold_mev
    numbers = np.array([law.a, width, threshold, scaling.total_scale, 1.0], dtype=np.float32)
    head = np.zeros(codes.HEAD_COLUMNS, dtype=np.int64)
    head[codes.NETWORK] = plan.address
    head[codes.IS_NORMAL], head[codes.LATENTS] = law.law == "normal", law.size
    head[codes.CONDITIONS], head[codes.LIMITS] = len(limits), limits.ctypes.data
    head[codes.TERMS] = len(sampling.encoding.terms)
    head[codes.TERM_ROWS] = terms.rows.ctypes.data
    head[codes.TERM_NUMBERS] = terms.numbers.ctypes.data
    head[codes.CELLS], head[codes.NUMBERS] = n_cells(sampling.mesh), numbers.ctypes.data
    if scaling.groups is not None:
        groups = np.ascontiguousarray(scaling.groups, dtype=np.int64)
        head[codes.GROUPS] = groups.ctypes.data
        keep.append(groups)
    shape = np.array(sampling.mesh.shape, dtype=np.int64)
    head[codes.AXES], head[codes.SHAPE] = len(shape), shape.ctypes.data
    # admitted conditions (float64) stand first
    head[codes.FACTORS_AT] = _lines(2 * len(limits))
    head[codes.VALUES_AT] = head[codes.FACTORS_AT] + _lines(plan.chunk)
    head[codes.DENSE_AT] = head[codes.VALUES_AT] + _lines(plan.scratch(plan.chunk))
    one = 4 * (int(head[codes.VALUES_AT]) + plan.scratch(1))
    head[codes.FITS_STACK] = one <= codes.STACK_BYTES and scaling.groups is None
    dense = int(head[codes.DENSE_AT])
    with_outputs = dense + plan.chunk * plan.n_out
    least = dense if scaling.groups is None else with_outputs
    return SamplingPlan(head, least, with_outputs, (*keep, numbers, shape))


def limits_of(condition: Condition) -> tuple[float, ...]:
    """Return the row of a condition."""
    if condition.categories:
        return codes.CATEGORY, 0.0, 0.0, len(condition.categories) - 1.0, 0.0
    energy = float(condition.dimension == "energy")
    if condition.low is None or condition.high is None:
        return codes.FREE, energy, 0.0, 0.0, 0.0
    slack = SLACK * max(abs(condition.low), abs(condition.high))
    return codes.RANGED, energy, condition.low, condition.high, slack


class _Terms:
    """The rows of the encoding's terms, and of the factor behind them."""

    def __init__(self, sampling: Sampling) -> None:
        self.conditions = {one.name: k for k, one in enumerate(sampling.conditions)}
        count = len(sampling.encoding.terms) + 1
        self.rows = np.zeros((count, codes.TERM_COLUMNS), dtype=np.int64)
        self.numbers: Float64 = np.ones((count, codes.TERM_CONSTANTS))
        self.tables: list[Array] = []
        column = sampling.noise.size
        for k, term in enumerate(sampling.encoding.terms):
            formula = encodings[term.kind].formula
            assert formula is not None  # asked by why_not
            condition = sampling.conditions[self.conditions[term.condition]]
            self._add(k, formula(condition, term.parameters), term.condition, column, term.width)
            column += term.width

    def add_factor(self, formula: Formula) -> None:
        """Add the row of the output map's factor."""
        self._add(len(self.rows) - 1, formula, "energy_mev", 0, 1)

    def _add(self, k: int, formula: Formula, condition: str, column: int, width: int) -> None:
        row = self.rows[k]
        row[codes.CONDITION] = self.conditions[condition]
        row[codes.COLUMN], row[codes.WIDTH] = column, width
        if formula.table:
            table = np.array(formula.table, dtype=np.float64)
            self.tables.append(table)
            row[codes.FORMULA], row[codes.TABLE] = codes.LOOK_UP, table.ctypes.data
            row[codes.TABLE_STEP] = width if len(table) > 1 else 0
            return
        row[codes.FORMULA] = codes.LOGARITHM if formula.logarithmic else codes.LINEAR
        self.numbers[k] = formula.unit, formula.offset, formula.scale


def _lines(floats: int) -> int:
    return -(-floats // LINE) * LINE
