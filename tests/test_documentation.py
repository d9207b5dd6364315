"""Generated pages cannot drift from what generates them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from caloexport.documentation import layer_rows

ROOT = Path(__file__).parent.parent


def make_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", sorted(make_docs().PAGES))
def test_generated_pages_are_up_to_date(page: str) -> None:
    made = make_docs().PAGES[page]()
    assert (ROOT / page).read_text("utf-8") == made, "run python scripts/make_docs.py"


def test_the_matrix_tells_targets_apart() -> None:
    rows = {row[0]: row[1:] for row in layer_rows(["lwtnn", "numba"])}
    assert rows["dense"] == ["yes", "yes"]
    assert rows["multiply"] == ["no", "yes"]
    assert rows["activation swish, β per unit"][0] == "rewritten"
