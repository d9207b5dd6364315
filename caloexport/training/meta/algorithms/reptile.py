"""Reptile: towards where all updates on the task have led.

Source: A. Nichol, J. Achiam, J. Schulman, arXiv:1803.02999, algorithm 1.
"""

from __future__ import annotations

from caloexport.training.meta.algorithms import Algorithm, algorithms

algorithms.register("reptile")(
    Algorithm("move towards the weights after all updates on a task", lambda updates: 0)
)
