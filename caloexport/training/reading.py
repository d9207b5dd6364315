"""What a shower file must hold to be trained on, and what can be mended while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import InputFileError
from caloexport.showers.showers import Showers

#: showers read at a time
CHUNK = 128
HINT = 'set negatives = "zero" in [training] to count them as empty'


class Cells:
    """The cells of a file, block by block.

    Args:
        source: an open file.
        negatives: ``"refuse"`` or ``"zero"``.

    Attributes:
        zeroed: how many cells below zero were set to zero so far.
    """

    def __init__(self, source: Showers, negatives: str) -> None:
        self._source, self._negatives = source, negatives
        self.zeroed = 0

    def __iter__(self) -> Iterator[tuple[slice, Float32]]:
        """Give (range, energies (k, *mesh shape) float32 MeV).

        Raises:
            InputFileError: an energy is not finite, or negative and not to be zeroed.
        """
        for start in range(0, self._source.n, CHUNK):
            rows = slice(start, min(start + CHUNK, self._source.n))
            yield rows, self._read(rows)

    def _read(self, rows: slice) -> Float32:
        try:
            return self._source.read(rows)
        except InputFileError as error:
            raw = np.asarray(self._source.read_raw(rows), dtype=np.float32)
            if not np.isfinite(raw).all():
                raise
            if self._negatives != "zero":
                error.hint = HINT
                raise
            self.zeroed += int((raw < 0).sum())
            return np.maximum(raw, 0).reshape(-1, *self._source.mesh.shape)


def require_condition(name: str, files: tuple[dict[str, Any], ...]) -> None:
    """Check that every file tells a condition.

    Args:
        name: of the condition.
        files: what is known about each, ``conditions`` among it.

    Raises:
        InputFileError: naming the files without it, and what they tell instead.
    """
    without = [one for one in files if name not in one["conditions"]]
    if without:
        told = ", ".join(without[0]["conditions"]) or "none"
        others = f" (and {len(without) - 1} more)" if len(without) > 1 else ""
        rest = "" if len(without) == len(files) else ", while other files have it"
        message = f"the preset needs the condition '{name}', the file tells {told}{rest}"
        raise InputFileError(
            message,
            where=f"{without[0]['file']}{others}",
            hint="add the condition to the file, leave the file out, or change terms in --config",
        )
