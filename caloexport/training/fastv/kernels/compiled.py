"""How kernels are compiled: entry points once for all processes, and what they call into them.

What an entry point calls is not kept by itself: numba would load it as finished code, which cannot
be made part of the loops that call it, and they would take half as long again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from caloexport.runtime.kernels.compiled import OPTIONS, inner
from caloexport.runtime.kernels.kept import kept

__all__ = ["entry", "inner"]


def entry(function: Callable[..., Any]) -> Any:
    """Decorate a function that Python calls."""
    return kept(**OPTIONS)(function)
