"""The calls that are timed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.bench.calls import DecoderCalls, calls_of, decoder_call, typical_conditions
from caloexport.bench.preparation import prepare
from caloexport.runtime.arrays import Float32
from caloexport.runtime.errors import AnswerIsNo
from tests.caloexport.bench.conftest import MakeTask
from tests.networks import decoder


class Recorder:
    """A decoder that notes what it is asked for."""

    n_cells = 5

    def __init__(self, status: int = 0) -> None:
        self.status, self.given, self.asked = status, [0.0], [(0, 0)]

    def bound_sample(
        self, given: Sequence[float], seed: int, n: int, out: Float32
    ) -> Callable[[int], int]:
        assert out.shape == (n, self.n_cells)
        self.given = list(given)

        def sample(first: int) -> int:
            self.asked.append((first, n))
            return self.status

        return sample


def test_a_decoder_makes_other_showers_every_time() -> None:
    generator, library = decoder(), Recorder()
    assert generator.sampling is not None
    conditions = typical_conditions(generator)
    call = decoder_call(library, generator.sampling, 3, conditions)  # type: ignore[arg-type]
    call(1)
    call(2)
    assert library.asked[-2:] == [(3, 3), (6, 3)]
    codes = [
        one.categories.index(conditions[one.name]) if one.categories else conditions[one.name]
        for one in generator.sampling.conditions
    ]
    assert library.given == [float(code) for code in codes]


def test_a_decoder_that_refuses_is_not_timed() -> None:
    generator: Any = decoder()
    with pytest.raises(AnswerIsNo, match="status 3"):
        decoder_call(
            Recorder(3),  # type: ignore[arg-type]
            generator.sampling,
            1,
            typical_conditions(generator),
        )


@pytest.mark.system
def test_the_generated_decoder_is_timed_from_conditions_to_mev(task: MakeTask) -> None:
    given = task("cpp", batches=(1, 4))
    prepare(given)
    calls = calls_of(given.subject)
    assert isinstance(calls, DecoderCalls)
    assert Path(given.subject.artifact).suffix == ".h"
    for batch in (1, 4):
        shower = calls.shower(batch)
        assert shower is not None
        assert shower(0) == 0
    x = np.random.default_rng(1).standard_normal((4, calls.generator.n_in), dtype=np.float32)
    expected = calls.executor.run(x)
    np.testing.assert_array_equal(np.asarray(calls.bound(4)(x)).reshape(expected.shape), expected)
    assert calls.observed() is None
