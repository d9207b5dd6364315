"""The slice of FastCaloSim that a network is for: particle and momenta, and |η| by its file name."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from caloexport.converters.contracts.fastcalosim_v2 import WINDOWS, label
from caloexport.converters.cpp.facts import Facts
from caloexport.runtime.errors import UnsupportedError, UsageError

NAME = re.compile(r"neural_net_(\d+)_eta_(\d+)_(\d+)_(\w+)")
#: what every snippet for a slice takes
SHARED = (
    "shared/fastcalosim/binning.xml.jinja",
    "shared/fastcalosim/check_slice.cc",
    "shared/fastcalosim/energy_label.h",
    "shared/fastcalosim/gan_shower.h",
    "shared/fastcalosim/network_maps.h",
    "shared/fastcalosim/slice.h.jinja",
    "shared/fastcalosim/voxels.h",
    "shared/fastcalosim/xml_tags.h",
    "shared/reference_report.h",
)
#: hundredths of |η| that a file covers
WIDTH = 5


@dataclass(frozen=True)
class Slice:
    """What FastCaloSim uses a network for.

    Attributes:
        name: of the file, without its ending.
        pdg: of the particle.
        eta_min, eta_max: in hundredths of |η|.
        window: end of the file name, for example ``"High12"``.
        mass_mev: of the particle.
        low_mev, high_mev: momenta that are asked for.
    """

    name: str
    pdg: int
    eta_min: int
    eta_max: int
    window: str
    mass_mev: float
    low_mev: float
    high_mev: float

    @property
    def binning_pdg(self) -> int:
        """The particle whose bins FastCaloSim looks up: protons have those of pions."""
        return 211 if self.pdg == 2212 else self.pdg


def slice_of(facts: Facts, artifact: Path) -> Slice:
    """Return the slice of an artifact.

    Args:
        facts: with an energy label of FastCaloSim's.
        artifact: ``neural_net_PID_eta_A_B_WINDOW.json`` or ``.onnx``.

    Raises:
        UnsupportedError: the label is that of no window.
        UsageError: FastCaloSim would not find the file, or take it for another slice.
    """
    windows = windows_of(facts)
    expected = " or ".join(f"neural_net_{one.replace('_', '_eta_A_B_')}" for one in windows)
    found = NAME.fullmatch(artifact.stem)
    if found is None or f"{found[1]}_{found[4]}" not in windows:
        message = f"FastCaloSim looks for {expected}{artifact.suffix}"
        hint = f"A and B = A + {WIDTH} are hundredths of |η|: convert it to that name with -o"
        raise UsageError(message, where=str(artifact), hint=hint)
    eta_min, eta_max = int(found[2]), int(found[3])
    if eta_max != eta_min + WIDTH:
        message = f"covers {eta_min} to {eta_max} hundredths of |η|, FastCaloSim takes {WIDTH}"
        raise UsageError(message, where=str(artifact), hint="name it eta_A_B with B = A + 5")
    low, high, mass = WINDOWS[f"{found[1]}_{found[4]}"]
    return Slice(
        artifact.stem,
        int(found[1]),
        eta_min,
        eta_max,
        found[4],
        mass,
        float(2**low),
        float(2**high),
    )


def windows_of(facts: Facts) -> list[str]:
    """Return the windows whose label a generator has: ``["22_High12"]``.

    Raises:
        UnsupportedError: there is none.
    """
    terms = [one for one in facts.sampling.encoding.terms if one.kind == "log_ratio"]
    for term in terms:
        found = [
            name
            for name, window in WINDOWS.items()
            if all(
                math.isclose(term.parameters[end], value, rel_tol=1e-9)
                for end, value in label(*window).parameters.items()
            )
        ]
        if found:
            return found
    message = "its energy label is that of none of FastCaloSim's momentum windows"
    hint = "caloexport convert MODEL --contract fastcalosim-v2 --choose window=PID_WINDOW"
    raise UnsupportedError(message, where=facts.name, hint=hint)


def layers_out_of_order(facts: Facts) -> str | None:
    """Refuse layers that do not rise: FastCaloSim walks them by their number."""
    numbers = [one.id for one in facts.mesh["layers"]]
    if numbers == sorted(set(numbers)):
        return None
    return f"its layers are {numbers}, FastCaloSim takes outputs of layers in rising order"
