"""Counters of energy, in a folder like the kernel's."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.bench.energy import EnergyMeter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in (("intel-rapl:0", 100), ("intel-rapl:1", 50), ("intel-rapl:0:0", 7)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "energy_uj").write_text(f"{value}\n")
        (tmp_path / name / "max_energy_range_uj").write_text("1000\n")
    return tmp_path


def test_packages_are_added_and_their_parts_are_not(folder: Path) -> None:
    meter = EnergyMeter(folder)
    before = meter.read()
    assert before == (100, 50)
    (folder / "intel-rapl:0" / "energy_uj").write_text("160")
    (folder / "intel-rapl:1" / "energy_uj").write_text("55")
    assert meter.used(before) == 65.0


def test_a_counter_that_began_anew(folder: Path) -> None:
    meter = EnergyMeter(folder)
    before = meter.read()
    (folder / "intel-rapl:0" / "energy_uj").write_text("30")
    assert meter.used(before) == 930.0


def test_a_machine_that_does_not_tell(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        assert EnergyMeter(folder).read() is None
        assert EnergyMeter(folder).used(None) is None


def test_counters_that_may_not_be_read(folder: Path) -> None:
    (folder / "intel-rapl:0" / "energy_uj").unlink()
    assert EnergyMeter(folder).read() is None
