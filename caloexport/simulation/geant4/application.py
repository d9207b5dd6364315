"""Geant4 in this process: initialised once, one shower per event."""

from __future__ import annotations

import logging
import math
import sys
import time
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.detector import Detector
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.geant4.door import Door, make_door
from caloexport.simulation.geant4.environment import import_geant4
from caloexport.simulation.geant4.geometry import Placed, build_world, half_width_mm
from caloexport.simulation.geant4.gun import make_gun
from caloexport.simulation.geant4.native_hook import NativeHook, NoNativeHook
from caloexport.simulation.geant4.physics import BEFORE, CUT_MM, make_physics, range_cut
from caloexport.simulation.geant4.quiet import quiet
from caloexport.simulation.geant4.rows import StepRows
from caloexport.simulation.geant4.step_hook import make_slab_detector
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import make_scoring
from caloexport.simulation.simulated import Simulated

log = logging.getLogger(__name__)

#: points on the face of a slab move inside by this
INSET_MM = 1e-6
#: the shower that the native hook is checked with: an electron leaves energy anywhere
ELECTRON, CHECK_MEV, CHECK_SEEDS = 11, 200.0, (1, 2)


class Application:
    """Simulates the showers of a plan; a process can hold one only.

    Args:
        plan: what to simulate; ``settings["cut_mm"]`` is the range cut, 0.7 mm if absent.
        native: put the native hook in; the plain one is four times slower.

    Attributes:
        hook: ``"native"``, or ``"plain"`` and why.
        door: of fast simulation, None without ``settings["fast"]``.
    """

    def __init__(self, plan: Plan, *, native: bool = True) -> None:
        from caloexport.simulation.kernels.settle import settle

        self.plan = plan
        self.door = make_door(plan)
        self.detector = plan.detector
        self.settle = settle
        self.scorings = [make_scoring(one, plan.detector) for one in plan.scorings]
        self.sums: Float64 = np.zeros(len(plan.detector.every_slab))
        self.active = np.array([slab.active for slab in plan.detector.slabs])
        self.rows = StepRows(self._take)
        self.check_primary = Primary(ELECTRON, CHECK_MEV, plan.theta_rad.low)
        self.keep: list[Any] = []
        self.g4 = import_geant4()
        with quiet():
            self._initialise()
            # the first event builds what later ones find, tables and compiled functions
            self._fire_check()
            self.hook = self._put_native_hook_in() if native else "plain, as asked for"
        if self.door:
            self.door.set_open(False)

    def _initialise(self) -> None:
        g4 = self.g4
        self.manager = g4.G4RunManagerFactory.CreateRunManager(g4.G4RunManagerType.Serial)
        self.commands = g4.G4UImanager.GetUIpointer()
        construction = _make_construction(g4, self.plan, self.rows, self.door)
        physics = make_physics(g4)
        actions = _make_actions(g4, self.detector, self.door)
        self.keep += [construction, physics, actions]
        for part in (construction, physics, actions):
            self.manager.SetUserInitialization(part)
        for command in BEFORE:
            self.commands.ApplyCommand(command)
        self.manager.Initialize()
        self.commands.ApplyCommand(range_cut(float(self.plan.settings.get("cut_mm", CUT_MM))))
        self.detectors, self.gun = construction.detectors, actions.gun

    def _fire(self, primary: Primary, seeds: tuple[int, int]) -> None:
        self.gun.aim(primary)
        self.commands.ApplyCommand(f"/random/setSeeds {seeds[0]} {seeds[1]}")
        self.manager.BeamOn(1)
        self.rows.finish()

    def simulate(self, number: int) -> Simulated:
        """Simulate shower ``number`` of the plan."""
        began = time.process_time()
        primary = self.plan.primary(number)
        frame = shower_frame(primary.theta_rad, primary.entry_mm)
        for scoring in self.scorings:
            scoring.start(frame, primary)
        self.sums[:] = 0
        self._fire(primary, self.plan.engine_seeds(number))
        generated = self.door is not None and self.door.hand_over(self.scorings[0], number)
        unknown_mev = math.nan if generated else 0.0
        upstream, active = len(self.detector.upstream), self.active
        return Simulated(
            number,
            primary,
            float(self.sums[:upstream].sum()),
            float(self.sums[upstream:].sum()) + unknown_mev,
            float(self.sums[upstream:][active].sum()) + unknown_mev,
            {scoring.plan.name: scoring.finish() for scoring in self.scorings},
            {scoring.plan.name: scoring.inside_mev for scoring in self.scorings},
            time.process_time() - began,
        )

    def _take(self, rows: Float64) -> None:
        radius = self.detector.inner_radius_mm or 0.0
        self.settle(rows, self.detector.edges_mm, INSET_MM, radius, self.sums)
        for scoring in self.scorings:
            scoring.add(rows)

    def _fire_check(self) -> None:
        primary = self.check_primary
        for scoring in self.scorings:
            scoring.start(shower_frame(primary.theta_rad), primary)
        self._fire(primary, CHECK_SEEDS)

    def _put_native_hook_in(self) -> str:
        try:
            if sys.platform == "win32":
                message = "Windows lays C++ objects out in another way"
                raise NoNativeHook(message)
            self.native = NativeHook(self.detectors, self.rows, self._fire_check)
        except NoNativeHook as error:
            log.warning("steps are collected in Python, four times slower: %s", error)
            return f"plain: {error}"
        return "native"


def _make_construction(g4: Any, plan: Plan, rows: StepRows, door: Door | None) -> Any:
    class Construction(g4.G4VUserDetectorConstruction):  # type: ignore[misc]  # no types
        def Construct(self) -> Any:
            width_mm = half_width_mm(plan.detector, plan.theta_rad)
            door_mm = door.thickness_mm if door else 0.0
            self.placed: Placed = build_world(g4, plan.detector, width_mm, door_mm)
            return self.placed.world

        def ConstructSDandField(self) -> None:
            self.detectors = []
            for number, volume in enumerate(self.placed.slabs):
                detector = make_slab_detector(g4, number, rows)
                self.SetSensitiveDetector(volume, detector)
                self.detectors.append(detector)
            if door:
                self.door = door.make_detector(g4)
                self.SetSensitiveDetector(self.placed.door, self.door)

    return Construction()


def _make_actions(g4: Any, detector: Detector, door: Door | None) -> Any:
    class Actions(g4.G4VUserActionInitialization):  # type: ignore[misc]  # no types
        def Build(self) -> None:
            # here, as Geant4 wants the physics list before it
            self.gun = make_gun(g4, detector, door.thickness_mm if door else 0.0)
            self.SetUserAction(self.gun)

    return Actions()
