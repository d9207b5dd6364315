"""What the generated decoder says to damaged weights, wrong conditions and wrong compilers."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.runtime.generator import Generator
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from tests.cpp.compiling import SANITIZED, Compiler, run
from tests.cpp.decoders import Written, decoders, generator

__all__ = ["decoders"]
pytestmark = pytest.mark.system
SOURCE = Path(__file__).parent / "programs" / "decoder.cc"
REFUSED = 3


@pytest.fixture(scope="module")
def header(decoders: Written) -> Path:
    return decoders("cylinder", "float32", False)


@pytest.fixture(scope="module")
def program(compiler: Compiler, header: Path) -> Path:
    """The program under the sanitizers: no damage may lead to a wrong access."""
    return compiler.program([SOURCE], includes=[header.parent], flags=SANITIZED)


@pytest.fixture(scope="module")
def weights(header: Path) -> bytes:
    return header.with_suffix(".safetensors").read_bytes()


def header_bytes(data: bytes) -> int:
    return 8 + int.from_bytes(data[:8], "little")


def swapped(data: bytes) -> bytes:
    """Return the file with its length field as a machine of the other byte order writes it."""
    return data[:8][::-1] + data[8:]


def changed(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :]


#: what is done to the weights file, and what the decoder says
DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda data: b"", "is empty"),
    "shorter than its first field": (lambda data: data[:5], "is truncated: it has 5 bytes"),
    "cut in its description": (lambda data: data[: header_bytes(data) - 70], "is truncated"),
    "cut in its numbers": (lambda data: data[:-64], "is truncated"),
    "cut behind its description": (lambda data: data[: header_bytes(data)], "is truncated"),
    "longer": (lambda data: data + b"\0", "has bytes behind its end"),
    "of the other byte order": (swapped, "byte order of another machine"),
    "another kind of file": (lambda data: b"\x89HDF\r\n\x1a\n" + data[8:64], "no weights file"),
    "its length field": (lambda data: changed(data, 0), "another export of the same model"),
    "its description": (lambda data: changed(data, 9), "no weights file|description is damaged"),
    "its first weight": (lambda data: changed(data, header_bytes(data)), "are not those that"),
    "its last number": (lambda data: changed(data, len(data) - 1), "are not those that"),
    "a sign": (lambda data: changed(data, header_bytes(data) + 1003), "are not those that"),
    "all zeros": (lambda data: bytes(len(data)), "no weights file"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_in_one_line(
    damage: str, program: Path, weights: bytes, tmp_path: Path
) -> None:
    change, told = DAMAGES[damage]
    path = tmp_path / "w.safetensors"
    path.write_bytes(change(weights))
    said = run(program, path, status=REFUSED)
    assert said.startswith(f"{path}: ")
    assert said.count("\n") == 1
    assert any(one in said for one in told.split("|")), said


def test_what_is_no_file_is_refused(program: Path, tmp_path: Path) -> None:
    assert "No such file" in run(program, tmp_path / "nothing", status=REFUSED)
    assert "not a regular file" in run(program, tmp_path, status=REFUSED)
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in run(program, tmp_path / "pipe", status=REFUSED, seconds=5)
    assert "not a regular file" in run(program, "/dev/null", status=REFUSED)


def test_another_export_is_named(program: Path, header: Path, tmp_path: Path) -> None:
    other = export(generator("layered"), "numba", tmp_path / "b.safetensors", verify=False)
    said = run(program, other.path, status=REFUSED)
    assert "another export" in said
    assert other.generator.manifest.hash in said
    assert generator("cylinder").manifest.hash in said


def test_another_export_of_the_same_model_is_told(program: Path, tmp_path: Path) -> None:
    one = generator("cylinder")
    later = Generator.from_network(
        one.network, one.sampling, name=one.manifest.name, provenance={"created": "later"}
    )
    assert later.manifest.hash == one.manifest.hash
    path = export(later, "numba", tmp_path / "b.safetensors", verify=False).path
    assert "same model" in run(program, path, status=REFUSED)


def test_replaced_weights_are_noticed(
    program: Path, header: Path, weights: bytes, tmp_path: Path
) -> None:
    """The description stays the same, byte for byte, and the numbers are another model's."""
    arrays, metadata = read_safetensors(header.with_suffix(".safetensors"))
    path = tmp_path / "w.safetensors"
    write_safetensors(path, arrays, metadata)
    assert path.read_bytes() == weights
    arrays["last.kernel"] = arrays["last.kernel"] * 2
    write_safetensors(path, arrays, metadata)
    assert "damaged or replaced" in run(program, path, status=REFUSED)


def test_the_whole_file_is_taken_by_any_path(program: Path, header: Path, tmp_path: Path) -> None:
    path = header.with_suffix(".safetensors")
    (tmp_path / "link").symlink_to(path)
    for place in (path, tmp_path / "link"):
        assert "16 of 16 test vectors and 4 of 4 reference showers agree" in run(program, place)


@pytest.mark.parametrize(
    ("asked", "told"), [("sse9", "known are portable, avx2 and avx512"), ("AVX2", "known are")]
)
def test_instructions_that_do_not_exist_are_refused(
    asked: str, told: str, program: Path, header: Path
) -> None:
    wrong = {"CALOEXPORT_INSTRUCTIONS": asked}
    path = header.with_suffix(".safetensors")
    said = run(program, path, status=REFUSED, environment=wrong)
    assert asked in said
    assert told in said


def test_random_numbers_come_from_anywhere_but_null(program: Path, header: Path) -> None:
    said = run(program, header.with_suffix(".safetensors"), "callbacks").splitlines()
    assert said[:-1] == [
        "engine: ok, energy, cells agree",
        "lambda: ok, energy, cells agree",
        "function pointer: ok, energy, cells agree",
        "function object: ok, energy, cells agree",
        "seed: ok, energy, cells agree",
        "null pointer: the source of random numbers is null, empty, cells agree",
        "null function: the source of random numbers is null, empty, cells agree",
        "null latents: the source of random numbers is null, empty, cells agree",
        "latents: ok, energy, cells agree",
    ]


def test_the_caller_chooses_what_happens_beyond_the_range(program: Path, header: Path) -> None:
    said = run(program, header.with_suffix(".safetensors"), "policies").splitlines()
    assert said[:-1] == [
        "error: a condition is outside the trained range, empty, cells agree",
        "clamp: ok, energy, cells agree",
        "moved to the end: yes",
        "extrapolate: ok, energy, cells agree",
        "moved to the end: no",
        "nothing set: a condition was not set, or is not a finite number, empty, cells agree",
        "negative: an energy is negative, empty, cells agree",
    ]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["-std=c++14"], "needs C++17"),
        (["-std=c++17", "-U__GNUC__"], "compile with g++ or clang++"),
        (["-std=c++17", "-U__BYTE_ORDER__"], "little-endian"),
    ],
)
def test_a_wrong_compiler_is_told(
    flags: list[str], told: str, compiler: Compiler, header: Path
) -> None:
    said = compiler.refusal(header, "-x", "c++", "-w", *flags)
    assert told in said
