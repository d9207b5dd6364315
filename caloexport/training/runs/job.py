"""One run to train: its plan and its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from caloexport.training.beyond import Beyond
from caloexport.training.plan import Plan


@dataclass(frozen=True)
class Job:
    """A run to begin, or to go on with where its folder is there already.

    Attributes:
        name: for messages, unique among the jobs that run at a time.
        folder: of the run, absolute.
        plan: what is trained.
        worker: module that trains jobs of this kind; empty for the usual one.
    """

    worker: ClassVar[str] = ""
    name: str
    folder: Path
    plan: Plan

    @property
    def log(self) -> Path:
        """What the process prints."""
        return self.folder.with_name(f"{self.folder.name}.log")

    def to_json(self) -> dict[str, Any]:
        """Return the job as JSON."""
        plan = self.plan
        return {
            "name": self.name,
            "folder": str(self.folder),
            "family": plan.family,
            "preset": plan.preset,
            "config": json.loads(json.dumps(plan.config)),
            "data": [str(path) for path in plan.data],
            "hashes": list(plan.hashes),
            "seed": plan.seed,
            "threads": plan.threads,
            "start": None if plan.start is None else str(plan.start),
            "start_hash": plan.start_hash,
            "beyond": [one.to_json() for one in plan.beyond],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Job:
        """Read a job."""
        return cls(data["name"], Path(data["folder"]), plan_from_json(data))


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """Read the plan of a job."""
    return Plan(
        data["family"],
        data["preset"],
        data["config"],
        tuple(map(Path, data["data"])),
        tuple(data["hashes"]),
        data["seed"],
        data["threads"],
        start=None if data["start"] is None else Path(data["start"]),
        start_hash=data["start_hash"],
        beyond=tuple(map(Beyond.from_json, data["beyond"])),
    )
