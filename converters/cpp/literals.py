"""Python values as C++ literals, without loss."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.errors import UsageError


def double(value: float) -> str:
    """Return a literal that a C++ compiler reads as exactly this number.

    Raises:
        UsageError: the number is not finite, for which C++ has no literal.

    >>> double(1024000.0), double(0.1), double(1e-30)
    ('1024000.0', '0.1', '1e-30')
    """
    if not math.isfinite(value):
        message = f"{value} cannot be written into C++"
        raise UsageError(message)
    return repr(float(value))  # Python's shortest text reads back exactly


def single(value: float) -> str:
    """Return a literal of type float.

    >>> single(0.1), single(3.0)
    ('0.1f', '3.0f')
    """
    with np.errstate(over="ignore"):
        number = np.float32(value)
    if not np.isfinite(number):
        message = f"{value} cannot be written into C++ as a float"
        raise UsageError(message)
    return f"{number!s}f"


def string(text: str) -> str:
    r"""Return a C++ string literal.

    >>> print(string('a "b" ü'))
    "a \"b\" \303\274"
    """
    parts = []
    for byte in text.encode():
        plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
        # octal escapes end after three digits, so what follows cannot become a part of them
        parts.append(chr(byte) if plain else {34: '\\"', 92: "\\\\"}.get(byte, f"\\{byte:03o}"))
    return f'"{"".join(parts)}"'
