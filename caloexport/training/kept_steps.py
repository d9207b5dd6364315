"""Decoders after updates that the user names, kept however good they are.

Each is a folder ``steps/000100`` with decoder and manifest, so that whatever takes a run takes it.
"""

from __future__ import annotations

import time

from caloexport.runtime.errors import UsageError
from caloexport.runtime.files import atomic_output
from caloexport.training.divergence import require_finite_state
from caloexport.training.provenance import provenance
from caloexport.training.run_folder import RunFolder
from caloexport.training.training import Training


def keep_step(training: Training) -> None:
    """Write the decoder as it is now, if it is asked for.

    One that was written before the training was killed is written again, and is the same.

    Raises:
        Diverged: a number of the state is not finite.
        OutputFileError: the place cannot be written.
    """
    progress, folder, trainer = training.progress, training.folder, training.trainer
    if not training.schedule.keeps(progress.updates):
        return
    started = time.monotonic()
    require_finite_state(trainer.state())
    folder.steps.mkdir(exist_ok=True)
    place = folder.step(progress.updates).path
    name = f"{folder.path.resolve().name}-{place.name}"
    with atomic_output(place, folder=True) as temporary:
        trainer.save_decoder(RunFolder(temporary).decoder)
        told = provenance(training, progress.updates)
        RunFolder(temporary).write_manifest(trainer.sampling, told, name)
    progress.evaluation_seconds += time.monotonic() - started


def require_to_come(training: Training) -> None:
    """Check that every update whose decoder is asked for is still to come, or was kept.

    Raises:
        UsageError: one is past, or beyond the end.
    """
    done, total = training.progress.updates, training.total
    for updates in sorted(training.schedule.keep_updates):
        if updates > total:
            message = (
                f"the decoder after {updates} updates is asked for, the training ends at {total}"
            )
            raise UsageError(message, hint="train longer, or ask for one before")
        if updates <= done and not training.folder.step(updates).path.exists():
            message = (
                f"the decoder after {updates} updates is asked for, the run has {done} already"
            )
            raise UsageError(message, hint="ask for one that is to come, or begin a new run")


def kept_steps(folder: RunFolder) -> list[str]:
    """Return the places of these decoders in a run folder, the earliest first."""
    found = sorted(folder.steps.glob("[0-9]*"), key=lambda path: int(path.name))
    return [f"{folder.steps.name}/{path.name}" for path in found]
