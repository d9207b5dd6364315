"""The hits of simulated showers in a detector's readout, in files beside the showers'."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.readout import Readout
from caloexport.runtime.readout_file import load_readout
from caloexport.runtime.sharing import Sharing
from caloexport.showers.hits import hits_beside
from caloexport.simulation.plan import Plan
from caloexport.simulation.run import Progress, silent
from caloexport.simulation.scorings import make_scoring


def readout_of(path: Path, plan: Plan) -> Readout:
    """Read a readout file, and refuse it before anything is simulated if a mesh does not suit it.

    Raises:
        InputFileError: no readout file.
        UnsupportedError: a mesh of the plan is not a cylinder.
    """
    readout = load_readout(path)
    for scoring in plan.scorings:
        Sharing(readout, make_scoring(scoring, plan.detector).mesh)
    return readout


def write_hits_of(
    summary: Mapping[str, Any], plan: Plan, readout: Readout, progress: Progress = silent
) -> dict[str, Any]:
    """Share the files of a simulation over a readout, each particle where it entered.

    Args:
        summary: of :func:`caloexport.simulation.run.run_simulation`.
        plan: what was simulated.
        readout: whose cells are filled.
        progress: shows progress, for example ``console.progress``.

    Returns:
        the summary, with the file of ``hits`` of each of its files and their means.
    """
    entry_mm = np.array([plan.primary(number).entry_mm for number in range(plan.n)])
    files = []
    for file in summary["files"]:
        with progress(f"share {file['path']}", plan.n) as advance:
            path, means = hits_beside(Path(file["path"]), readout, entry_mm, report=advance)
        files.append({**file, "hits": {"path": str(path), "readout": readout.name, **means}})
    return {**summary, "files": files}
