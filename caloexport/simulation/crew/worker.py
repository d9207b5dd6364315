"""One worker process: simulates the showers that it is told to and records them.

    python -m caloexport.simulation.crew.worker FOLDER SLOT DESCRIPTOR

FOLDER is the progress folder with the plan, SLOT the worker's number. Numbers of showers come as
JSON lists, one a line, on stdin; answers go as JSON lines to the open file DESCRIPTOR, because
stdout belongs to Geant4. It ends with its stdin.
"""

from __future__ import annotations

import errno
import json
import math
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from caloexport.converters.isolation import error_to_json
from caloexport.processes.ending import end_with_parent
from caloexport.runtime.errors import CaloexportError, OutputFileError
from caloexport.simulation.crew.folder import plan_of, record_path
from caloexport.simulation.crew.record import RecordWriter
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.simulators import simulators


def main(arguments: list[str]) -> int:
    """Serve until the other end closes; return the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    end_with_parent()
    folder, slot = Path(arguments[0]), int(arguments[1])
    with os.fdopen(int(arguments[2]), "w") as answers:
        try:
            _serve(folder, slot, sys.stdin, answers)
        except BrokenPipeError:  # the parent has gone
            return 1
        except CaloexportError as error:
            _answer(answers, {"error": error_to_json(error)})
            return 1
    return 0


def _serve(folder: Path, slot: int, orders: Iterable[str], answers: IO[str]) -> None:
    plan = plan_of(folder)
    simulator = simulators[plan.method](plan)
    with RecordWriter(record_path(folder, slot)) as records:
        _answer(answers, {"ready": True})
        for line in orders:
            for number in json.loads(line):
                simulated = simulator.simulate(number)
                _require_energies(simulated)
                try:
                    records.append(simulated)
                except OSError as error:
                    raise _full(folder, error) from error
                _answer(answers, {"done": number, "cpu_s": simulated.cpu_s})


def _require_energies(simulated: Simulated) -> None:
    """Refuse energies that no reader would take; NaN makes the minimum NaN."""
    for name, energies in simulated.energies.items():
        if not (energies.min() >= 0 and energies.max() < math.inf):
            message = f"shower {simulated.number} has energies below zero or not finite"
            hint = "what is finished is kept; this is an error of the simulator"
            raise CaloexportError(message, where=f"mesh '{name}'", hint=hint)


def _full(folder: Path, error: OSError) -> OutputFileError:
    hint = "free space, then go on with --resume"
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        hint = "go on with --resume"
    reason = error.strerror or str(error)
    return OutputFileError(f"cannot be written: {reason}", where=str(folder), hint=hint)


def _answer(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
