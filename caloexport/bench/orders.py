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
    """

    backend: str
    precision: str
    artifact: str
    manifest: str
    cores: tuple[int, ...]
    threads: int

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
    """

    batch: int
    cache: Cache
    seconds: float
    least: int
    most: int


@dataclass(frozen=True)
class Turn:
    """The answer to an order: µs per shower of every call, for both spans.

    The first is empty for a peer, which knows neither conditions nor energies.
    """

    shower: tuple[float, ...]
    network: tuple[float, ...]


@dataclass(frozen=True)
class Startup:
    """What a worker says first.

    Attributes:
        import_s: time to import the runtime and the backend's libraries.
        first_shower_s: from there to the end of the first shower: opening, preparing, running.
        rss_mb: resident memory that this added.
    """

    import_s: float
    first_shower_s: float
    rss_mb: float
