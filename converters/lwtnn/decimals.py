"""How many digits a weight needs: nine for a float32, seventeen for a number that has no fewer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.network import Network

#: numbers worked on at a time
CHUNK = 1 << 16
#: a rewrite that divides and multiplies again may be this far from where it began
NOISE = 4 * np.finfo(np.float64).eps
#: below this, and above its inverse, a power of ten overflows; such numbers, no float32 among
#: them, stay as they are
TINY = 1e-200


def nine_digits(x: Array) -> Float64:
    """Return the nearest numbers of nine significant decimal digits.

    >>> nine_digits(np.array([1 / 3, -2.0, 0.0])).tolist()
    [0.333333333, -2.0, 0.0]
    """
    x = x.astype(np.float64)
    odd = _is_odd(x)
    safe = np.where(odd, 1.0, x)
    shift = 8 - np.floor(np.log10(np.abs(safe)))
    # both factors are exact up to 10^22, so the quotient is the decimal number read from text
    up, down = 10.0 ** np.maximum(shift, 0), 10.0 ** np.maximum(-shift, 0)
    return np.where(odd, x, np.rint(safe * up / down) / up * down) + 0.0  # no negative zero


def _is_odd(x: Array) -> Array:
    return ~((np.abs(x) >= TINY) & (np.abs(x) <= 1 / TINY))  # True for NaN, too


def has_nine_digits(x: Array) -> Array:
    """Say of each number whether nine digits give it back, up to the noise of the last bit."""
    odd = _is_odd(x) & (x != 0)
    return np.asarray(~odd & (np.abs(nine_digits(x) - x) <= NOISE * np.abs(x)))


def text_of(x: Array) -> bytes:
    """Return numbers (n,), n > 0, as comma-separated text that gives them back.

    >>> text_of(np.array([1 / 3, 2.5], np.float32)), text_of(np.array([1 / 3, 2.5]))
    (b'0.333333343,2.5', b'0.3333333333333333,2.5')
    """
    few = np.ones(1, bool) if x.dtype == np.float32 else has_nine_digits(x)
    if few.all():
        return (b"%.9g," * x.size % tuple((x + 0).tolist()))[:-1]  # no negative zero
    pairs = zip(x.tolist(), few.tolist(), strict=True)
    return ",".join(f"{v:.9g}" if nine else repr(v) for v, nine in pairs).encode()


def as_float32(x: Array) -> Array:
    """Return weights in float32 if they were written from float32, else as they are."""
    with np.errstate(over="ignore"):  # infinity is not what was given
        found = x.astype(np.float32)
    for part, given in zip(_chunks(found), _chunks(x), strict=True):
        exact = part == given
        if not exact.all():
            with np.errstate(invalid="ignore"):
                written = np.abs(nine_digits(part) - given) <= NOISE * np.abs(given)
            if not (exact | written).all():
                return x
    return found


def shortened(network: Network, like: Network) -> Network:
    """Return a network whose float64 weights have nine digits, if those of another need no more.

    What a rewrite calculates from float32 weights is worth no seventeen digits in the file; what
    came with seventeen keeps them. The offset of a normalization is not written, but the quotient
    of offset and scale: it keeps its digits, and counts for nothing.
    """
    for node in like.nodes:
        for key, weight in node.weights.items():
            if key != "offset" and not short(weight):
                return network
    nodes = []
    for node in network.nodes:
        wide = {k: w for k, w in node.weights.items() if k != "offset" and w.dtype != np.float32}
        nodes.append(node.with_weights(**{k: _shortened(w) for k, w in wide.items()}))
    return Network(network.inputs, nodes, network.outputs)


def short(x: Array) -> bool:
    """Say whether all numbers are float32, or have nine digits at most."""
    return x.dtype == np.float32 or all(
        ((part.astype(np.float32) == part) | has_nine_digits(part)).all() for part in _chunks(x)
    )


def _shortened(x: Array) -> Float64:
    found = np.empty_like(x, dtype=np.float64)
    for part, given in zip(_chunks(found), _chunks(x), strict=True):
        part[...] = nine_digits(given)
    return found


def _chunks(x: Array) -> Iterator[Array]:
    """Yield the numbers in the order in which they lie in memory."""
    flat = x.ravel(order="K")
    for start in range(0, flat.size, CHUNK):
        yield flat[start : start + CHUNK]
