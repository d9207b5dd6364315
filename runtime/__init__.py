"""Sample a shower generator with numpy alone (and fast, if numba is installed).

>>> from caloexport.runtime import load
>>> siw = load("siw.safetensors")  # doctest: +SKIP
>>> siw.sample(energy_mev=50_000.0, theta_rad=1.5708, n=100, seed=1).shape  # doctest: +SKIP
(100, 18, 50, 45)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caloexport.runtime.artifact import load
    from caloexport.runtime.generator import Generator

__all__ = ["Generator", "load"]

PLACES = {"Generator": "generator", "load": "artifact"}


def __getattr__(name: str) -> Any:
    """Import on demand: a help text needs the errors of this package, and not numpy."""
    if name not in PLACES:
        message = f"module '{__name__}' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{PLACES[name]}"), name)
