"""Compiled loops of an update (numba): each weight is read and written once."""

from __future__ import annotations
