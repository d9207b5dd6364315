"""The folder of a search.

search.toml    what was asked for: the plan of every trial's first seed, and how it is varied
space.toml     what is searched
journal.log    the trials, unless a storage was named
trial-0007/    one run per seed in seed-0/ …, with what the trial changed in trial.toml; of a
               trial that was pruned or failed, only settings, history and scores are left
best.toml      settings of the best trial, for ``train --config``
tune.json      what came out, schema caloexport.tune/1
lock           held by whoever searches
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import atomic_output
from caloexport.training.plan import Plan
from caloexport.training.settings import read_section, read_toml, to_toml

SEARCH, SPACE, BEST, RESULT, LOCK = (
    "search.toml", "space.toml", "best.toml", "tune.json", "lock",
)  # fmt: skip
#: what is kept of the runs of a trial that came to nothing
KEPT = ("config.toml", "history.jsonl", "scores.json")


@dataclass(frozen=True)
class Asked:
    """What a search was asked for, beside the plan and the space.

    Attributes:
        trials: how many shall be finished.
        seeds_per_trial: runs of each.
        storage: where the trials are kept, without password; empty for the folder's journal.
        identity: of the search; marks its trials.
    """

    trials: int
    seeds_per_trial: int
    storage: str
    identity: str


@dataclass(frozen=True)
class SearchFolder:
    """Paths of a search."""

    path: Path

    @property
    def study(self) -> str:
        """The name of its study."""
        return self.path.resolve().name

    def trial(self, number: int) -> Path:
        """Return the folder of a trial.

        >>> SearchFolder(Path("search")).trial(7).as_posix()
        'search/trial-0007'
        """
        return self.path / f"trial-{number:04d}"

    def write_asked(self, plan: Plan, asked: Asked) -> None:
        """Write ``search.toml``."""
        self.write_toml(SEARCH, {**plan.to_toml(), "search": vars(asked)})

    def read_asked(self) -> Asked:
        """Read what ``search.toml`` says of the search."""
        path = self.path / SEARCH
        try:
            return read_section(Asked, read_toml(path)["search"], f"{path} [search]")
        except (KeyError, TypeError) as error:
            message = "has no section [search], or not all of it"
            raise InputFileError(message, where=str(path)) from error

    def write_toml(self, name: str, data: dict[str, Any], heading: str = "") -> None:
        """Write a TOML file; the heading becomes comments."""
        comment = "".join(f"# {line}\n" for line in heading.splitlines())
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        with atomic_output(path) as temporary:
            temporary.write_text(comment + to_toml(data), encoding="utf-8")

    def write_result(self, result: dict[str, Any]) -> None:
        """Write ``tune.json``."""
        with atomic_output(self.path / RESULT) as temporary:
            temporary.write_text(
                json.dumps(result, indent=2, allow_nan=False) + "\n", encoding="utf-8"
            )

    def thin(self, number: int) -> None:
        """Delete weights and checkpoints of a trial that came to nothing."""
        for run in self.trial(number).glob("seed-*/"):
            for path in run.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name not in KEPT:
                    path.unlink()
