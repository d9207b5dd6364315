"""What is measured anew when weights of one training meet the showers of another.

Statistics of batch normalisation are means over showers, not learned; so is, where the outputs
start from a mean shower, the last bias. Neither needs gradients, and both are wrong for a new
detector: left to the first updates, they send every layer behind them astray.

Source: Y. Li et al., Revisiting batch normalization for practical domain adaptation,
arXiv:1603.04779, for the statistics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from caloexport.runtime.extras import require

if TYPE_CHECKING:
    from caloexport.training.families import Trainer

#: batches that statistics are measured on
PASSES = 40
#: number of an update that never comes: random numbers of the recalibration begin with its own
FIRST = 2**61


def recalibrate(trainer: Trainer) -> None:
    """Measure statistics of normalisation and the mean shower anew; learned weights stay.

    Statistics move as in training, by updates at a learning rate of 0, after which the optimizer
    remembers nothing.
    """
    for number in range(PASSES):
        trainer.apply(trainer.inputs(FIRST + number, count=number), 0.0, with_loss=False)
    forget(trainer)
    trainer.match_mean()


def forget(trainer: Trainer) -> None:
    """Set all that the optimizer remembers to zero."""
    tf = require("tensorflow", extra="train")
    for moment in trainer.moments().values():
        moment.assign(tf.zeros_like(moment))
