"""The bandwidth probe: reads memory as fast as one core can, and does nothing with it.

It takes its turn among the backends, so that it meets the machine that they meet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from caloexport.bench.orders import Order, Reading
from caloexport.bench.timing import measure
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import installed

#: footprints of the curve
CURVE = tuple(round(mb * 2**20) for mb in (0.5, 1, 2, 4, 8, 12, 16, 24, 32, 64, 128))
#: share of a turn's time for a footprint that is nobody's
CURVE_SHARE = 0.1
#: cold calls for such a footprint
CURVE_COLD = 2
#: orders of reading; an engine may have either, so the faster one is the limit
STREAMS = (1, 2)
#: hot, small footprints are read over and over until this is read, so that a call costs nothing
LEAST_BYTES = 1 << 22
#: read at a time by the compiled probe, at both places together
STEP_BYTES = 512

Pass = Callable[[int], object]


class Probe:
    """Reads of buffers of several sizes.

    Args:
        footprints: bytes of somebody's weights, measured as long as everybody.
    """

    def __init__(self, footprints: tuple[int, ...]) -> None:
        self.footprints = tuple(dict.fromkeys(footprints))
        sizes = (*self.footprints, *CURVE)
        self._buffer = np.ones(-(-max(sizes) // STEP_BYTES) * STEP_BYTES // 4, dtype=np.float32)
        self._compiled = installed("numba")

    def readings(self, order: Order, evict: Callable[[], object]) -> list[Reading]:
        """Return the times of all footprints in both orders."""
        own = [(size, order) for size in self.footprints]
        little = replace(
            order,
            seconds=order.seconds * CURVE_SHARE,
            least=min(order.least, CURVE_COLD) if order.cache == "cold" else order.least,
        )
        rest = [(size, little) for size in CURVE if size not in self.footprints]
        return [
            self._reading(size, streams, how, evict)
            for size, how in (*own, *rest)
            for streams in STREAMS
        ]

    def _reading(
        self, size: int, streams: int, order: Order, evict: Callable[[], object]
    ) -> Reading:
        again = 1 if order.cache == "cold" else -(-LEAST_BYTES // size)
        samples = measure(self.read(size, streams, again), order, evict).samples
        return Reading(size, streams, tuple(us / again for us in samples))

    def read(self, size: int, streams: int, again: int = 1) -> Pass:
        """Return the call that reads the first bytes of the buffer.

        Args:
            size: bytes; what is read is rounded to whole steps.
            streams: at how many places it reads at once.
            again: how often a call reads them.
        """
        if not self._compiled:
            floats = self._buffer[: size // 4]
            return lambda i: [floats.sum() for _ in range(again)]
        from caloexport.runtime.kernels.natives import natives

        stream, result = natives()["stream"], np.zeros(16, dtype=np.float32)
        steps, start = max(1, round(size / STEP_BYTES)), self._buffer.ctypes.data
        half = STEP_BYTES // 2
        if streams == 1:
            part = (start, start + half, STEP_BYTES, steps)
        elif streams == 2:
            part = (start, start + half * steps, half, steps)
        else:
            message = f"{streams} streams"
            raise UsageError(message, hint="the probe reads one or two")
        parts = np.tile(np.array(part, dtype=np.int64), (again, 1))
        return lambda i: stream(parts, result)
