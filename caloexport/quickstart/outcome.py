"""What a quickstart made and found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.converters.export import Exported
from caloexport.quickstart.physics import Judgement


@dataclass(frozen=True)
class Outcome:
    """What the quickstart made and found.

    Attributes:
        folder: with the index page, the run, the artifacts and the pictures.
        judgement: of the generated showers against those held back.
        exported: the artifacts.
        speed: the object ``caloexport.bench/1``.
        seconds: of each stage.
    """

    folder: Path
    judgement: Judgement
    exported: dict[str, Exported]
    speed: dict[str, Any]
    seconds: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return the object ``caloexport.quickstart/1``."""
        return {
            "schema": "caloexport.quickstart/1",
            "page": str(self.folder / "index.html"),
            "passed": self.judgement.passed,
            "windows": [window.to_json() for window in self.judgement.windows],
            "artifacts": {name: str(one.path) for name, one in self.exported.items()},
            "speed": self.speed,
            "seconds": self.seconds,
        }
