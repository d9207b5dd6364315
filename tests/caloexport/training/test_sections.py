from __future__ import annotations

from typing import Any

import pytest

from caloexport.runtime.errors import CaloexportError
from caloexport.training.guard import Guard
from caloexport.training.heads import Head
from caloexport.training.heads.cells import Cells
from caloexport.training.sections import read_sections

KINDS = {"output": Head, "guard": Guard}
CONFIG: dict[str, Any] = {
    "output": {"kind": "cells", "activation": "relu"},
    "guard": {"total": 3},
    "training": {"batch": 32},
    "another": {},
}


def test_every_section_becomes_its_settings() -> None:
    read = read_sections(KINDS, CONFIG, "a.toml")
    assert read.keys() == {"output", "guard", "training"}
    assert isinstance(read["output"], Cells)
    assert (read["guard"].total, read["training"].batch) == (3.0, 32)


@pytest.mark.parametrize(
    ("section", "content", "message"),
    [
        ("output", {"kind": "cell"}, "unknown head 'cell'"),
        ("output", {"kind": "cells", "activaton": "relu"}, r"a\.toml \[output\]: unknown setting"),
        ("guard", {"total": "much"}, r"a\.toml \[guard\] total: is 'much', expected float"),
        ("training", {"batch": 1}, r"a\.toml \[training\]: batch is 1"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_section(
    section: str, content: dict[str, Any], message: str
) -> None:
    with pytest.raises(CaloexportError, match=message):
        read_sections(KINDS, {**CONFIG, section: content}, "a.toml")
