"""The numba backend: a whole network in one compiled call on packed weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.backends import Backend, CompiledExecutor, Executor, backends
from caloexport.runtime.compiled_sampler import CompiledSampler
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import installed
from caloexport.runtime.kernels.plan import lacking_instructions, refusal
from caloexport.runtime.kernels.plan_skipping import with_skipping
from caloexport.runtime.kernels.planner import make_plan
from caloexport.runtime.kernels.sampling_plan import make_sampling_plan
from caloexport.runtime.noise import check_seed
from caloexport.runtime.skippable import choose_skipping

if TYPE_CHECKING:
    from caloexport.runtime.generator import Generator
    from caloexport.runtime.manifest import Manifest, Sampling
    from caloexport.runtime.noise import NoiseLaw

ONE = np.ones(1, dtype=np.float32)


class NumbaExecutor(CompiledExecutor):
    """A planned network; scratch is made per call, so threads may share it.

    Args:
        generator: that is planned.
        skipping: as the generator has it, unless given.

    Attributes:
        skipping: how cells below the threshold are left out, None where all are computed.
    """

    def __init__(self, generator: Generator, *, skipping: bool | None = None) -> None:
        from caloexport.runtime.kernels.natives import natives

        self._plan = make_plan(generator.manifest, generator.packed, hot=generator.hot)
        wanted = generator.skipping if skipping is None else skipping
        self.skipping = choose_skipping(generator, wanted)
        if self.skipping is not None:
            self._plan = with_skipping(self._plan, generator.packed, self.skipping)
        self._functions = natives()
        self._run, self._draw = self._functions["run"], self._functions["draw"]

    def run(self, x: Array) -> Array:
        """Return the outputs (n, n_out) float32."""
        out = np.empty((len(x), self._plan.n_out), dtype=np.float32)
        self.run_into(x, out)
        return out

    def bound(self, n: int) -> Callable[[Float32], Float32]:
        """Return a call on (n, n_in) float32 in C order; it returns the same array every time.

        Output and scratch are bound once, so one thread may call it.
        """
        run, plan = self._run, self._plan
        out = np.empty((n, plan.n_out), dtype=np.float32)
        scratch = np.empty(plan.scratch(n), dtype=np.float32)

        def call(x: Float32) -> Float32:
            run(plan.address, x, out, ONE, -np.inf, scratch)  # the plan lives as long as the call
            return out

        return call

    def run_into(
        self, x: Array, out: Float32, factors: Float32 = ONE, threshold: float = -np.inf
    ) -> None:
        plan = self._plan
        rows = np.ascontiguousarray(x, dtype=np.float32)
        if rows.shape != (len(out), plan.n_in) or out.shape[1:] != (plan.n_out,):
            message = f"input {rows.shape} and output {out.shape} do not fit the network"
            raise UsageError(message, hint=f"expected (n, {plan.n_in}) and (n, {plan.n_out})")
        scratch = np.empty(plan.scratch(len(out)), dtype=np.float32)
        self._run(plan.address, rows, out, factors, threshold, scratch)

    def sampler(self, sampling: Sampling) -> CompiledSampler | None:
        plan = make_sampling_plan(sampling, self._plan)
        return None if plan is None else CompiledSampler(sampling, plan, self._functions)

    def draw(self, law: NoiseLaw, n: int, seed: int, first: int) -> Float32:
        check_seed(seed, first)
        out = np.empty((n, law.size), dtype=np.float32)
        normal = law.law == "normal"
        width = law.b if normal else law.b - law.a
        self._draw(normal, law.a, width, int(seed), int(first), law.size, out)
        return out


class NumbaBackend(Backend):
    """Compiled kernels for feed-forward networks, float32."""

    module = "numba"
    extra = "numba"

    def supports(self, manifest: Manifest) -> bool:
        if refusal(manifest) is not None:
            return False
        return not self.available() or lacking_instructions(manifest) is None

    def available(self) -> bool:
        return installed("numba") and installed("llvmlite")

    def import_libraries(self) -> None:
        from caloexport.runtime.kernels.natives import natives

        natives()  # numba itself is imported by the process that compiles, if one has to

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        self.require()
        return NumbaExecutor(generator)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        from caloexport.runtime.artifact import load

        return self.prepare(load(path, backend="numba", replay=False), threads=threads)


backends.register("numba")(NumbaBackend())
