"""Files for everybody who takes part, and who is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.bench.agreement import ALLOWED
from caloexport.bench.files import obstacle, subjects_of
from caloexport.bench.orders import LIMIT
from caloexport.bench.participants import Participant
from caloexport.runtime.errors import AnswerIsNo, UnsupportedError
from tests.caloexport.bench.conftest import MakeTask
from tests.networks import decoder


def test_a_process_prepares_and_answers(task: MakeTask) -> None:
    assert obstacle(task("numpy")) is None


def test_a_process_says_what_is_wrong(task: MakeTask) -> None:
    broken = task("numpy")
    Path(broken.generator).write_bytes(b"")
    assert "empty" in str(obstacle(broken))


def test_a_process_that_breaks_is_an_obstacle(task: MakeTask) -> None:
    reason = obstacle(task("onnxruntime-run", batches=("many",)))
    assert isinstance(reason, UnsupportedError)
    assert "onnxruntime-run float32: failed to prepare: TypeError" in str(reason)


def test_who_computes_another_network_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = AnswerIsNo("its outputs differ")
    reasons = {"wrong float32": wrong}
    monkeypatch.setattr(
        "caloexport.bench.files.obstacle", lambda task: reasons.get(task.subject.name)
    )
    both = [Participant("wrong", "float32"), Participant("numpy", "float32")]
    refused: list[tuple[str, object]] = []
    subjects = subjects_of(
        decoder(), both, tmp_path, (1,), (0,), 1, lambda one, why: refused.append((one.name, why))
    )
    assert refused == [("wrong float32", wrong)]
    assert [subject.name for subject in subjects] == ["numpy float32", LIMIT]


def test_the_difference_is_judged_by_the_precision(
    task: MakeTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ALLOWED, "float32", 1e-12)
    reason = obstacle(task("onnxruntime-run"))
    assert isinstance(reason, AnswerIsNo)
    assert "differ from the reference" in str(reason)
    assert "float32 explains 1e-12" in str(reason)
