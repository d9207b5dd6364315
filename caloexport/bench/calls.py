"""The calls that a worker times."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

import caloexport.converters.engines  # noqa: F401  # registers the engines among the backends
from caloexport.bench.orders import LIMIT, Subject
from caloexport.bench.peers import BoundCall, peers
from caloexport.runtime.artifact import load
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import installed
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import input_shapes, manifest_from_text
from caloexport.runtime.safetensors_file import read_safetensors
from caloexport.runtime.vectors import spread

Call = Callable[[int], object]

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
        self.executor = self.generator.executor
        self.conditions = typical_conditions(self.generator)
        self.shower = functools.cache(self._shower)
        self.bound = functools.cache(self._bound)
        self.network = functools.cache(self._network)

    def _shower(self, batch: int) -> Call:
        sampling = self.generator.sampling
        if sampling is None:
            return self.network(batch)
        out = np.empty((batch, *sampling.mesh.shape), dtype=np.float32)
        given = self.conditions
        sample_into = self.generator.sample_into
        return lambda i: sample_into(out, seed=SEED, first=i * batch, **given)

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

    def _network(self, batch: int) -> Call:
        return taking_turns(self.bound(batch), batch, self._n_in)


def _no_weights() -> Any:
    message = "an engine has its own weights"
    raise UsageError(message)


def typical_conditions(generator: Generator) -> dict[str, Any]:
    """Return one value inside the trained range for every condition."""
    conditions = () if generator.sampling is None else generator.sampling.conditions
    return {condition.name: spread(condition, 0)[8] for condition in conditions}


class StreamCalls:
    """The bandwidth probe: reads the weights of an artifact, and does nothing with them."""

    def __init__(self, subject: Subject) -> None:
        arrays, _ = read_safetensors(Path(subject.artifact))
        self.weights = [a for key, a in arrays.items() if not key.startswith("vectors.")]
        if installed("numba"):
            from caloexport.runtime.kernels.natives import natives

            stream = natives()["stream"]
            places = np.array([(a.ctypes.data, a.size) for a in self.weights], dtype=np.int64)
            result = np.zeros(16, dtype=np.float32)
            self._call: Call = lambda i: stream(places, result)
        else:
            self._call = lambda i: [weight.sum() for weight in self.weights]

    def shower(self, batch: int) -> Call:
        return self._call

    def network(self, batch: int) -> Call:
        return self._call
