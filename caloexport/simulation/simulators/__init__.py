"""Simulators: what makes the deposits of a shower, one method to a file.

An entry lives in a worker process of its own, one at a time: it may abort the process on a fatal
error and print what it likes; its words end in the log of the worker.
"""

from __future__ import annotations

from caloexport.runtime.registry import Registry
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulated import Simulated


class Simulator:
    """Simulates showers of one plan, in any order; shower i depends on the plan and on i only.

    Attributes:
        plan: what is simulated.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def simulate(self, number: int) -> Simulated:
        """Return shower ``number`` of the plan in all its meshes."""
        raise NotImplementedError

    @staticmethod
    def check(plan: Plan) -> None:
        """Refuse what cannot be simulated; runs in the parent, before any worker starts.

        Raises:
            MissingDependency: a library is not installed.
            UsageError: the plan asks for what this method cannot do.
        """

    @staticmethod
    def remarks(plan: Plan) -> list[str]:
        """Return what a user should know of a plan before it starts, a line each."""
        return []

    @staticmethod
    def provenance(plan: Plan) -> dict[str, str | float]:
        """Return what made the showers (versions, physics, tables), as attributes of the file.

        Runs in the parent and depends on the plan and the installation only: no time, no machine.
        """
        raise NotImplementedError


simulators: Registry[type[Simulator]] = Registry(
    "simulator", "caloexport.simulation.simulators", "caloexport.simulators"
)
