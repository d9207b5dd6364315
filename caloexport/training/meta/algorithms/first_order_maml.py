"""First-order MAML: the last update alone, taken where the ones before it have led.

The updates before adapt to the task; the last one is of a batch that they have not seen and stands
for the gradient of what was adapted.

Source: C. Finn, P. Abbeel, S. Levine, arXiv:1703.03400; in this form arXiv:1803.02999, section 5.
"""

from __future__ import annotations

from caloexport.training.meta.algorithms import Algorithm, algorithms

algorithms.register("first-order-maml")(
    Algorithm(
        "take the last update on a task, after the others adapted", lambda updates: updates - 1
    )
)
