"""The progress folder: the plan and the finished showers of a simulation that is not done yet.

It stands beside the output, ``siw.h5.progress`` for ``siw.h5``, and goes when that is written.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from caloexport.processes.lock import locked
from caloexport.runtime.errors import InputFileError, OutputFileError, UsageError
from caloexport.runtime.files import atomic_output
from caloexport.simulation.crew.record import Place, places
from caloexport.simulation.plan import Plan

PLAN, RECORDS, LOCK = "plan.json", "records-*.bin", "lock"
#: in the order in which they go: records without a plan are nobody's
OURS = (RECORDS, "worker-*.log", PLAN, LOCK)


def folder_of(output: Path) -> Path:
    """Return the progress folder of an output.

    >>> folder_of(Path("runs/siw.h5")).as_posix()
    'runs/siw.h5.progress'
    """
    return output.with_name(f"{output.name}.progress")


def record_path(folder: Path, slot: int) -> Path:
    """Return the file that a worker appends its showers to."""
    return folder / f"records-{slot}.bin"


def log_path(folder: Path, slot: int) -> Path:
    """Return the file that takes what a worker prints."""
    return folder / f"worker-{slot}.log"


def plan_of(folder: Path) -> Plan:
    """Return the plan of a progress folder."""
    return Plan.from_json(_stored(folder)["plan"])


@contextlib.contextmanager
def progress_folder(
    output: Path, plan: Plan, provenance: Mapping[str, str | float], *, resume: bool
) -> Iterator[Path]:
    """Make or continue the progress folder of an output, and hold it for oneself.

    Args:
        output: the file that is going to be made.
        plan: what is simulated; its number of showers may differ from the folder's.
        provenance: of the simulator; must be the same all along.
        resume: continue what is there.

    Raises:
        OutputFileError: it cannot be made, or another process writes it.
        UsageError: there is progress and no ``resume``, or progress of another plan.
        InputFileError: the plan in the folder is damaged.
    """
    folder = folder_of(output)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        missing = not folder.parent.exists()
        hint = f"make the folder '{folder.parent}' first" if missing else "choose another -o"
        message = f"cannot be made: {error.strerror}"
        raise OutputFileError(message, where=str(folder), hint=hint) from error
    with locked(folder / LOCK, str(output), "simulation"):
        if (folder / PLAN).exists():
            _require_resumable(folder, plan, provenance, resume)
            _require_as_many(folder, plan)
        for path in () if (folder / PLAN).exists() else folder.glob(RECORDS):
            path.unlink()  # of which plan is not known
        stored = {"plan": plan.to_json(), "hash": plan.hash, "provenance": dict(provenance)}
        with atomic_output(folder / PLAN) as temporary:
            temporary.write_text(json.dumps(stored))
        yield folder


def finished(folder: Path) -> dict[int, Place]:
    """Return where the finished showers lie, by number; torn ends are cut off."""
    found: dict[int, Place] = {}
    for path in sorted(folder.glob(RECORDS)):
        found |= places(path)
    return found


def remove(folder: Path) -> None:
    """Delete a progress folder, but nothing that somebody else put there."""
    for shelf in folder.glob(".*.*"):  # of a file that was being written when a kill came
        shutil.rmtree(shelf, ignore_errors=True)
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()


def _stored(folder: Path) -> dict[str, Any]:
    try:
        stored: dict[str, Any] = json.loads((folder / PLAN).read_text())
    except ValueError as error:  # a machine that lost its power leaves empty files
        message = f"is damaged: {error}"
        hint = f"delete the folder '{folder}' to begin again"
        raise InputFileError(message, where=str(folder / PLAN), hint=hint) from error
    return stored


def _require_as_many(folder: Path, plan: Plan) -> None:
    """Refuse to give up showers that are finished."""
    there = len(finished(folder))
    if there > plan.n:
        message = f"holds {there} finished showers, and {plan.n} are asked for"
        hint = f"-n {there} or more keeps them; delete the folder to begin again"
        raise UsageError(message, where=str(folder), hint=hint)


def _require_resumable(
    folder: Path, plan: Plan, provenance: Mapping[str, str | float], resume: bool
) -> None:
    before = _stored(folder)
    if not resume:
        there = len(finished(folder))
        message = f"holds {there} of {before['plan']['n']} showers of a simulation that was stopped"
        hint = "add --resume to go on, or delete the folder to begin again"
        raise UsageError(message, where=str(folder), hint=hint)
    hint = "give the same options as before, or delete the folder to begin again"
    if before["hash"] != plan.hash:
        now = json.loads(json.dumps(plan.to_json()))
        changed = [key for key in now if key != "n" and now[key] != before["plan"].get(key)]
        message = f"belongs to another simulation: {', '.join(changed)} differ"
        raise UsageError(message, where=str(folder), hint=hint)
    now = json.loads(json.dumps(dict(provenance)))
    changed = [
        key
        for key in {*now, *before["provenance"]}
        if now.get(key) != before["provenance"].get(key)
    ]
    if changed:
        key = min(changed)
        message = (
            f"was begun by another simulator: {key} was '{before['provenance'].get(key)}', "
            f"is '{now.get(key)}'"
        )
        raise UsageError(
            message,
            where=str(folder),
            hint="install what it was begun with, or delete the folder to begin again",
        )
