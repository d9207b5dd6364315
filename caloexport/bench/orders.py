"""What the conductor and its workers say to each other: one JSON object per line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cache = Literal["hot", "cold"]

#: the name under which the bandwidth probe takes part
LIMIT = "limit"


def name_of(backend: str, precision: str) -> str:
    """Return the name of who takes part.

    >>> name_of("numba", "int8"), name_of(LIMIT, "float32")
    ('numba int8', 'limit')
    """
    return backend if backend == LIMIT else f"{backend} {precision}"


@dataclass(frozen=True)
class Subject:
    """What one worker is to measure.

    Attributes:
        backend: name of a backend or of a peer, or ``LIMIT``.
        precision: that it computes in.
        artifact: path of the file, or of a peer's folder, that it opens.
        manifest: path of the generator's manifest as JSON.
        cores: to which the worker pins itself.
        threads: for the engine.
        footprints: bytes that the probe reads for others; of others empty.
    """

    backend: str
    precision: str
    artifact: str
    manifest: str
    cores: tuple[int, ...]
    threads: int
    footprints: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Who that is."""
        return name_of(self.backend, self.precision)


@dataclass(frozen=True)
class Order:
    """One turn of a worker.

    Attributes:
        batch: showers per call.
        cache: ``cold`` reads other memory before every call.
        seconds: to spend, after at least ``least`` calls and at most ``most``.
        least_showers: calls of the whole path, at least; a budget asks for many.
    """

    batch: int
    cache: Cache
    seconds: float
    least: int
    most: int
    least_showers: int = 0


@dataclass(frozen=True)
class Turn:
    """The answer to an order: µs per shower of every call.

    Attributes:
        shower: of the whole path; empty for a peer, which knows neither conditions nor energies.
        network: of the network alone.
        overhead: of the whole path, all but what compiled kernels took inside, per call; empty
            where none are called, and for batches.
        energy_uj: µJ per shower of the whole path (of a peer, of the network), if the machine
            tells.
    """

    shower: tuple[float, ...]
    network: tuple[float, ...]
    overhead: tuple[float, ...] = ()
    energy_uj: float | None = None


@dataclass(frozen=True)
class Reading:
    """Part of the probe's answer to an order.

    Attributes:
        bytes: that were read.
        streams: at how many places at once.
        samples: µs of every time.
    """

    bytes: int
    streams: int
    samples: tuple[float, ...]


@dataclass(frozen=True)
class Startup:
    """What a worker says first.

    Attributes:
        import_s: time to import the runtime and the backend's libraries.
        first_shower_s: from there to the end of the first shower: opening, preparing, running.
        rss_mb: resident memory that this added.
        private_mb, shared_mb, pss_mb: parts of it, see ``memory.Memory``.
        process_mb: all that the process has resident then, libraries and Python included.
    """

    import_s: float
    first_shower_s: float
    rss_mb: float
    private_mb: float | None = None
    shared_mb: float | None = None
    pss_mb: float | None = None
    process_mb: float | None = None
