"""Compiled kernels: a whole network in one call on packed weights.

A plan (``plan``, numpy only) lists the operations of a network as rows of numbers; one compiled
function (``interpreter``) walks it. It is the same for every network, so it compiles once per
machine. The heart of it, the product of one tile, is written in explicit vectors (``tile``).

Importing ``codes`` and ``plan`` needs numpy alone; the other modules need numba and are imported
by the numba backend.
"""

from __future__ import annotations
