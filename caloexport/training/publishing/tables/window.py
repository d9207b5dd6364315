"""Windows of detector cells: energy response at every energy, and places against impact points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caloexport.report.energy_table import energy_tables
from caloexport.report.markdown_table import markdown_table
from caloexport.report.placement_table import placement_table
from caloexport.showers.showers import Showers
from caloexport.training.publishing.tables import COPIES, SEED, physics_tables


@physics_tables.register("window")
def tables(reference: Showers, model: Path, untrained_mev: Sequence[float]) -> str:
    """Return what ``caloexport validate`` prints of energies and places.

    Args:
        reference: showers that were not trained on.
        model: folder with a decoder and its manifest.
        untrained_mev: energies of the reference that no training shower has.
    """
    from caloexport.validation.generated import generated_showers
    from caloexport.validation.verdict import judge

    with generated_showers(
        model, reference, seed=SEED, copies=COPIES, untrained_mev=untrained_mev
    ) as found:
        verdict = judge(reference, found, {}, untrained_mev=untrained_mev)
    parts = list(energy_tables(verdict.energy)) if verdict.energy is not None else []
    if verdict.placement is not None:
        parts.append(placement_table(verdict.placement, reference.mesh))
    return "\n\n".join(map(markdown_table, parts))
