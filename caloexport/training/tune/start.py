"""From what a user asked for to a search at work, or one that goes on."""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from caloexport.processes.lock import locked
from caloexport.runtime.errors import UsageError
from caloexport.training.plan import varied
from caloexport.training.run_folder import RunFolder
from caloexport.training.start import plan_of, plan_there
from caloexport.training.tune.folder import LOCK, SEARCH, SPACE, Asked, SearchFolder
from caloexport.training.tune.search import Search
from caloexport.training.tune.space import in_sections, space_of
from caloexport.training.tune.storage import open_storage, shown, storage_failures
from caloexport.training.tune.study import Study

#: of a trial: two tell the spread, and more seeds are better spent on the best trials
SEEDS_PER_TRIAL = 2
#: what the folder of a search decides, beside what a run's does
FIXED = ("seeds_per_trial", "space", "updates")


@contextlib.contextmanager
def search(
    family: str, folder: Path, wanted: Mapping[str, Any], *, resume: bool
) -> Iterator[Search]:
    """Begin a search or take one up, and hold its folder for the length of the block.

    Args:
        family: entry of the registry.
        folder: of the search.
        wanted: ``data``, ``preset``, ``config``, ``seed``, ``updates``, ``trials``,
            ``seeds_per_trial``, ``space`` and ``storage``; None where the user did not say.
        resume: take up ``folder`` instead of making it.

    Raises:
        MissingDependency: Optuna is absent.
        UsageError: settings, space and data do not fit, or --resume cannot take an option.
        InputFileError: a file is damaged, or the storage cannot be opened.
        OutputFileError: another process searches in this folder, or the storage fails.
    """
    begin = _take_up if resume else _begin
    with begin(family, folder, wanted) as work, storage_failures(wanted.get("storage")):
        yield work


@contextlib.contextmanager
def _begin(family: str, folder: Path, wanted: Mapping[str, Any]) -> Iterator[Search]:
    if not wanted.get("trials"):
        message = "how many trials? none are asked for"
        raise UsageError(message, hint="say --trials N")
    RunFolder(folder).require_absent()
    plan = plan_of(family, wanted)
    space = space_of(plan, wanted.get("space"))
    plan = varied(plan, in_sections(space.fixed), "space")
    storage = wanted.get("storage")
    seeds = wanted.get("seeds_per_trial") or SEEDS_PER_TRIAL
    asked = Asked(wanted["trials"], seeds, shown(storage or ""), uuid.uuid4().hex)
    there = SearchFolder(folder)
    folder.mkdir(parents=True)
    try:
        with locked(folder / LOCK, str(folder), "search"):
            kept = open_storage(storage, folder)
            study = Study(there.study, kept, plan.seed, asked.identity, resume=False)
            study.propose(space.present(plan.config))  # so that the result shows what it is worth
            there.write_toml(SPACE, space.to_toml())
            there.write_asked(plan, asked)
            yield Search(there, plan, space, asked, study)
    finally:
        _remove_unbegun(folder)


def _remove_unbegun(folder: Path) -> None:
    """Leave nothing where a search could not begin."""
    if not (folder / SEARCH).exists():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


@contextlib.contextmanager
def _take_up(family: str, folder: Path, wanted: Mapping[str, Any]) -> Iterator[Search]:
    given = [f"--{name.replace('_', '-')}" for name in FIXED if wanted.get(name)]
    if given:
        message = f"--resume takes {', '.join(given)} from the search"
        raise UsageError(message, hint="leave it out, or begin a new search")
    there = SearchFolder(folder)
    plan = plan_there(family, folder, wanted, SEARCH)
    asked = there.read_asked()
    storage = _same_storage(asked, wanted.get("storage"))
    asked = dataclasses.replace(asked, trials=wanted.get("trials") or asked.trials)
    space = space_of(plan, folder / SPACE, own=True)
    with locked(folder / LOCK, str(folder), "search"):
        kept = open_storage(storage, folder)
        study = Study(there.study, kept, plan.seed, asked.identity, resume=True)
        there.write_asked(plan, asked)
        work = Search(there, plan, space, asked, study)
        work.take_up()
        yield work


def _same_storage(asked: Asked, storage: str | None) -> str | None:
    """Return the storage of a search; a password is not kept and must be given anew."""
    if storage is None:
        if "***" in asked.storage:
            message = f"keeps its trials in {asked.storage}, whose password is not kept"
            raise UsageError(message, hint="give --storage once more")
        return asked.storage or None
    if shown(storage) != asked.storage:
        message = f"--storage is {shown(storage)}, but the search began with "
        raise UsageError(message + (asked.storage or "a journal in its folder"))
    return storage
