"""Who takes part in the bench, and in which precisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import caloexport.converters.engines  # noqa: F401  # registers the engines among the backends
from caloexport.bench.agreement import family_of
from caloexport.bench.orders import name_of
from caloexport.bench.peers import peers
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import MissingDependency, UnknownName, UnsupportedError
from caloexport.runtime.generator import Generator

#: the backends that take part when nobody is named; ours first
USUAL = ("numba", "cpp", "numpy", "onnxruntime", "tensorflow")
#: our own format
OURS = "numba"

Obstacle = MissingDependency | UnsupportedError


@dataclass(frozen=True)
class Participant:
    """A backend or a peer in one precision."""

    backend: str
    precision: str

    @property
    def name(self) -> str:
        """What its worker is called."""
        return name_of(self.backend, self.precision)

    @property
    def is_peer(self) -> bool:
        """Whether it is there for comparison only."""
        return self.backend not in backends


def participants(
    generator: Generator,
    named: Sequence[str],
    precisions: Sequence[str],
    note: Callable[[str], None],
    *,
    with_peers: bool = True,
) -> list[Participant]:
    """Return who can execute a generator.

    Args:
        generator: the workload.
        named: backends and peers that must; empty takes all usual ones that can.
        precisions: wanted, by name or by family: ``int8`` is every kind of int8. Empty takes that
            of the generator where it is one of our artifacts, else float32.
        note: told who of the usual ones cannot, and why.
        with_peers: whether peers are usual.

    Raises:
        MissingDependency, UnsupportedError, UnknownName: a named one cannot.
    """
    wanted = tuple(precisions) or (usual_precision(generator),)
    known = sorted({one for name in everybody() for one in offered(name)})
    for precision in wanted:
        if not any(is_of(one, precision) for one in known):
            raise UnknownName("precision", precision, known)
    able: list[Participant] = []
    for name in dict.fromkeys(named or (*USUAL, *(peers if with_peers else ()))):
        chosen = [one for one in offered(name) if any(is_of(one, p) for p in wanted)]
        reason = obstacle(name, generator) if chosen else not_offered(name, wanted)
        if reason is None:
            able += [Participant(name, precision) for precision in chosen]
        elif named:
            raise reason
        elif chosen:
            note(f"{name} left out: {reason}")
    return able


def everybody() -> list[str]:
    """List all backends and peers.

    Raises:
        UnsupportedError: a plugin gave a peer the name of a backend.
    """
    return [*backends, *(name for name in peers if name not in backends)]


def offered(name: str) -> tuple[str, ...]:
    """Return the precisions that a backend or a peer computes in.

    A backend has those of its format if it is the format's own engine: numpy computes in float32
    whatever a file stores.

    Raises:
        UnknownName: there is no such backend or peer.
    """
    if name in backends:
        target = targets[backends[name].target]
        return target.precisions if target.engine == name else ("float32",)
    if name not in peers:
        raise UnknownName("backend", name, everybody())
    return peers[name].precisions


def is_of(precision: str, wanted: str) -> bool:
    """Say whether a precision is the wanted one, or one of the wanted family.

    >>> is_of("int8-a8", "int8"), is_of("int8", "int8-a8")
    (True, False)
    """
    return wanted in (precision, family_of(precision))


def usual_precision(generator: Generator) -> str:
    """Return the precision that is measured when nobody names one."""
    own = generator.manifest.precision
    return own if own in offered(OURS) else "float32"


def not_offered(name: str, wanted: Sequence[str]) -> UnsupportedError:
    """Return the error that nothing of what a backend offers is wanted."""
    return UnsupportedError(
        f"{name} does not compute in {' or '.join(wanted)}",
        hint=f"it offers {', '.join(offered(name))}",
    )


def obstacle(name: str, generator: Generator) -> Obstacle | None:
    """Return why a backend or a peer cannot execute a generator, or None."""
    one = backends[name] if name in backends else peers[name]
    try:
        one.require()
    except MissingDependency as error:
        return error
    where = generator.manifest.name
    if name in backends:
        if backends[name].supports(generator.manifest):
            return None
        return UnsupportedError(f"the backend {name} does not execute this network", where=where)
    reason = peers[name].obstacle(generator.network)
    return None if reason is None else UnsupportedError(f"{name}: {reason}", where=where)
