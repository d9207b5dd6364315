"""Adaptations that take no time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from caloexport.training import recalibration


@pytest.fixture(autouse=True, scope="package")
def few_passes() -> Iterator[None]:
    """Measure statistics on two batches: forty take most of the time of a short adaptation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recalibration, "PASSES", 2)
        yield
