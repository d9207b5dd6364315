"""Learning to learn: weights from which a few updates suffice for a task that was not seen.

A task is a part of the showers that differ from the others: a detector, a particle, an angle.
Training goes from task to task, some updates on each, and moves the shared weights towards where
these updates led. It wraps any family, with a section [meta] in the configuration.

Sources: Reptile, A. Nichol, J. Achiam, J. Schulman, arXiv:1803.02999; first-order MAML, C. Finn,
P. Abbeel, S. Levine, arXiv:1703.03400; for showers MetaHEP, D. Salamani, A. Zaborowska,
W. Pokorski, Phys. Lett. B 844 (2023) 138079.
"""

from __future__ import annotations
