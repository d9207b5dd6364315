from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.simulation.crew.record import (
    HEADER,
    RecordWriter,
    decode,
    encode,
    places,
    read_record,
)
from caloexport.simulation.primary import Primary
from caloexport.simulation.simulated import Simulated


def shower(number: int) -> Simulated:
    cells = np.zeros(200, dtype=np.float32)
    cells[number : number + 50] = np.float32(1 / 3) * (1 + number)
    return Simulated(
        number,
        Primary(22, 1000.1 + number, 1.2, (0.5, -0.25), {"impact_eta": 0.1}),
        0.125,
        990.3,
        30.7,
        {"a": cells, "empty": np.zeros(5, dtype=np.float32)},
        {"a": 900.9, "empty": 0.0},
        cpu_s=1.0,
    )


def written(path: Path, numbers: list[int]) -> None:
    with RecordWriter(path) as writer:
        for number in numbers:
            writer.append(shower(number))


def test_a_record_gives_back_every_bit(tmp_path: Path) -> None:
    path = tmp_path / "records-0.bin"
    written(path, [7, 2])
    found = places(path)
    assert list(found) == [7, 2]
    there, made = read_record(7, found[7]), shower(7)
    assert there.primary == made.primary
    assert (there.upstream_mev, there.deposited_mev, there.active_mev) == (0.125, 990.3, 30.7)
    assert there.inside_mev == made.inside_mev
    index, energies = there.cells["a"]
    assert np.array_equal(index, np.arange(7, 57))
    assert np.array_equal(energies, made.energies["a"][7:57])
    assert len(there.cells["empty"][0]) == 0


def test_a_record_does_not_tell_how_long_it_took() -> None:
    assert encode(shower(1)) == encode(replace(shower(1), cpu_s=99.0))


def test_a_record_may_be_read_without_its_file() -> None:
    record = encode(shower(4))
    assert decode(4, record[HEADER.size :]).number == 4


@pytest.mark.parametrize("kept", [1, HEADER.size - 1, HEADER.size, HEADER.size + 40, -1])
def test_a_torn_end_is_cut_off(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "records-0.bin"
    written(path, [0, 1])
    whole = path.read_bytes()
    written(path, [2])
    last = path.read_bytes()[len(whole) :]
    path.write_bytes(whole + last[:kept])
    assert set(places(path)) == {0, 1}
    assert path.read_bytes() == whole
    written(path, [2])
    assert path.read_bytes() == whole + last


@pytest.mark.parametrize("place", [3, 10, 18, 40])
def test_what_follows_a_damaged_record_is_not_trusted(tmp_path: Path, place: int) -> None:
    path = tmp_path / "records-0.bin"
    written(path, [0])
    first = path.read_bytes()
    written(path, [1, 2])
    data = bytearray(path.read_bytes())
    data[len(first) + place] ^= 0x40
    path.write_bytes(data)
    assert set(places(path)) == {0}
    assert path.read_bytes() == first


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "records-0.bin"
    written(path, [0])
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            written(path, [1])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
