"""Shower files: reading, writing, converting, and the samples that travel with the package."""

from __future__ import annotations

from caloexport.showers.open import open_showers
from caloexport.showers.samples import SAMPLES, sample
from caloexport.showers.showers import Showers, from_arrays
from caloexport.showers.write import convert_showers, write_showers

__all__ = [
    "SAMPLES",
    "Showers",
    "convert_showers",
    "from_arrays",
    "open_showers",
    "sample",
    "write_showers",
]
