"""Generated pages cannot drift from what generates them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from caloexport.converters.contracts import contracts
from caloexport.runtime.activations import activations
from caloexport.runtime.layers import layers
from scripts.support_matrix import contract_rows, layer_rows

ROOT = Path(__file__).parent.parent


def test_generated_pages_are_up_to_date() -> None:
    # in a process of its own: click keeps the help option of whoever asked a command first
    script = ROOT / "scripts" / "make_docs.py"
    command = [sys.executable, script, "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}run python scripts/make_docs.py"


def test_the_matrix_tells_targets_apart() -> None:
    rows = {row[0]: row[1:] for row in layer_rows(["lwtnn", "numba"])}
    assert rows["dense"] == ["yes", "yes"]
    assert rows["lstm"] == ["in part", "numpy"]
    assert rows["activation mish"] == ["no", "yes"]
    assert rows["activation swish"] == ["rewritten", "yes"]


def test_the_matrix_has_a_row_for_every_layer_and_every_contract() -> None:
    rows = {row[0] for row in layer_rows(["numba"])}
    assert {f"activation {name}" for name in activations} <= rows
    assert set(layers) - {"activation"} <= rows
    assert [row[0] for row in contract_rows()] == [f"`{name}`" for name in contracts]
