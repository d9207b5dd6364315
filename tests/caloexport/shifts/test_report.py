from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.shifts import report as report_module
from caloexport.shifts.executors import BatchedReference, executor_of, executor_of_file
from caloexport.shifts.judge import ShiftJudge
from caloexport.shifts.report import ShiftReport, shift_report, showers_for
from tests.networks_large import large_decoder


def changed(generator: Generator, factor: float) -> Generator:
    """Return the generator with all biases of its cells moved."""
    nodes = [
        n.with_weights(bias=n.weights["bias"] * np.float32(factor)) if n.name == "cells" else n
        for n in generator.network.nodes
    ]
    network = Network(generator.network.inputs, nodes, generator.network.outputs)
    return Generator.from_network(network, generator.sampling)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shifts") / "whole.safetensors"
    return export(large_decoder(), "numba", path).path


def report(exact: Generator, written: Path, n: int = 270) -> ShiftReport:
    return shift_report(exact, written, "numpy", "int8", lambda done, total: None, n)


def test_a_file_does_not_shift_against_itself(written: Path) -> None:
    found = report(large_decoder(), written)
    assert found.worst.size < 1e-3
    found.require_small(0.02, "file")


def test_a_shift_is_found_and_named(written: Path) -> None:
    found = report(changed(large_decoder(), 1.05), written)
    assert found.worst.size > 0.1
    with pytest.raises(AnswerIsNo, match=r"int8 shifts an observable beyond 0\.02: the") as caught:
        found.require_small(0.02, "file")
    assert f"'{found.worst.quantity}' at {found.worst.group} by" in caught.value.message
    assert caught.value.where == "file"
    assert "--max-shift" in str(caught.value.hint)


def test_every_observable_is_reported_once_and_the_worst_first(written: Path) -> None:
    found = report(changed(large_decoder(), 1.01), written)
    worst = found.worst_by_observable()
    names = {shift.quantity.observable for shift in worst}
    assert len(worst) == len(names) == 9
    assert [s.size for s in found.shifts] == sorted((s.size for s in found.shifts), reverse=True)
    data = found.to_json()
    assert data["showers"] == 270
    assert len(data["shifts"]) == 9 * (10 + 8 + 7)  # groups; layers, radial bins, and the others
    assert data["worst"] == data["shifts"][0]


def test_progress_and_blocks(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []
    whole = report(large_decoder(), written, 90)
    monkeypatch.setattr(report_module, "BLOCK", 4)
    small = shift_report(
        large_decoder(), written, "numpy", "int8", lambda *step: steps.append(step), 90
    )
    assert steps[-1] == (90, 90)
    assert [done for done, _ in steps[:3]] == [4, 8, 10]
    assert small.worst.mean == pytest.approx(whole.worst.mean, rel=1e-5)


def test_energies_that_are_no_numbers_are_an_answer(written: Path) -> None:
    with np.errstate(all="ignore"), pytest.raises(AnswerIsNo, match="not finite numbers"):
        report(changed(large_decoder(), np.nan), written, 90)


def test_large_networks_are_compared_on_fewer_showers(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = large_decoder()
    assert showers_for(generator) == 10_000
    monkeypatch.setattr(report_module, "OPERATIONS", 2_000 * generator.network.flops)
    assert showers_for(generator) == 2_000
    monkeypatch.setattr(report_module, "OPERATIONS", 0)
    assert showers_for(generator) == 1_000


def test_both_ways_to_compute_agree(tmp_path: Path) -> None:
    generator = large_decoder()
    x = np.zeros((3, generator.n_in), np.float32)
    x[:, :10] = np.random.default_rng(1).normal(size=(3, 10))
    batched = BatchedReference(generator).run(x)
    np.testing.assert_allclose(batched, generator.using("numpy").executor.run(x), rtol=1e-5)
    executor, name = executor_of(generator)
    assert name == "numba"
    np.testing.assert_allclose(executor.run(x), batched, rtol=1e-4)
    onnx = export(generator, "onnx", tmp_path / "a.onnx").path
    executor, name = executor_of_file(onnx, "onnxruntime")
    assert name == "onnxruntime"
    np.testing.assert_allclose(executor.run(x), batched, rtol=1e-4)


@pytest.mark.parametrize("precision", ["bfloat16", "bfloat16-a16", "int8", "int8-a8"])
def test_the_judge_sees_the_file_before_it_appears(precision: str, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    judge = ShiftJudge(precision, path, max_shift=0.0, showers=270)
    with pytest.raises(AnswerIsNo, match=f"a.safetensors: {precision} shifts an observable beyond"):
        export(large_decoder(), "numba", path, precision=precision, accept=judge)
    assert list(tmp_path.iterdir()) == []
    assert judge.report is not None
    assert 0 < judge.report.worst.size < 0.2


def test_a_bare_network_has_no_observables(tmp_path: Path) -> None:
    bare = Generator.from_network(large_decoder().network)
    judge = ShiftJudge("int8", tmp_path / "a", max_shift=0.0)
    export(bare, "numba", tmp_path / "a.safetensors", precision="int8", accept=judge)
    assert judge.report is None


def test_a_shift_is_told_by_its_larger_part(written: Path) -> None:
    found = report(large_decoder(), written, 90)
    wide = replace(found.worst, mean_shift=0.01, width_shift=-0.03, width_error=0.002)
    text = str(replace(found, shifts=(wide,)))
    assert text.startswith("largest shift of 90 showers in int8: the width of '")
    assert text.endswith("by -0.0300 ± 0.0020 widths")
