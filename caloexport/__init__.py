"""caloexport: from a trained calorimeter-shower generator to a file that C++ loads today."""

from __future__ import annotations

__version__ = "0.1.0"
