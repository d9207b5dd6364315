"""Steps: the nodes that a handler returns, as a chain or as a small graph.

Most layers are a chain: the first step reads the inputs of the call, each further one reads the
step before it. A step that reads something else names it in ``reads``; a layer with several
outputs, or one that is no chain, is a :class:`Graph`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from caloexport.runtime.arrays import Array


@dataclass(frozen=True)
class Input:
    """One of the tensors that a call reads, counted from 0."""

    number: int


@dataclass(frozen=True, eq=False)
class Step:
    """One node of the network to be: its kind, constants and weights.

    Attributes:
        kind, attributes, weights: of the node.
        reads: inputs of the call or other steps; empty for the step before it in the chain.
        scalar: whether Keras counts no axis but that of the batch where the network keeps one of
            size 1; None if that is so when it is of all inputs.
    """

    kind: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Array] = field(default_factory=dict)
    reads: tuple[Value, ...] = ()
    scalar: bool | None = None


Value = Input | Step
FIRST: tuple[Value, ...] = (Input(0),)


@dataclass(frozen=True)
class Graph:
    """The outputs of a layer; the steps behind them are found by what they read."""

    outputs: tuple[Value, ...]


#: no step at all passes the inputs on
Steps = Sequence[Step] | Graph


def connect(steps: Steps, inputs: Sequence[Value] | None = None) -> tuple[Value, ...]:
    """Let a handler's steps read ``inputs`` (None: those of the call) and return its outputs.

    >>> double, relu = Step("add", reads=(Input(0), Input(0))), Step("activation")
    >>> (last,) = connect([double, relu], [Step("dense")])
    >>> last.kind, last.reads[0].kind, [step.kind for step in last.reads[0].reads]
    ('activation', 'add', ['dense', 'dense'])
    """
    made: dict[int, Value] = {}

    def value(old: Value) -> Value:
        if isinstance(old, Input):
            return old if inputs is None else inputs[old.number]
        if id(old) not in made:
            made[id(old)] = replace(old, reads=tuple(value(read) for read in old.reads or FIRST))
        return made[id(old)]

    if isinstance(steps, Graph):
        return tuple(value(output) for output in steps.outputs)
    before = FIRST if inputs is None else tuple(inputs)
    for step in steps:
        reads = tuple(value(read) for read in step.reads) or before
        made[id(step)] = replace(step, reads=reads)
        before = (made[id(step)],)
    return before


def chain(steps: Steps) -> list[Step]:
    """Return steps as the chain that they are.

    Raises:
        TypeError: they are a graph; the handler that was asked does not make one.
    """
    if isinstance(steps, Graph):
        raise TypeError(steps)
    return list(steps)


def after(steps: Steps, *reads: Value) -> Value:
    """Return the one output of steps that read ``reads``, by default the input of the call."""
    (output,) = connect(steps, reads or None)
    return output


def in_order(outputs: Sequence[Value]) -> Iterator[Step]:
    """Yield every step behind the outputs once, each after what it reads."""
    seen: set[int] = set()

    def visit(value: Value) -> Iterator[Step]:
        if isinstance(value, Input) or id(value) in seen:
            return
        seen.add(id(value))
        for read in value.reads:
            yield from visit(read)
        yield value

    for output in outputs:
        yield from visit(output)
