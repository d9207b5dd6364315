"""Operators of ONNX as layers of a network: one file for each, or for a tight family.

A translation gets the operator with its operands (None where an optional one is left out) and
returns one operand for each output. Where all operands are constants, ``fold`` is called instead
with arrays and returns an array, or several; without ``fold``, the reference evaluates the layers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.values import Operand
from caloexport.runtime.arrays import Array
from caloexport.runtime.registry import Registry

Translate = Callable[[Call], list[Operand]]
Fold = Callable[[Call, list[Array]], Array | list[Array]]


@dataclass(frozen=True)
class Operator:
    """How an operator becomes layers.

    Attributes:
        translate: from the operator with its operands to the operands that it makes.
        fold: from constants to the constant that it makes, or None.
    """

    translate: Translate
    fold: Fold | None = None


operators: Registry[Operator] = Registry(
    "operator of ONNX", "caloexport.converters.onnx.operators", "caloexport.onnx_operators"
)


def operator(*names: str, fold: Fold | None = None) -> Callable[[Translate], Translate]:
    """Register the decorated function as the translation of operators."""

    def add(translate: Translate) -> Translate:
        for name in names:
            operators.register(name)(Operator(translate, fold))
        return translate

    return add
