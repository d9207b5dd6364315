"""What the energies of a shower file mean: which deposits, times which factor, above which cut.

Formats do not say, so the same shower appears in files with energies a factor thirty apart. What a
file says in its attributes is reported; what follows only from a convention is marked as such.
"""

from __future__ import annotations

from typing import Any

from caloexport.runtime.mesh import n_cells
from caloexport.showers.showers import Showers

#: sampling fraction whose inverse multiplies the cells of CaloChallenge sets 2 and 3
CHALLENGE_SAMPLING_FRACTION = 0.033
SCALED_VOXELS = (6480, 40500)
ATLAS_VOXELS = (368, 533)


def unit_facts(showers: Showers) -> dict[str, Any]:
    """Return what is known about the energies.

    Returns:
        ``energy_scale``: factor on the deposited energy, None if the file does not tell;
        ``sensitive``: which material counts; ``threshold_mev``: readout cut; ``generator``;
        ``note``: the convention that probably holds where the file is silent.

    >>> from caloexport.showers import open_showers, sample
    >>> facts = unit_facts(open_showers(sample("siw")))
    >>> facts["energy_scale"], facts["sensitive"], facts["note"]
    (1.0, 'all material', None)
    """
    told = showers.attributes
    facts = {key: told.get(key) for key in ("energy_scale", "sensitive", "threshold_mev")}
    facts["generator"] = told.get("generator")
    facts["note"] = _convention(showers) if facts["energy_scale"] is None else None
    return facts


def _convention(showers: Showers) -> str:
    voxels = n_cells(showers.mesh) if showers.format == "calochallenge" else 0
    if voxels in SCALED_VOXELS:
        return (
            "the file does not tell; CaloChallenge sets 2 and 3 hold the energy in the active "
            f"layers times 1/{CHALLENGE_SAMPLING_FRACTION}"
        )
    if voxels in ATLAS_VOXELS:
        return "the file does not tell; CaloChallenge set 1 is on the scale of the ATLAS detector"
    if showers.format.startswith("par04"):
        return "the file does not tell; Par04 stores deposited energy, without a factor"
    return "the file does not tell"
