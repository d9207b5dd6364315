"""The instruction level that kernels are compiled for: the best of the CPU, or the one asked for.

The environment variable CALOEXPORT_INSTRUCTIONS asks for a lower one, for tests and for machines
that throttle. ``portable`` leaves the choice of instructions to LLVM and is right everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from llvmlite import binding

from caloexport.runtime.errors import UnknownName, UsageError

VARIABLE = "CALOEXPORT_INSTRUCTIONS"
#: level -> features of the CPU that its kernels use (names of LLVM); the best first
NEEDS = {
    "avx512": ("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512vnni"),
    "avx2": ("avx2", "fma"),
    "portable": (),
}
BF16_DOT = "avx512bf16"


def missing(level: str, features: Mapping[str, bool]) -> list[str]:
    """Return the features that a level needs and a CPU lacks.

    >>> missing("avx2", {"avx2": True})
    ['fma']
    """
    return [name for name in NEEDS[level] if not features.get(name)]


def choose(asked: str, features: Mapping[str, bool]) -> str:
    """Return the level asked for, or the best of the CPU for the empty string.

    Raises:
        UsageError: no such level, or the CPU lacks instructions for it.

    >>> choose("", {"avx2": True, "fma": True})
    'avx2'
    """
    if not asked:
        return next(level for level in NEEDS if not missing(level, features))
    if asked not in NEEDS:
        raise UnknownName("instruction level", asked, NEEDS, where=VARIABLE)
    lacking = missing(asked, features)
    if lacking:
        message = f"this CPU has no {', '.join(lacking)}, which the level '{asked}' needs"
        best = choose("", features)
        raise UsageError(message, where=VARIABLE, hint=f"the best it has is '{best}'")
    return asked


def host_features() -> dict[str, bool]:
    """Return what this CPU can do, by LLVM's names of features."""
    return dict(binding.get_host_cpu_features())


_features = host_features()
LEVEL = choose(os.environ.get(VARIABLE, ""), _features)
#: whether kernels may use the dot product of bfloat16 pairs
HAS_BF16_DOT = LEVEL == "avx512" and _features.get(BF16_DOT, False)
