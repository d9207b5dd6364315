"""Sections that a preset or --config may add to those of a family."""

from __future__ import annotations

#: going from task to task, of any family: see ``caloexport.training.meta``
META = "meta"
#: training few weights, of families that name it: see ``caloexport.training.fastv.low_rank``
LOW_RANK = "low_rank"
#: who computes an update, of families that name it: see ``caloexport.training.fastv.engines``
STEP = "step"
EXTRA = (META, LOW_RANK, STEP)
