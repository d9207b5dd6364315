from __future__ import annotations

from dataclasses import replace

import pytest

from caloexport.converters.cpp.facts import facts_of
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from tests.cpp.generators import layered


@pytest.mark.parametrize(
    ("precision", "tolerance"),
    [("float32", 3e-4), ("float16", 3e-4), ("int8", 3e-4), ("int8-a8", 5e-3), ("int8-qdq", 5e-2)],
)
def test_programs_may_differ_by_what_the_precision_costs(precision: str, tolerance: float) -> None:
    manifest = replace(layered().manifest, precision=precision)
    assert facts_of(manifest, ()).reference_tolerance == tolerance


def test_a_window_of_cells_is_refused_with_the_targets_that_take_it() -> None:
    manifest = layered().manifest
    window = replace(manifest, sampling=replace(manifest.sampling, mesh=ATLAS_WINDOW))
    with pytest.raises(UnsupportedError, match="WindowMesh cannot be written as C") as caught:
        facts_of(window, ())
    assert "lwtnn, onnx, savedmodel or numba" in str(caught.value.hint)
