"""Choose where runs are trained."""

from __future__ import annotations

from caloexport.training.runs.machine import Machine
from caloexport.training.runs.place import Place


def place_for(jobs: int | None, scheduler: str | None = None) -> Place:
    """Return this machine, or the cluster of a scheduler.

    Args:
        jobs: runs at a time; None is one on this machine, and as many as a cluster has room for.
        scheduler: address of a Dask scheduler.
    """
    if scheduler is None:
        return Machine(jobs or 1)
    from caloexport.training.runs.cluster import Cluster

    return Cluster(scheduler, jobs)
