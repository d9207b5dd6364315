"""The folder that a training leaves.

config.toml              what was asked for
decoder.keras            the decoder at its best score
manifest.json            what its inputs and outputs mean, and where it comes from
scores.json              its table: detector by detector, energy by energy, number by number
ranking.json             score and error of the best decoders
ranked/                  these decoders, each with its table
steps/                   decoders after updates that were asked for, each in a folder like this
history.jsonl            losses and score of every evaluation
checkpoint.safetensors   where ``--resume`` goes on
lock                     held by whoever trains
"""

from __future__ import annotations

import json
import math
import platform
import re
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from caloexport.processes.lock import locked
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.files import atomic_output
from caloexport.runtime.manifest import Sampling
from caloexport.training.plan import Plan
from caloexport.training.settings import to_toml

SCHEMA = "caloexport.run/1"
LOCK = "lock"
#: temporary folders of ``atomic_output`` beside the files of a run
LEFTOVER = re.compile(
    r"\.([a-z]+\.(toml|keras|json|jsonl|safetensors|svg|png)|[0-9]+)\.[a-z0-9_]{8}"
)


@dataclass(frozen=True)
class RunFolder:
    """Paths of a run, and how its files are written: each whole or not at all."""

    path: Path

    @property
    def checkpoint(self) -> Path:
        """The checkpoint."""
        return self.path / "checkpoint.safetensors"

    @property
    def decoder(self) -> Path:
        """The Keras file of the best decoder."""
        return self.path / "decoder.keras"

    @property
    def ranked(self) -> Path:
        """The folder of the best decoders and their tables."""
        return self.path / "ranked"

    @property
    def steps(self) -> Path:
        """The folder of decoders after updates that were asked for."""
        return self.path / "steps"

    def step(self, updates: int) -> RunFolder:
        """Return the folder of the decoder after so many updates, which is a model of its own."""
        return RunFolder(self.steps / f"{updates:06d}")

    @property
    def scores(self) -> Path:
        """The table of the best decoder."""
        return self.path / "scores.json"

    def published(self) -> int | None:
        """Return the updates of the decoder that the manifest is about; None without one."""
        path = self.path / "manifest.json"
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            return int(manifest["provenance"]["updates"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def require_absent(self) -> None:
        """Refuse to train over something that exists.

        Raises:
            UsageError: the folder exists.
        """
        if self.path.exists():
            message = "exists already"
            raise UsageError(
                message, where=str(self.path), hint="go on with --resume, or name another run"
            )

    def held(self) -> AbstractContextManager[None]:
        """Hold the folder for the length of a block: one process at a time trains in it.

        Raises:
            OutputFileError: another process holds it; the message names it.
        """
        return locked(self.path / LOCK, str(self.path), "training")

    def create(self, plan: Plan) -> None:
        """Make the folder, with its parents; it appears with ``config.toml`` in it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_output(self.path, folder=True) as temporary:
            (temporary / "config.toml").write_text(to_toml(plan.to_toml()), encoding="utf-8")

    def clear_leftovers(self) -> None:
        """Remove what a killed process had begun to write."""
        for path in (*self.path.glob(".*"), *self.steps.glob(".*")):
            if path.is_dir() and LEFTOVER.fullmatch(path.name):
                shutil.rmtree(path, ignore_errors=True)

    def write_text(self, name: str, content: str) -> None:
        """Write a text file."""
        with atomic_output(self.path / name) as temporary:
            temporary.write_text(content, encoding="utf-8")

    def write_config(self, plan: Plan) -> None:
        """Write ``config.toml``."""
        self.write_text("config.toml", to_toml(plan.to_toml()))

    def write_manifest(
        self, sampling: Sampling, provenance: dict[str, Any], name: str | None = None
    ) -> None:
        """Write ``manifest.json``; None names the generator as the folder."""
        manifest = {
            "schema": SCHEMA,
            "name": name or self.path.resolve().name,
            "decoder": self.decoder.name,
            "sampling": sampling.to_json(),
            "provenance": provenance,
        }
        self.write_text("manifest.json", json.dumps(manifest, indent=2, allow_nan=False) + "\n")

    def write_history(self, rows: list[dict[str, Any]]) -> None:
        """Write ``history.jsonl``."""
        self.write_text(
            "history.jsonl",
            "".join(json.dumps(_plain(row), allow_nan=False) + "\n" for row in rows),
        )

    def read_history(self, updates: int) -> list[dict[str, Any]]:
        """Read the history up to a number of updates."""
        path = self.path / "history.jsonl"
        if not path.exists():
            return []
        try:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            return [row for row in rows if row["updates"] <= updates]
        except (ValueError, KeyError, TypeError) as error:
            message = f"is damaged: {error}"
            raise InputFileError(message, where=str(path)) from error


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the history as JSON has it: a number that is not finite is null."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in row.items()
    }


def versions() -> dict[str, str]:
    """Return the versions of everything that shapes a training."""
    found = {"python": platform.python_version()}
    for name in ("caloexport", "numpy", "tensorflow", "tensorflow-cpu", "keras"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
