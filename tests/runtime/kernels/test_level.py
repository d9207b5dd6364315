"""The best level of the CPU is taken; more than it has is refused."""

from __future__ import annotations

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.kernels import level

AVX2 = dict.fromkeys(level.NEEDS["avx2"], True)
AVX512 = AVX2 | dict.fromkeys(level.NEEDS["avx512"], True)


@pytest.mark.parametrize(
    ("features", "expected"),
    [({}, "portable"), (AVX2, "avx2"), (AVX512, "avx512")],
)
def test_the_best_is_taken(features: dict[str, bool], expected: str) -> None:
    assert level.choose("", features) == expected


@pytest.mark.parametrize("asked", level.NEEDS)
def test_a_lower_one_can_be_asked_for(asked: str) -> None:
    assert level.choose(asked, AVX512) == asked


@pytest.mark.parametrize("lacking", level.NEEDS["avx512"])
def test_one_feature_too_few_is_enough_to_step_down(lacking: str) -> None:
    features = AVX512 | {lacking: False}
    assert level.choose("", features) == "avx2"
    with pytest.raises(UsageError, match=rf"no {lacking}, .*'avx512'.*best it has is 'avx2'"):
        level.choose("avx512", features)


def test_an_unknown_level_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="did you mean 'avx512'"):
        level.choose("avx521", AVX512)


def test_this_process_runs_at_a_level_that_the_cpu_has() -> None:
    features = level.host_features()
    assert not level.missing(level.LEVEL, features)
    assert not level.HAS_BF16_DOT or features[level.BF16_DOT]
