"""GFlash: the parametrisation of Grindhammer and Peters, tuned to Geant4; no particle is tracked."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.errors import MissingDependency, UnknownName
from caloexport.runtime.extras import installed
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.gflash.effective_medium import effective_medium
from caloexport.simulation.gflash.shower import GFlash
from caloexport.simulation.gflash.tuning import (
    UNTUNED,
    load_tuning,
    tuning_for,
    tuning_hash,
    tuning_names,
)
from caloexport.simulation.plan import Plan
from caloexport.simulation.scorings import make_scoring
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.simulators import Simulator, simulators
from caloexport.simulation.steepness import require_steep
from caloexport.simulation.steps import ENERGY, SLAB

LAWS = ("homogeneous", "sampling")
DEFAULTS = {"law": "homogeneous", "tuning": "auto"}


@simulators.register("gflash")
class ParametrisedShowers(Simulator):
    """Draw the showers of a plan from the parametrisation.

    Settings of the plan: ``law``: ``"homogeneous"`` (default: the formulas for one material with
    the constants of the stack's average, which the tunings are made for) or ``"sampling"`` (with
    the published corrections for sampling calorimeters); ``tuning``: ``"auto"`` (default: of the
    shipped stack with the same slabs, else ``default``) or a name of ``tuning_names()``.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        settings = settings_of(plan)
        self._gflash = GFlash(
            plan.detector, load_tuning(settings["tuning"]), sampling=settings["law"] == "sampling"
        )
        self._scorings = [make_scoring(scoring, plan.detector) for scoring in plan.scorings]
        active = np.array([slab.active for slab in plan.detector.every_slab])
        self._inside = np.arange(len(active)) >= len(plan.detector.upstream)
        self._active = active & self._inside

    def simulate(self, number: int) -> Simulated:
        """Return shower ``number`` of the plan in all its meshes."""
        started = time.process_time()
        primary = self.plan.primary(number)
        first, second = self.plan.engine_seeds(number)
        upright = self._gflash.upright(primary)
        make = self._gflash.points if upright else self._gflash.steps
        deposits = make(primary, first << 32 | second)
        frame = shower_frame(primary.theta_rad, primary.entry_mm)
        for scoring in self._scorings:
            scoring.start(frame, primary)
            add = scoring.add_points if upright else scoring.add
            add(deposits)
        per_slab = np.bincount(
            deposits[:, SLAB].astype(np.int64), deposits[:, ENERGY], minlength=len(self._active)
        )
        return Simulated(
            number,
            primary,
            float(per_slab[~self._inside].sum()),
            float(per_slab[self._inside].sum()),
            float(per_slab[self._active].sum()),
            {scoring.plan.name: scoring.finish() for scoring in self._scorings},
            {scoring.plan.name: scoring.inside_mev for scoring in self._scorings},
            time.process_time() - started,
        )

    @staticmethod
    def check(plan: Plan) -> None:
        """Refuse what the parametrisation cannot do.

        Raises:
            MissingDependency: numba is not installed.
            UsageError: a setting or a material is not known, or a direction is too flat.
        """
        if not installed("numba"):
            raise MissingDependency("numba", extra="numba")
        settings_of(plan)
        effective_medium(plan.detector)
        require_steep(plan)

    @staticmethod
    def remarks(plan: Plan) -> list[str]:
        """Warn of factors that nobody has compared with Geant4 in this stack."""
        doubt = _doubt(settings_of(plan), plan)
        return [] if doubt is None else [f"warning: {doubt}: see docs/gflash.md"]

    @staticmethod
    def provenance(plan: Plan) -> dict[str, str | float]:
        """Return what made the showers, as attributes of the file."""
        settings = settings_of(plan)
        factors = _doubt(settings, plan) or "factors tuned to Geant4"
        return {
            "generator": "GFlash parametrisation",
            "generator_note": "parametrised (Grindhammer, Peters, hep-ex/0001020), "
            f"{factors}; not a full simulation",
            "gflash_law": settings["law"],
            "gflash_tuning": settings["tuning"],
            "gflash_tuning_sha256": tuning_hash(settings["tuning"]),
        }


def _doubt(settings: Mapping[str, str], plan: Plan) -> str | None:
    """Say what is wrong with the factors in this stack; None where they were tuned to Geant4."""
    tuning, stack = settings["tuning"], plan.detector.name
    if tuning == UNTUNED:
        return f"no factors were tuned to Geant4 for the stack of '{stack}'"
    if tuning != tuning_for(plan.detector):
        return f"the factors are those of '{tuning}', the stack of '{stack}' is another"
    if settings["law"] != DEFAULTS["law"]:
        return f"the factors were tuned with the law '{DEFAULTS['law']}', not '{settings['law']}'"
    return None


def settings_of(plan: Plan) -> dict[str, str]:
    """Return the settings with their defaults, the tuning by its name.

    Raises:
        UnknownName: of a setting, a law or a tuning.
    """
    for key in plan.settings:
        if key not in DEFAULTS:
            raise UnknownName("setting of gflash", key, list(DEFAULTS))
    settings = {key: str(value) for key, value in {**DEFAULTS, **plan.settings}.items()}
    if settings["law"] not in LAWS:
        raise UnknownName("law of gflash", settings["law"], LAWS)
    if settings["tuning"] == "auto":
        settings["tuning"] = tuning_for(plan.detector)
    if settings["tuning"] not in tuning_names():
        raise UnknownName("tuning of gflash", settings["tuning"], ["auto", *tuning_names()])
    return settings
