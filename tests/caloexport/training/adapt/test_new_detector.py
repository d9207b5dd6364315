"""The column of a detector that comes later."""

from __future__ import annotations

from typing import Any

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training.adapt.new_detector import with_columns


def config(size: int = 3, **codes: int) -> dict[str, Any]:
    return {"conditions": {"geometry_codes": codes, "geometry_size": size}}


@pytest.mark.parametrize(
    ("codes", "detectors", "expected"),
    [
        ({"scipb": 1, "siw": 2}, ["pbwo4"], {"scipb": 1, "siw": 2, "pbwo4": 0}),
        ({"scipb": 0, "siw": 2}, ["pbwo4"], {"scipb": 0, "siw": 2, "pbwo4": 1}),
        ({"scipb": 1, "siw": 2}, ["siw", "pbwo4"], {"scipb": 1, "siw": 2, "pbwo4": 0}),
        ({"scipb": 1, "siw": 2}, ["siw"], {"scipb": 1, "siw": 2}),
    ],
)
def test_a_new_detector_gets_a_column_that_no_other_has(
    codes: dict[str, int], detectors: list[str], expected: dict[str, int]
) -> None:
    before = config(**codes)
    found = with_columns(before, detectors)
    assert found["conditions"]["geometry_codes"] == expected
    assert before == config(**codes)


def test_without_a_free_column_there_is_no_new_detector() -> None:
    with pytest.raises(UsageError, match="left for lead: scipb, siw have all 2") as caught:
        with_columns(config(2, scipb=0, siw=1), ["lead"])
    assert "metahep-reptile" in str(caught.value.hint)


def test_a_model_of_one_detector_takes_any() -> None:
    none = {"conditions": {"terms": []}, "training": {}}
    assert with_columns(none, ["lead"]) == none
