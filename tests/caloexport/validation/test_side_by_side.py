from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from caloexport.validation import side_by_side as module
from caloexport.validation.distances.fpd import frechet, moments
from caloexport.validation.side_by_side import side_by_side


def test_parts_come_in_order_with_one_blas_thread_each(monkeypatch: pytest.MonkeyPatch) -> None:
    from threadpoolctl import threadpool_info

    monkeypatch.setattr(module, "cores", lambda: 3)
    meeting = threading.Barrier(3, timeout=30)  # broken unless three run at once

    def look(number: int) -> tuple[int, set[int]]:
        meeting.wait()
        pools = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
        return number, pools

    assert side_by_side(look, range(6)) == [(number, {1}) for number in range(6)]


def test_nothing_is_begun_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 1)
    begun = []

    def fail(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise KeyboardInterrupt
        time.sleep(0.02)

    with pytest.raises(KeyboardInterrupt):
        side_by_side(fail, range(500))
    assert len(begun) < 500


def test_without_threadpoolctl_the_same_comes_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "installed", lambda name: name != "threadpoolctl")
    here = threading.get_ident()
    assert side_by_side(lambda number: (number, threading.get_ident()), [1, 2]) == [
        (1, here),
        (2, here),
    ]


def test_a_root_of_any_covariance_gives_the_same_distance() -> None:
    random = np.random.default_rng(0)
    rows, every = random.normal(size=(200, 3)), np.arange(200)
    other = random.normal(size=(200, 3)) * [1.0, 1.5, 0.7]
    fixed = [np.column_stack([one, np.zeros(200), one[:, 0]]) for one in (rows, other)]
    usual = frechet(moments(rows, every), moments(other, every))
    odd = frechet(moments(fixed[0], every), moments(fixed[1], every))
    # what does not vary adds nothing; what is told twice changes the distance as it should
    doubled = [np.column_stack([one, one[:, 0]]) * [2**0.5, 1, 1, 0] for one in (rows, other)]
    expected = frechet(moments(doubled[0], every), moments(doubled[1], every))
    assert odd == pytest.approx(expected, rel=1e-9)
    assert odd != pytest.approx(usual, rel=1e-3)
