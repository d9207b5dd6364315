"""Compiled loops of the simulation (numba)."""

from __future__ import annotations
