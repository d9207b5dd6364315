"""A decoder's kernels hold what its plan uses, and no more."""

from __future__ import annotations

import re

from caloexport.converters.cpp.kernels import IN_PLACE, LEVELS, kernel_files, kernels
from caloexport.cpp_snippets import folder
from caloexport.runtime.kernels import codes
from tests.cpp.kernels.library import OPERATIONS, STORAGES

FUNCTIONS = set(codes.ACTIVATIONS)


def test_every_level_has_the_function_that_runs_a_plan() -> None:
    text = kernels({"dense"}, {"sigmoid"}, {"float32"}, several_rows=False)
    for level in LEVELS:
        assert f"namespace {level} {{" in text
    assert len(re.findall(r"inline void run\(", text)) == len(LEVELS)


def test_what_no_step_uses_is_left_out() -> None:
    text = kernels({"dense"}, {"leaky_relu", "sigmoid"}, {"float32"}, several_rows=False)
    for word in ("softmax", "convol", "BFloat16>", "tanh", "multiply_rows", "//%", "#pragma"):
        assert word not in text
    assert "sigmoid(x)" in text


def test_everything_is_there_for_a_plan_that_uses_it() -> None:
    text = kernels(OPERATIONS, FUNCTIONS, STORAGES, several_rows=True)
    for name in OPERATIONS - {"dense", "output", "maximum", "minimum"}:
        assert f"case Operation::{name}:" in text
    for name in FUNCTIONS:
        assert f"case Function::{name}:" in text
    files = {path.stem for path in (folder() / "decoder" / "kernels").glob("*.h")}
    found = {*kernel_files(OPERATIONS, FUNCTIONS, STORAGES), *IN_PLACE.values()}
    assert found == files


def test_a_level_may_have_a_file_of_its_own() -> None:
    text = kernels({"dense"}, {"linear"}, {"int8"}, several_rows=False)
    portable, avx2, avx512 = (text.split(f"namespace {level} {{")[1] for level in LEVELS)
    assert "dot_pairs" in portable
    assert "_mm256_madd_epi16" in avx2
    assert "_mm512_dpbusd_epi32" in avx512
    assert "dot_pairs" not in avx512
    assert "dense_int8<8>" not in text
