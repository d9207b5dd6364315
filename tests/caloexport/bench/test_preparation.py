"""Files that are made and checked before anything is timed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from caloexport.bench.peers import BoundCall, Peer, peers
from caloexport.bench.preparation import difference, prepare
from caloexport.runtime.network import Network, Shape
from tests.caloexport.bench.conftest import MakeTask


class Wrong(Peer):
    """A peer that computes something else."""

    module = "numpy"

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        (folder / "size").write_text(str(network.n_outputs))

    def open(self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int) -> Wrong:
        self.size = int((folder / "size").read_text())
        return self

    def bound(self, batch: int) -> BoundCall:
        return lambda x: np.full((batch, self.size), 0.5, np.float32)


@pytest.mark.parametrize(
    "backend",
    [
        "numpy",
        "numba",
        "onnxruntime",
        "onnxruntime-run",
        pytest.param("cpp", marks=pytest.mark.system),
    ],
)
def test_files_are_made_and_give_the_reference(backend: str, task: MakeTask) -> None:
    given = task(backend)
    assert prepare(given) < 1e-6
    assert Path(given.subject.artifact).exists()
    assert Path(given.subject.manifest).exists()


def test_rounded_weights_differ_a_little(task: MakeTask) -> None:
    assert 1e-5 < prepare(task("onnxruntime", "int8")) < 0.1


def test_another_network_differs_much(task: MakeTask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(peers._entries, "wrong", Wrong())
    assert prepare(task("wrong")) > 0.1


def test_both_ends_of_a_batch_are_compared() -> None:
    inputs = np.arange(16, dtype=np.float32)[:, None]
    expected = np.repeat(inputs.astype(np.float64), 2, axis=1)

    def run(wrong: int) -> BoundCall:
        def call(x: np.ndarray) -> np.ndarray:
            out = np.repeat(x, 2, axis=1)
            out[wrong] += 1
            return out

        return call

    assert difference(run(0), 40, inputs, expected) > 0.01
    assert difference(run(39), 40, inputs, expected) > 0.01
    assert difference(run(5), 8, inputs, expected) > 0.01
    assert difference(run(20), 40, inputs, expected) == 0
