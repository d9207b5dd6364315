"""Generated pages cannot drift from what generates them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from caloexport.bench.validity import credible
from caloexport.converters.contracts import contracts
from caloexport.runtime.activations import activations
from caloexport.runtime.layers import layers
from scripts.speed_table import speed_table
from scripts.support_matrix import contract_rows, layer_rows
from tests.caloexport.bench.recorded import peer_result, result, results

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


def test_the_speed_table_has_one_line_per_engine_and_names_the_machine() -> None:
    hot, cold = result([20.0, 22.0], limit_us=16.0), result([90.0], cache="cold")
    measured = results(hot, cold, result([7.0], batch=256), peer_result([30.0])).to_json()
    caption, _, _, _, ours, peer = speed_table(measured)
    assert "a processor" in caption
    cells = [cell.strip() for cell in ours.strip("|").split("|")]
    assert cells[:4] == ["W1", "numba float32", "21 (22)", "90 (90)"]
    assert cells[4:6] == ["21", "1.31"]
    assert cells[-2:] == ["7", "1 + 16"]
    assert [cell.strip() for cell in peer.strip("|").split("|")][:5] == [
        "W1", "litert float32", "–", "–", "30",
    ]  # fmt: skip


def test_a_withdrawn_limit_has_no_ratio_in_the_speed_table() -> None:
    rows = credible([result([20.0], limit_us=30.0)])
    line = speed_table(results(*rows).to_json())[-1]
    assert line.split("|")[6].strip() == "–"
