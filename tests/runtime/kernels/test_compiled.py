"""Kernels are kept on disk, and a machine where nothing can be written still computes."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from numba.core import types

from caloexport.runtime.kernels import compiled


def test_a_place_that_cannot_be_written_only_costs_time(monkeypatch: pytest.MonkeyPatch) -> None:
    njit = compiled.numba.njit

    def without_cache(*arguments: Any, cache: bool = False, **options: Any) -> Any:
        if cache:
            message = "cannot cache function: no locator available"  # what numba says
            raise RuntimeError(message)
        return njit(*arguments, **options)

    monkeypatch.setattr(compiled.numba, "njit", without_cache)

    def double(x):  # type: ignore[no-untyped-def]
        return 2 * x

    assert compiled.entry(types.float64(types.float64))(double)(4.0) == 8.0


def test_the_stamp_is_the_same_for_the_same_source() -> None:
    first = compiled.stamp()
    compiled.stamp.cache_clear()
    assert compiled.stamp() == first
    assert 0 < first < np.iinfo(np.int64).max


def test_a_user_who_waits_is_told_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(compiled, "PATIENCE_S", 0.0)
    with compiled.patience():
        while not caplog.records:  # the timer's thread needs its turn
            time.sleep(0.001)
    assert "the first time" in caplog.text
