"""A real run, as small as it can be."""

from __future__ import annotations

from typing import Any

import pytest

from caloexport.bench.crew import WorkerFailed, crew
from caloexport.bench.orders import Subject
from caloexport.bench.page import make_page
from caloexport.bench.participants import Participant
from caloexport.bench.run import Effort, Request, run
from caloexport.bench.tables import tables
from caloexport.runtime.errors import AnswerIsNo, UnsupportedError
from tests.networks import decoder

TINY = Effort(rounds=2, batch_rounds=1, seconds=0.0, least_hot=2, least_cold=1, most=2)


def test_two_backends_take_turns() -> None:
    request = Request({"small": decoder()}, named=("numpy", "numba"), batches=(1, 3), effort=TINY)
    steps: list[int] = []
    results = run(request, lambda done, text: steps.append(done), lambda text: None)
    keys = [(row.batch, row.cache, row.backend, row.calls) for row in results.rows]
    assert keys == [
        (1, "hot", "numpy", 4), (1, "hot", "numba", 4),
        (1, "cold", "numpy", 2), (1, "cold", "numba", 2),
        (3, "hot", "numpy", 1), (3, "hot", "numba", 1),
        (3, "cold", "numpy", 1), (3, "cold", "numba", 1),
    ]  # fmt: skip
    assert steps == sorted(steps)
    assert max(steps) < request.steps
    for row in results.rows:
        assert row.p10_us is not None
        assert row.median_us is not None
        assert row.p99_us is not None
        assert 0 < row.p10_us <= row.median_us <= row.p99_us
        assert row.network_median_us > 0
        assert (row.limit_valid is None) == (row.batch > 1)
        assert row.weight_bytes == 4 * decoder().network.parameters
        assert (row.overhead_us is None) == (row.backend == "numpy" or row.batch > 1)
        assert row.process_mb is not None
        assert row.process_mb > row.rss_mb
        assert set(row.speedups) == {"numba float32", "numpy float32"} - {row.name}
        assert row.import_s > 0
        assert row.first_shower_s > 0
    assert len(list(tables(results))) == 5
    assert "small, batch 3, cold" in make_page(results)


@pytest.mark.parametrize(
    ("named", "who", "reason", "raised"),
    [
        (("numpy", "litert"), "litert", AnswerIsNo("differs"), True),
        (("numpy", "litert"), "litert", UnsupportedError("cannot"), True),
        ((), "litert", AnswerIsNo("differs"), False),
        ((), "numba", AnswerIsNo("differs"), True),
        ((), "numba", UnsupportedError("cannot"), False),
    ],
)
def test_who_is_refused_is_left_out_or_ends_the_bench(
    named: tuple[str, ...],
    who: str,
    reason: AnswerIsNo | UnsupportedError,
    raised: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Refused(Exception):
        pass

    def subjects(*arguments: Any) -> None:
        arguments[-1](Participant(who, "float32"), reason)
        raise Refused

    monkeypatch.setattr("caloexport.bench.run.subjects_of", subjects)
    notes: list[str] = []
    request = Request({"small": decoder()}, named=named, effort=TINY)
    with pytest.raises(type(reason) if raised else Refused):
        run(request, lambda done, text: None, notes.append)
    assert (f"left out of small: {reason}" in notes) is not raised


def test_a_worker_that_dies_is_named() -> None:
    subject = Subject("numpy", "float32", "no-such-file.safetensors", "", (0,), 1)
    with pytest.raises(WorkerFailed, match=r"backend numpy.*no-such-file"), crew([subject]):
        pass


def test_a_batch_takes_one_call_in_fewer_rounds() -> None:
    effort = Effort()
    assert effort.order(1, "cold").least > effort.order(256, "cold").least == 1
    assert effort.rounds_of(1) > effort.rounds_of(256)
