"""The settings of a FastV VAE beside those that all families share."""

from __future__ import annotations

from dataclasses import dataclass

from caloexport.runtime.errors import UsageError

#: a layer this wide takes a gigabyte at 40 500 cells; settings are read from files of others
WIDEST = 8192


@dataclass(frozen=True)
class Network:
    """Sizes of encoder and decoder.

    Attributes:
        mesh: cells along r, phi and z.
        latent: size of the latent space.
        hidden: widths of the encoder's layers; the decoder mirrors them.
        negative_slope: of LeakyReLU. Keras has three defaults for it, so it is always written out.
        norm_momentum: share of the moving statistics of batch normalisation that an update keeps.
        kernel_sigma: spread of the normal law that hidden kernels start from.
        start_from_mean: start the last bias at the logit of the mean cell fractions, so that the
            first update already begins from a plausible shower.
        energy_unit: while training, energies enter the network in units of their geometric mean
            over the data; the scale is folded into the first kernel of the saved decoder.
    """

    mesh: tuple[int, ...] = (18, 50, 45)
    latent: int = 10
    hidden: tuple[int, ...] = (100, 50, 20, 14)
    negative_slope: float = 0.3
    norm_momentum: float = 0.99
    kernel_sigma: float = 0.05
    start_from_mean: bool = True
    energy_unit: bool = True

    def __post_init__(self) -> None:
        if len(self.mesh) != 3 or min(self.mesh) < 1:
            message = f"mesh is {list(self.mesh)}, expected three positive numbers [r, phi, z]"
            raise UsageError(message)
        if self.latent < 1 or not self.hidden or min(self.hidden) < 1:
            message = "latent and all of hidden must be positive"
            raise UsageError(message)
        if max(self.latent, *self.hidden) > WIDEST:
            message = f"a width is {max(self.latent, *self.hidden)}, expected at most {WIDEST}"
            raise UsageError(message)


@dataclass(frozen=True)
class Loss:
    """Loss = mean over the batch of [Σ over cells of the binary cross-entropy + β·KL + ...].

    Cell by cell a shower may be right within its spread and ΣE be off by three times its own: the
    cross-entropy hardly feels a per cent that all cells share.

    Attributes:
        beta: weight of the Kullback-Leibler term of one shower. ``"1/batch"`` is what the public
            Par04 code amounts to: it sums the first term over the batch and averages the second.
        total: weight of the squared error of ΣE, in standard deviations at the shower's energy and
            detector; linear beyond FAR of them.

    >>> Loss("1/batch").beta_for(100)
    0.01
    """

    beta: float | str = 0.01
    total: float = 0.0

    def __post_init__(self) -> None:
        wrong_text = isinstance(self.beta, str) and self.beta != "1/batch"
        if wrong_text or (isinstance(self.beta, float) and self.beta < 0):
            message = f'beta is {self.beta!r}, expected a number of at least 0 or "1/batch"'
            raise UsageError(message)
        if self.total < 0:
            raise UsageError(f"total is {self.total:g}, expected 0 or more")

    def beta_for(self, batch: int) -> float:
        """Return β as a number."""
        return 1.0 / batch if isinstance(self.beta, str) else self.beta
