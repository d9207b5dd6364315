"""Validation: is a generated sample like the reference, and how sure is that."""

from __future__ import annotations

from caloexport.validation.compare import compare_means, compare_profiles
from caloexport.validation.estimate import Estimate
from caloexport.validation.measurement import Measurement, measure
from caloexport.validation.summary import summary
from caloexport.validation.windows import windows_around

__all__ = [
    "Estimate",
    "Measurement",
    "compare_means",
    "compare_profiles",
    "measure",
    "summary",
    "windows_around",
]
