"""Run commands on hostile files, each in a process of limited time and memory.

``python -m tests.malformed.sandbox`` reads a list of commands from stdin and prints what became
of each. The libraries are imported once; every command then runs in a fork of that process, so
that hundreds of files take seconds. Readers that the product puts into a process of their own run
in that fork; a file that crashes it there is given to the product as it is.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from caloexport.runtime.registry import Registry

#: what a file may take beyond the import of its format's library
CPU_SECONDS = 2
#: that a reader in a process of its own takes to import that library
IMPORT_SECONDS = 0.5
MEMORY_BYTES = 500_000_000
#: what every command imports
PROGRAM = (
    "caloexport.cli.main",
    "caloexport.inspection",
    "caloexport.converters.readers",
    "caloexport.converters.targets",
    "caloexport.converters.keras_layers",
    "caloexport.converters.recognitions",
    "caloexport.runtime.layers",
    "caloexport.runtime.activations",
)


@dataclass(frozen=True)
class Outcome:
    """What became of a command.

    Attributes:
        code: exit code; minus the signal that ended it.
        stderr: what it printed there.
        cpu_seconds: that it took, its own children included.
        peak_bytes: memory that it touched beyond what it began with.
    """

    code: int
    stderr: str
    cpu_seconds: float
    peak_bytes: int


def run_all(commands: Sequence[Sequence[str]], libraries: Sequence[str]) -> list[Outcome]:
    """Run ``caloexport`` once for each list of arguments, in a child process."""
    request = json.dumps({"commands": commands, "libraries": libraries})
    child = subprocess.run(
        [sys.executable, "-m", "tests.malformed.sandbox"],
        input=request,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    return [Outcome(**outcome) for outcome in json.loads(child.stdout)]


def main() -> None:
    request = json.load(sys.stdin)
    for library in (*PROGRAM, *request["libraries"]):
        for value in list(vars(importlib.import_module(library)).values()):
            if isinstance(value, Registry):
                value.names()  # entries are imported when they are first asked for
    outcomes = []
    for arguments in request["commands"]:
        outcome = _run_one(arguments, isolated=False)
        if outcome.code < 0:
            outcome = _run_one(arguments, isolated=True)
        outcomes.append(asdict(outcome))
    json.dump(outcomes, sys.stdout)


def _run_one(arguments: list[str], isolated: bool) -> Outcome:
    with tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            _become(arguments, errors.fileno(), isolated)
        _, status, usage = os.wait4(child, 0)
        errors.seek(0)
        text = errors.read().decode(errors="replace")
    code = os.waitstatus_to_exitcode(status)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = max(0, usage.ru_maxrss - before) * 1024
    return Outcome(code, text, usage.ru_utime + usage.ru_stime, peak)


def _become(arguments: list[str], errors: int, isolated: bool) -> None:
    """Run the command in this process and end it, whatever happens."""
    from caloexport.cli.main import run
    from caloexport.converters import open as opening
    from caloexport.converters.readers import readers

    if not isolated:
        opening.read_isolated = lambda name, *given: readers[name].read(*given)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limits = {
        resource.RLIMIT_AS: pages * resource.getpagesize() + MEMORY_BYTES,
        resource.RLIMIT_CPU: 1
        + CPU_SECONDS
        + int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])),
        resource.RLIMIT_CORE: 0,
    }
    for which, value in limits.items():
        resource.setrlimit(which, (value, value))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(errors, 2)
    code = 70
    try:
        run(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # even what no program should catch is an outcome
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
