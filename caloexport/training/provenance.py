"""Where a decoder comes from, as its manifest tells."""

from __future__ import annotations

import json
from typing import Any

from caloexport.training.run_folder import versions
from caloexport.training.training import Training


def provenance(training: Training, updates: int, **scores: float) -> dict[str, Any]:
    """Return the provenance of a training's decoder.

    Args:
        training: that it comes from.
        updates: after which it was written.
        scores: of it, by name; none where it was not scored.
    """
    plan = training.plan
    return {
        "family": plan.family,
        "preset": plan.preset,
        "seed": plan.seed,
        "settings": json.loads(json.dumps(plan.config)),
        **({"changed": list(plan.changed)} if plan.changed else {}),
        "updates": updates,
        "updates_planned": training.total,
        **scores,
        "data": list(training.data.files),
        "versions": versions(),
    }
