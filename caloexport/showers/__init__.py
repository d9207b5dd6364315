"""Shower files: reading, writing, converting, and the samples that travel with the package."""

from __future__ import annotations

from caloexport.showers.open import open_showers
from caloexport.showers.samples import SAMPLES, sample
from caloexport.showers.showers import Showers, from_arrays

__all__ = ["SAMPLES", "Showers", "from_arrays", "open_showers", "sample"]
