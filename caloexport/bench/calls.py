"""The calls that a worker times."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

import caloexport.converters.engines  # noqa: F401  # registers the engines among the backends
from caloexport.bench.orders import LIMIT, Subject
from caloexport.bench.peers import BoundCall, peers
from caloexport.converters.cpp.library import DecoderLibrary
from caloexport.converters.engines.cpp import CppExecutor
from caloexport.runtime.artifact import load
from caloexport.runtime.backends import CompiledExecutor, backends
from caloexport.runtime.errors import AnswerIsNo, UsageError
from caloexport.runtime.extras import installed
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling, input_shapes, manifest_from_text
from caloexport.runtime.vectors import spread

Call = Callable[[int], object]
#: a call, and what returns the ns that compiled kernels took in all calls so far
Observed = tuple[Call, Callable[[], int]]

#: different inputs that take turns
INPUTS = 16
SEED = 1


class Calls(Protocol):
    """What a worker can time, by batch size; the argument of a call counts up.

    One call per batch size is made, and kept.
    """

    def shower(self, batch: int) -> Call | None:
        """Return the call from conditions to MeV; None for a peer."""

    def network(self, batch: int) -> Call:
        """Return the call from network input to network output."""

    def observed(self) -> Observed | None:
        """Return the whole path, one shower a call, with what tells the time of its kernels."""


class NetworkCalls(Calls, Protocol):
    """What executes a network."""

    def bound(self, batch: int) -> BoundCall:
        """Return what gives the outputs (batch, n_out) of inputs (batch, n_in)."""


def import_everything(backend: str) -> None:
    """Import what a subject needs, so that time and memory after it are the model's."""
    if backend != LIMIT:
        (backends[backend] if backend in backends else peers[backend]).import_libraries()
    elif installed("numba"):
        backends["numba"].import_libraries()


def calls_of(subject: Subject) -> NetworkCalls:
    """Open what a backend or a peer executes."""
    return DecoderCalls(subject) if subject.backend in backends else PeerCalls(subject)


def taking_turns(run: BoundCall, batch: int, n_in: int) -> Call:
    """Return the call that gives a network other inputs every time."""
    rng = np.random.default_rng(SEED)
    inputs = rng.standard_normal((INPUTS, batch, n_in), dtype=np.float32)
    return lambda i: run(inputs[i % INPUTS])


class DecoderCalls:
    """The calls of a backend."""

    def __init__(self, subject: Subject) -> None:
        backend, path = backends[subject.backend], Path(subject.artifact)
        if backend.target == "numba":
            self.generator = load(path, backend=subject.backend, replay=False)
        else:
            text = Path(subject.manifest).read_text(encoding="utf-8")
            manifest = manifest_from_text(text, subject.manifest)
            self.generator = Generator(manifest, _no_weights, backend=subject.backend)
            # the engine opens its own format; only noise, conditions and energies are ours
            self.generator.executor = backend.open(path, threads=subject.threads)
        self.path, self.backend = path, subject.backend
        self.executor = self.generator.executor
        self.conditions = typical_conditions(self.generator)
        self.shower = functools.cache(self._shower)
        self.bound = functools.cache(self._bound)
        self.network = functools.cache(self._network)
        self.observed = functools.cache(self._observed)

    def _shower(self, batch: int) -> Call:
        if self.generator.sampling is None:
            return self.network(batch)
        if isinstance(self.executor, CppExecutor):
            library = self.executor.library
            return decoder_call(library, self.generator.sampling, batch, self.conditions)
        return sampling_call(self.generator, batch, self.conditions)

    def _observed(self) -> Observed | None:
        if not isinstance(self.executor, CompiledExecutor) or self.generator.sampling is None:
            return None
        from caloexport.runtime.kernels.natives import observed

        clock = KernelClock()
        with observed(clock.timed):
            generator = load(self.path, backend=self.backend, replay=False)
            call = sampling_call(generator, 1, self.conditions)
            call(0)
        return (call, lambda: clock.total_ns) if clock.total_ns else None

    def _network(self, batch: int) -> Call:
        return taking_turns(self.bound(batch), batch, self.generator.n_in)

    def _bound(self, batch: int) -> BoundCall:
        executor: Any = self.executor
        bound: BoundCall = executor.bound(batch) if hasattr(executor, "bound") else executor.run
        return bound


class PeerCalls:
    """The calls of a peer: the network alone."""

    def __init__(self, subject: Subject) -> None:
        text = Path(subject.manifest).read_text(encoding="utf-8")
        shapes = list(input_shapes(manifest_from_text(text, subject.manifest).network).values())
        self._n_in = sum(map(math.prod, shapes))
        folder, peer = Path(subject.artifact), peers[subject.backend]
        self._model = peer.open(folder, shapes, subject.precision, subject.threads)
        self.bound = functools.cache(self._model.bound)
        self.network = functools.cache(self._network)

    def shower(self, batch: int) -> None:
        """Nothing: a peer knows neither conditions nor energies."""

    def observed(self) -> None:
        """Nothing."""

    def _network(self, batch: int) -> Call:
        return taking_turns(self.bound(batch), batch, self._n_in)


class KernelClock:
    """Counts the time inside compiled kernels."""

    def __init__(self) -> None:
        self.total_ns = 0

    def timed(self, kernel: Callable[..., int]) -> Callable[..., int]:
        """Return a kernel whose time counts."""
        now = time.perf_counter_ns

        def call(*arguments: Any) -> int:
            begin = now()
            result = kernel(*arguments)
            self.total_ns += now() - begin
            return result

        return call


def sampling_call(generator: Generator, batch: int, conditions: dict[str, Any]) -> Call:
    """Return the call that samples into memory that is used over and over."""
    shape = () if generator.sampling is None else generator.sampling.mesh.shape
    out = np.empty((batch, *shape), dtype=np.float32)
    sample_into = generator.sample_into
    return lambda i: sample_into(out, seed=SEED, first=i * batch, **conditions)


def decoder_call(
    library: DecoderLibrary, sampling: Sampling, batch: int, conditions: dict[str, Any]
) -> Call:
    """Return the call that samples in C++ alone, into memory that is used over and over.

    Raises:
        AnswerIsNo: the decoder refuses the conditions.
    """
    given = [
        float(one.categories.index(value) if one.categories else value)
        for one, value in ((one, conditions[one.name]) for one in sampling.conditions)
    ]
    out = np.empty((batch, library.n_cells), dtype=np.float32)
    sample = library.bound_sample(given, SEED, batch, out)
    status = sample(0)
    if status:
        message = f"the decoder refuses {conditions}: status {status}"
        raise AnswerIsNo(message)
    return lambda i: sample(i * batch)


def _no_weights() -> Any:
    message = "an engine has its own weights"
    raise UsageError(message)


def typical_conditions(generator: Generator) -> dict[str, Any]:
    """Return one value inside the trained range for every condition."""
    conditions = () if generator.sampling is None else generator.sampling.conditions
    return {condition.name: spread(condition, 0)[8] for condition in conditions}
