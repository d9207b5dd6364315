"""Private and shared memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.bench.memory import Memory, memory

ROLLUP = """556e06274000-7ffe1ac31000 ---p 00000000 00:00 0                          [rollup]
Rss:               30000 kB
Pss:               12000 kB
Pss_Dirty:           116 kB
Shared_Clean:      15000 kB
Private_Clean:      5000 kB
Private_Dirty:     10000 kB
Anonymous:         10000 kB
KSM:                   0 kB
"""


def test_mapped_files_are_shared_even_when_nobody_else_maps_them(tmp_path: Path) -> None:
    path = tmp_path / "smaps_rollup"
    path.write_text(ROLLUP)
    found = memory(path)
    assert found.private == pytest.approx(10.24)
    assert found.shared == pytest.approx(20.48)
    assert found.resident == pytest.approx(30.72)
    assert found.proportional == pytest.approx(12.288)


def test_without_the_kernels_word_only_the_whole_is_known(tmp_path: Path) -> None:
    found = memory(tmp_path / "missing")
    assert found.resident > 0
    assert (found.private, found.shared, found.proportional) == (None, None, None)


def test_what_was_added() -> None:
    assert Memory(5.0, 3.0, 2.0, 4.0).since(Memory(1.0, 1.0, 0.0)) == Memory(4.0, 2.0, 2.0, None)
