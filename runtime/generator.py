"""The generator: noise law + encoding + network + output map + mesh, ready to sample."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.backends import Executor, backends
from caloexport.runtime.cell_list import CellList, check_lists
from caloexport.runtime.conditions import Policy
from caloexport.runtime.consistency import check_fit
from caloexport.runtime.errors import UsageError
from caloexport.runtime.interface import Interface
from caloexport.runtime.manifest import Manifest, Sampling, input_shapes, network_to_json
from caloexport.runtime.network import Network
from caloexport.runtime.packing import Packed, pack, weights_hash
from caloexport.runtime.sampler import Sampler, allocate
from caloexport.runtime.vectors import Vectors


class Generator:
    """A network with its manifest, and with sampling when the manifest describes it.

    A generator is immutable; one instance may serve many threads.

    Args:
        manifest: what is known about the network.
        network: gives the network with its weights.
        packed: gives the weights in the packed layout.
        vectors: test vectors, when it was read from an artifact.
        backend: name of the backend that samples; None takes numba if it is installed and
            compiles every layer, else numpy.
        hot: whether the weights are expected in the caches when a shower is asked for.
        arithmetic: how products with large kernels are computed: an entry of
            ``runtime.precisions``, to whose precision the weights are rounded. The precision of
            the manifest is that of the file, and a file of another format may compute otherwise.
        skipping: whether the numba backend leaves out cells that are certain to stay below the
            readout threshold: None where that gains time, see ``skippable``. It changes no bit.
    """

    def __init__(
        self,
        manifest: Manifest,
        network: Callable[[], Network],
        packed: Callable[[], Packed] | None = None,
        vectors: Vectors | None = None,
        backend: str | None = None,
        *,
        hot: bool = False,
        arithmetic: str = "float32",
        skipping: bool | None = None,
    ) -> None:
        self.manifest = manifest
        self.hot = hot
        self.skipping = skipping
        self.vectors = vectors
        self.arithmetic = arithmetic
        self._network = network
        self._packed = packed
        self._backend = backend

    @classmethod
    def from_network(
        cls,
        network: Network,
        sampling: Sampling | None = None,
        *,
        name: str = "generator",
        provenance: dict[str, Any] | None = None,
        vectors: Vectors | None = None,
        interface: Interface | None = None,
        precision: str = "float32",
        arithmetic: str = "float32",
    ) -> Generator:
        """Make a generator of a network in memory.

        Raises:
            UsageError: network and sampling do not fit together.
        """
        if sampling is not None:
            check_fit(sampling, network)
        manifest = Manifest(
            name,
            network_to_json(network),
            weights_hash(network),
            sampling,
            provenance or {},
            precision,
            interface,
        )
        return cls(manifest, lambda: network, vectors=vectors, arithmetic=arithmetic)

    def using(self, backend: str | None) -> Generator:
        """Return the same generator, sampled by another backend; None chooses as usual."""
        return self._with(self.manifest, backend)

    def above(self, threshold_mev: float) -> Generator:
        """Return the same generator with a higher readout threshold.

        Raises:
            UsageError: the network is bare, or the threshold is no number or below its own: cells
                that training cut off cannot be brought back.
        """
        sampling = self._require_sampling()
        own = sampling.output.threshold_mev
        if not own <= threshold_mev < math.inf:
            message = f"a readout threshold of {threshold_mev} MeV is not possible"
            hint = f"that of '{self.manifest.name}' is {own:g} MeV; it can be raised"
            raise UsageError(message, hint=hint)
        return self._cut_at(float(threshold_mev))

    def _cut_at(self, threshold_mev: float) -> Generator:
        sampling = self._require_sampling()
        output = replace(sampling.output, threshold_mev=threshold_mev)
        cut = replace(self.manifest, sampling=replace(sampling, output=output))
        return self._with(cut, self._backend)

    def _with(self, manifest: Manifest, backend: str | None) -> Generator:
        return Generator(
            manifest,
            lambda: self.network,
            lambda: self.packed,
            self.vectors,
            backend,
            hot=self.hot,
            arithmetic=self.arithmetic,
            skipping=self.skipping,
        )

    def __repr__(self) -> str:
        what = "bare network" if self.sampling is None else f"shower {self.sampling.mesh.shape}"
        skipping = getattr(self.__dict__.get("executor"), "skipping", None)
        how = f", {skipping}" if skipping else ""
        return f"<Generator {self.manifest.name}: {self.n_in} inputs -> {what}{how}>"

    @property
    def sampling(self) -> Sampling | None:
        """The physics around the network; None for a bare network."""
        return self.manifest.sampling

    @cached_property
    def network(self) -> Network:
        """The network with its weights as ordinary arrays."""
        return self._network()

    @cached_property
    def packed(self) -> Packed:
        """The weights in the packed layout; mapped from the file when there is one."""
        if self._packed is not None:
            return self._packed()
        return pack(self.network, self.arithmetic)

    @cached_property
    def columns(self) -> dict[str, tuple[int, int]]:
        """First and last-plus-one column of each network input in the input vector."""
        columns, start = {}, 0
        for name, shape in input_shapes(self.manifest.network).items():
            stop = start + math.prod(shape)
            columns[name] = (start, stop)
            start = stop
        return columns

    @property
    def n_in(self) -> int:
        """Length of the input vector: latents, then the condition vector."""
        return max((stop for _, stop in self.columns.values()), default=0)

    def split(self, x: Array) -> dict[str, Array]:
        """Split input vectors (n, n_in) into the network's inputs."""
        shapes = input_shapes(self.manifest.network)
        return {
            name: x[:, start:stop].reshape(len(x), *shapes[name])
            for name, (start, stop) in self.columns.items()
        }

    @cached_property
    def executor(self) -> Executor:
        """The compiled or interpreted network that sampling uses."""
        numba = backends["numba"]
        compiles = numba.available() and numba.supports(self.manifest)
        name = self._backend or ("numba" if compiles else "numpy")
        backends[name].require()
        return backends[name].prepare(self)

    def sample(
        self,
        n: int = 1,
        *,
        seed: int = 0,
        first: int = 0,
        out_of_range: Policy = "error",
        **conditions: Any,
    ) -> Float32:
        """Generate showers.

        Args:
            n: number of showers.
            seed: shower i depends on the seed, i and its conditions only.
            first: number of the first shower.
            out_of_range: what to do with conditions outside the trained range.
            conditions: by name, one value or one per shower, in the unit of the name.

        Returns:
            (n, *mesh shape) float32, MeV.

        Raises:
            UsageError: a condition is missing or unknown, or the network is bare.
            OutOfRange: a condition is outside the trained range.
        """
        out = allocate(n, self._require_sampling().mesh.shape, "float32")
        self.sample_into(out, seed=seed, first=first, out_of_range=out_of_range, **conditions)
        return out

    def sample_into(
        self,
        out: Float32,
        *,
        seed: int = 0,
        first: int = 0,
        out_of_range: Policy = "error",
        **conditions: Any,
    ) -> None:
        """Generate showers into an array of the caller's, (n, *mesh shape) float32.

        Arguments and errors are those of :meth:`sample`.
        """
        compiled = self._sampler.compiled
        if compiled is None or not compiled.sample_into(out, seed, first, out_of_range, conditions):
            self._sampler.sample_into(out, conditions, seed, first, out_of_range)

    def below_threshold(self, n: int = 100, **arguments: Any) -> Float64:
        """Return the share of each shower's energy that the readout threshold removes, (n,).

        Arguments and errors are those of :meth:`sample`.
        """
        threshold = self._require_sampling().output.threshold_mev
        cells = self._cut_at(0.0).sample(n, **arguments).reshape(n, -1)
        removed = np.where(cells < threshold, cells, 0).sum(axis=1, dtype=np.float64)
        return removed / np.maximum(cells.sum(axis=1, dtype=np.float64), np.finfo(np.float64).tiny)

    def decode(
        self, latents: Array, conditions: dict[str, Any], *, out_of_range: Policy = "error"
    ) -> Float32:
        """Generate showers from latents of the caller's, for frameworks with their own engine.

        Args:
            latents: (n, latents) drawn from the noise law of the manifest.
            conditions: by name, one value or one per shower.
            out_of_range: what to do with conditions outside the trained range.

        Returns:
            (n, *mesh shape) float32, MeV.
        """
        return self._sampler.decode(latents, conditions, out_of_range)

    def sample_cells(
        self,
        n: int = 1,
        *,
        seed: int = 0,
        first: int = 0,
        out_of_range: Policy = "error",
        **conditions: Any,
    ) -> CellList:
        """Generate showers as lists of the cells that are not zero.

        Arguments and errors are those of :meth:`sample`, and so are the energies, bit for bit.

        Returns:
            offsets (n + 1,) int64, indices (cells,) int32 and energies (cells,) float32 in MeV;
            see :class:`~caloexport.runtime.cell_list.CellList`.
        """
        return self._sampler.list_cells(n, conditions, seed, first, out_of_range)

    def sample_cells_into(
        self,
        offsets: Integers,
        indices: Array,
        energies: Float32,
        *,
        seed: int = 0,
        first: int = 0,
        out_of_range: Policy = "error",
        **conditions: Any,
    ) -> int:
        """Generate showers as lists of cells into arrays of the caller's.

        Args:
            offsets: (n + 1,) int64 for n showers, filled with the first entry of each shower
                and the number of all.
            indices: (room,) int32 for the positions in the dense shower.
            energies: (room,) float32 for MeV.
            seed, first, out_of_range, conditions: as of :meth:`sample`.

        Returns:
            number of cells.

        Raises:
            UsageError: wrong arrays, or too small ones; the message says how many cells there are.
        """
        check_lists(offsets, indices, energies)
        lists = CellList(offsets, indices, energies)
        compiled = self._sampler.compiled
        if compiled is not None:
            count = compiled.list_into(lists, seed, first, out_of_range, conditions)
            if count is not None:
                return count
        return self._sampler.list_cells_into(lists, conditions, seed, first, out_of_range)

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler(self._require_sampling(), self.executor)

    def _require_sampling(self) -> Sampling:
        if self.sampling is None:
            message = f"'{self.manifest.name}' is a bare network: it has no noise law and no mesh"
            raise UsageError(message, hint="convert the run folder instead of its Keras file")
        return self.sampling
