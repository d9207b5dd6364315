"""Tasks on the small decoder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from caloexport.bench.files import places
from caloexport.bench.orders import Subject
from caloexport.bench.participants import Participant
from caloexport.bench.preparation import Task
from caloexport.converters.export import export
from tests.networks import decoder

MakeTask = Callable[..., Task]


@pytest.fixture
def task(tmp_path: Path) -> MakeTask:
    """Return what makes tasks on the small decoder."""
    ours = tmp_path / "ours.safetensors"
    export(decoder(), "numba", ours, verify=False)

    def make(backend: str, precision: str = "float32", batches: tuple[int, ...] = (1, 20)) -> Task:
        one = Participant(backend, precision)
        return Task(
            str(ours), Subject(backend, precision, *places(one, tmp_path), (0,), 1), batches
        )

    return make
