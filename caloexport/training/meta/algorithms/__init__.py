"""Ways to learn from the updates on one task; one file each that registers itself.

All move the shared weights φ by ε (θ - θ'), θ after the last update on the task. They differ in
which weights θ' that movement is counted from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Algorithm:
    """One way.

    Attributes:
        summary: one line.
        since: (updates on a task) -> how many of them are done when θ' is taken.
    """

    summary: str
    since: Callable[[int], int]


algorithms: Registry[Algorithm] = Registry(
    "meta-learning algorithm", "caloexport.training.meta.algorithms", "caloexport.meta_algorithms"
)
