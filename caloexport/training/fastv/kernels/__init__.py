"""Updates of the two large layers in compiled loops (numba): each weight is read and written once."""

from __future__ import annotations
