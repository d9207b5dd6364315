"""The settings of a VAE beside those that all families share."""

from __future__ import annotations

from dataclasses import dataclass

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.hidden import Hidden

RECONSTRUCTIONS = ("roots", "cells", "cross-entropy", "outputs")
READS = ("cells", "outputs")


@dataclass(frozen=True)
class EncoderSettings:
    """Section [encoder].

    Attributes:
        hidden, block, negative_slope, initializer: see ``caloexport.training.hidden``.
        reads: what of a shower: ``"cells"``, measured as in the loss, or ``"outputs"``, what the
            decoder should give for it; with the output layer-fractions those are cells within
            their layers, total, and shares of the layers.
        sums: whether it reads ΣE and the layers' energies too, in standard deviations from
            their mean at the shower's energy, beside cells and conditions.
    """

    hidden: tuple[int, ...]
    block: str = "elu"
    negative_slope: float = 0.2
    initializer: str = "glorot_uniform"
    reads: str = "cells"
    sums: bool = True

    def __post_init__(self) -> None:
        if self.reads not in READS:
            raise UnknownName("input of the encoder", self.reads, READS)
        self.stack  # noqa: B018  # raises what is wrong with it

    @property
    def stack(self) -> Hidden:
        """The hidden layers."""
        return Hidden(self.hidden, self.block, self.negative_slope, initializer=self.initializer)


@dataclass(frozen=True)
class FlowSettings:
    """Section [flow]: inverse autoregressive flow on the posterior (arXiv:1606.04934).

    Attributes:
        steps: number of transformations; 0 for a plain Gaussian posterior.
        hidden: widths of the masked layers of each.
        context: numbers that the encoder hands to each beside mean and variance.
    """

    steps: int = 0
    hidden: tuple[int, ...] = (64, 64)
    context: int = 32

    def __post_init__(self) -> None:
        if self.steps < 0 or self.context < 1 or min(self.hidden, default=0) < 1:
            message = (
                f"steps, context, hidden are {self.steps}, {self.context}, {list(self.hidden)}, "
                "expected steps ≥ 0 and positive widths"
            )
            raise UsageError(message)


@dataclass(frozen=True)
class Loss:
    """Section [loss]: weights of what is added up, each a mean over the showers of the batch.

    Attributes:
        reconstruction: what of the cells is compared, summed over them: ``"roots"``, half the
            squared error of the square roots of their energies, ``"cells"``, that of their
            fractions in units of [network] scale_power, both in units of the spread at the
            shower's energy, root of the mean square over the cells; ``"cross-entropy"``, the
            binary one of the fractions; ``"outputs"``, the binary cross-entropy of all that the
            decoder gives, summed over those that the true shower has.
        round_mev: roots are those of energy + this, for their slope at zero is infinite.
        beta: of the divergence of the posterior from the prior, in nats per shower.
        total: of the squared error of ΣE, in standard deviations at the shower's energy.
        layers: of the mean squared error of the layers' fractions of E_inc, likewise.
        cells: of the energy score of what is compared, of each cell of prior samples and added
            up (of roots with ``"outputs"``): it gives cells the spread that a reconstruction
            smooths away.
        largest: a loss beyond this has exploded: training stops.
    """

    reconstruction: str = "roots"
    round_mev: float = 1.0
    beta: float = 1.0
    total: float = 0.0
    layers: float = 0.0
    cells: float = 0.0
    largest: float = 1e6

    def __post_init__(self) -> None:
        if self.reconstruction not in RECONSTRUCTIONS:
            raise UnknownName("reconstruction", self.reconstruction, RECONSTRUCTIONS)
        if (
            min(self.beta, self.total, self.layers, self.cells) < 0
            or min(self.largest, self.round_mev) <= 0
        ):
            message = (
                "beta, total, layers and cells must be 0 or more, largest and round_mev positive"
            )
            raise UsageError(message)
