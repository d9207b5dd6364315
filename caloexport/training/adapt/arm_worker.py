"""The process of one arm of a comparison.

    python -m caloexport.training.adapt.arm_worker DESCRIPTOR

It is asked and tells as ``caloexport.training.runs.worker`` does.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from caloexport.training.adapt.arms import Arm
from caloexport.training.adapt.compare import compare, updates_in_all
from caloexport.training.adapt.held_out import read_held_out
from caloexport.training.adapt.side_by_side import ArmJob
from caloexport.training.runs.messages import FINISHED, Ended
from caloexport.training.runs.worker import Telling, work


def train(asked: Mapping[str, Any], telling: Telling) -> Ended:
    """Train the courses of the arm that are not there yet."""
    job = ArmJob.from_json(asked)
    arms = [Arm(job.arm, job.plan, job.showers)]
    telling.total = updates_in_all(arms, job.seeds)
    test = read_held_out(job.test, job.plan.hashes)
    compare(arms, test, job.seeds, job.folder.parent, telling.report, job.jobs)
    return Ended(FINISHED, summary={})


if __name__ == "__main__":
    sys.exit(work(sys.argv[1:], train))
