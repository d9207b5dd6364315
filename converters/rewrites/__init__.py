"""Rewrites: small functions from network to network that do not change what it computes.

Arithmetic is float64, and the new weights are rounded once, to float32 unless said otherwise. One
file each; what a single target needs is composed in the target's ``prepare``.
"""

from __future__ import annotations

from caloexport.converters.rewrites.simplify import simplify

__all__ = ["simplify"]
