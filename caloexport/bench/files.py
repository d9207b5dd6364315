"""The files that participants open, and who of them computes the right network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from caloexport.bench.agreement import ALLOWED, agrees, family_of
from caloexport.bench.chunks import chunks_of
from caloexport.bench.crew import environment
from caloexport.bench.footprint import footprint
from caloexport.bench.orders import LIMIT, Subject
from caloexport.bench.participants import OURS, Participant
from caloexport.bench.preparation import Prepared, Task
from caloexport.converters.export import export
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import AnswerIsNo, UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network

#: it cannot, or it computes something else
Obstacle = UnsupportedError | AnswerIsNo


def subjects_of(
    generator: Generator,
    taking_part: Sequence[Participant],
    folder: Path,
    batches: Sequence[int],
    cores: tuple[int, ...],
    threads: int,
    refuse: Callable[[Participant, Obstacle], None],
) -> list[Subject]:
    """Make the files of a generator for the workers and the probe, and check each.

    Args:
        generator: the workload.
        taking_part: for whom.
        folder: for the files.
        batches: that will be timed.
        cores, threads: of the workers.
        refuse: told who cannot take part, and why; it may raise.
    """
    ours = folder / f"{OURS}-float32{targets[OURS].suffix}"
    export(generator, OURS, ours, verify=False)
    sizes = tuple(sorted({1, *(size for batch in batches for size in chunks_of(batch))}))
    subjects = []
    for one in taking_part:
        subject = Subject(one.backend, one.precision, *places(one, folder), cores, threads)
        reason = obstacle(Task(str(ours), subject, sizes))
        if reason is None:
            subjects.append(subject)
        else:
            refuse(one, reason)
    return [*subjects, probe_of(generator.network, subjects, cores)]


def probe_of(network: Network, subjects: Sequence[Subject], cores: tuple[int, ...]) -> Subject:
    """Return the bandwidth probe, which reads as many bytes as the subjects must."""
    # several threads have several cores, whose bandwidth nobody measures
    single = [one for one in subjects if one.threads == 1]
    sizes = {footprint(network, one.precision) for one in single}
    known = tuple(sorted(size for size in sizes if size is not None))
    return Subject(LIMIT, "float32", "", "", cores, 1, known)


def places(one: Participant, folder: Path) -> tuple[str, str]:
    """Return where the file or folder of a participant goes, and its manifest.

    Backends that execute one format share its files.
    """
    if one.is_peer:
        name, suffix = f"{one.backend}-{one.precision}", ""
    else:
        target = backends[one.backend].target
        name, suffix = f"{target}-{one.precision}", targets[target].suffix
    return str(folder / f"{name}{suffix}"), str(folder / f"{name}.json")


def obstacle(task: Task) -> Obstacle | None:
    """Let a participant prepare itself; return why it must not be timed, or None."""
    subject = task.subject
    done = subprocess.run(
        [sys.executable, "-m", "caloexport.bench.preparation"],
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        errors="replace",
        env=environment(subject.threads),
        check=False,
    )
    if done.returncode or not done.stdout:
        lines = done.stderr.strip().splitlines()
        last = lines[-1] if lines else f"ended by {done.returncode}"
        return UnsupportedError(f"failed to prepare: {last}", where=subject.name)
    prepared = Prepared(**json.loads(done.stdout))
    if prepared.difference is None:
        return UnsupportedError(prepared.reason, where=subject.name)
    if agrees(prepared.difference, subject.precision):
        return None
    message = (
        f"its outputs differ from the reference by {prepared.difference:.2g} of their size, "
        f"{subject.precision} explains {ALLOWED[family_of(subject.precision)]:g}"
    )
    return AnswerIsNo(message, where=subject.name, hint="leave it out: name others by --backend")
