"""Who takes part in the bench, and the files that they open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import caloexport.converters.engines  # noqa: F401  # registers the engines among the backends
from caloexport.bench.orders import LIMIT, Subject, name_of
from caloexport.converters.export import export
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import MissingDependency, UnknownName, UnsupportedError
from caloexport.runtime.generator import Generator

#: who takes part when nobody is named; ours first
USUAL = ("numba", "numpy", "onnxruntime", "tensorflow")
#: precisions that our artifacts can have
PRECISIONS = ("float32",)
#: target of the artifact that the bandwidth probe reads
OURS = "numba"


@dataclass(frozen=True)
class Participant:
    """A backend in one precision."""

    backend: str
    precision: str

    @property
    def name(self) -> str:
        """What its worker is called."""
        return name_of(self.backend, self.precision)


def participants(
    generator: Generator,
    named: Sequence[str],
    precisions: Sequence[str],
    note: Callable[[str], None],
) -> list[Participant]:
    """Return who can execute a generator.

    Args:
        generator: the workload.
        named: backends that must; empty takes the usual ones that can.
        precisions: of our artifacts.
        note: told who of the usual ones cannot, and why.

    Raises:
        MissingDependency, UnsupportedError, UnknownName: a named one cannot.
    """
    for precision in precisions:
        if precision not in PRECISIONS:
            raise UnknownName("precision", precision, PRECISIONS)
    able = []
    for name in dict.fromkeys(named or USUAL):
        reason = obstacle(name, generator)
        if reason is None:
            able += [Participant(name, precision) for precision in dict.fromkeys(precisions)]
        elif named:
            raise reason
        else:
            note(f"{name} left out: {reason}")
    return able


def obstacle(name: str, generator: Generator) -> MissingDependency | UnsupportedError | None:
    """Return why a backend cannot execute a generator, or None."""
    backend = backends[name]
    try:
        backend.require()
    except MissingDependency as error:
        return error
    if backend.supports(generator.manifest):
        return None
    return UnsupportedError(
        f"the backend {name} does not execute this network", where=generator.manifest.name
    )


def subjects_of(
    generator: Generator,
    taking_part: Sequence[Participant],
    folder: Path,
    cores: tuple[int, ...],
    threads: int,
) -> list[Subject]:
    """Export a generator once per format into a folder, for the workers and the probe.

    Nothing is verified: the bench times files, ``caloexport verify`` proves them.
    """
    exported: dict[str, tuple[str, str]] = {}

    def files(target: str) -> tuple[str, str]:
        if target not in exported:
            path = folder / f"{target}{targets[target].suffix}"
            made = export(generator, target, path, verify=False)
            manifest = folder / f"{target}.json"
            manifest.write_text(made.generator.manifest.dumps(), encoding="utf-8")
            exported[target] = str(made.path), str(manifest)
        return exported[target]

    subjects = [
        Subject(one.backend, one.precision, *files(backends[one.backend].target), cores, threads)
        for one in taking_part
    ]
    return [*subjects, Subject(LIMIT, "float32", *files(OURS), cores, threads)]
