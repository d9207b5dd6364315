"""The files that are timed, each made, opened and checked in a process of its own.

Started as ``python -m caloexport.bench.preparation``, once per participant: what libraries
leave in memory, or break, stays out of the conductor and out of the workers. Every call that will
be timed is executed once here, and its outputs are compared with the float64 reference.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caloexport.bench.orders import Subject
from caloexport.runtime.errors import CaloexportError, UsageError

if TYPE_CHECKING:
    from caloexport.bench.peers import BoundCall
    from caloexport.runtime.arrays import Float32, Float64
    from caloexport.runtime.generator import Generator


@dataclass(frozen=True)
class Task:
    """What to prepare.

    Attributes:
        generator: path of the workload as one of our artifacts, in float32.
        subject: its ``artifact`` and ``manifest`` say where the files go.
        batches: that will be timed.
    """

    generator: str
    subject: Subject
    batches: tuple[int, ...]


@dataclass(frozen=True)
class Prepared:
    """The answer.

    Attributes:
        difference: the largest relative difference from the reference; None where something
            cannot be done.
        reason: why not.
    """

    difference: float | None
    reason: str = ""


def main() -> None:
    """Do the task on stdin, and answer on stdout."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not mix with the answer
    given = json.loads(sys.stdin.read())
    task = Task(given["generator"], Subject(**given["subject"]), tuple(given["batches"]))
    try:
        prepared = Prepared(prepare(task))
    except CaloexportError as error:
        prepared = Prepared(None, str(error))
    print(json.dumps(asdict(prepared)), file=answers, flush=True)


def prepare(task: Task) -> float:
    """Make the files of a participant, and return how far its outputs are from the reference."""
    from caloexport.bench.calls import calls_of, import_everything
    from caloexport.converters.evaluated import evaluated
    from caloexport.runtime.artifact import load

    generator = load(task.generator, backend="numpy", replay=False)
    write_files(task, generator)
    inputs = task_inputs(generator)
    expected = evaluated(generator, inputs)
    import_everything(task.subject.backend)
    calls = calls_of(task.subject)
    return max(difference(calls.bound(batch), batch, inputs, expected) for batch in task.batches)


def write_files(task: Task, generator: Generator) -> None:
    """Write what the subject opens, unless another one that opens the same has."""
    from caloexport.bench.peers import peers
    from caloexport.converters.export import export
    from caloexport.runtime.backends import backends

    subject = task.subject
    artifact, manifest = Path(subject.artifact), Path(subject.manifest)
    if artifact.exists():
        return
    if subject.backend in backends:
        target = backends[subject.backend].target
        made = export(generator, target, artifact, verify=False, precision=subject.precision)
        generator = made.generator
    else:
        artifact.mkdir()
        one = peers[subject.backend]
        one.write(artifact, generator.network, subject.precision, task.batches)
    manifest.write_text(generator.manifest.dumps(), encoding="utf-8")


def task_inputs(generator: Generator) -> Float32:
    """Return input vectors over the whole range of the conditions: those of the test vectors.

    Raises:
        UsageError: the artifact has none.
    """
    if generator.vectors is None:
        message = "the workload has no test vectors to compare with"
        raise UsageError(message)
    return np.asarray(generator.vectors.inputs, dtype=np.float32)


def difference(run: BoundCall, batch: int, inputs: Float32, expected: Float64) -> float:
    """Return the relative difference of one call, at both ends of a batch.

    Args:
        run: the call that will be timed.
        batch: showers, the inputs over and over again.
        inputs: (n, n_in).
        expected: (n, n_out) by the reference.
    """
    from caloexport.bench.agreement import relative_difference

    rows = np.arange(batch) % len(inputs)
    outputs = np.asarray(run(np.ascontiguousarray(inputs[rows]))).reshape(batch, -1)
    every = np.arange(batch)
    ends = np.union1d(every[: len(inputs)], every[-len(inputs) :])
    return relative_difference(outputs[ends], expected[rows[ends]])


if __name__ == "__main__":
    main()
