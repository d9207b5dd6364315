"""The latents of the C++ headers have the bits of those in Python, however they are compiled."""

from __future__ import annotations

import itertools
import platform
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.arrays import Array
from caloexport.runtime.noise import NoiseLaw, gaussian_pair
from tests.cpp.compiling import Compiler, run

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
PHYSICS = ROOT / "cpp_snippets" / "physics"
PROGRAM = ROOT / "tests" / "cpp" / "programs" / "noise.cc"
#: the last two may fuse, the last one reorder as well, and estimate roots
OPTIONS = ["-O0", "-O2", "-O3 -march=native", "-O2 -ffast-math", "-Ofast -march=native"]
LAWS = [("normal", 0.0, 1.0), ("normal", 0.3, 0.7), ("uniform", -1.0, 1.0), ("uniform", 0.1, 0.7)]
SEEDS = [0, 1, 2**64 - 1]
SHOWERS = [0, 2**32, 2**63 - 1]
SIZES = [*range(1, 34), 300]
#: ln 1 and the smallest uniform number, where the conversion to float32 rounds, all quadrants
EDGES = [0, 1, 2**24 + 1, 2**24 + 3, 2**30 - 1, 2**30, 2**31 - 1, 2**31, 3 * 2**30, 2**32 - 129,
         2**32 - 128, 2**32 - 1, 0x5A827999, 0xB504F333]  # fmt: skip


def bits(drawn: Array) -> str:
    return " ".join(f"{word:08x}" for word in drawn.astype(np.float32).view(np.uint32).ravel())


def printed(compiler: Compiler, options: str, cases: list[str], folder: Path) -> list[str]:
    """Return the lines that the program prints for some cases."""
    optimisation, *flags = options.split()
    program = compiler.program(
        [PROGRAM], includes=[PHYSICS], optimisation=optimisation, flags=flags
    )
    file = folder / "cases"
    file.write_text("\n".join(cases))
    return [line.strip() for line in run(program, file).splitlines()]


@pytest.mark.parametrize("options", OPTIONS)
def test_latents_have_the_bits_of_python(compiler: Compiler, options: str, tmp_path: Path) -> None:
    cases, expected = [], []
    for (law, a, b), seed, shower in itertools.product(LAWS, SEEDS, SHOWERS):
        scale = b if law == "normal" else np.float32(b - a)
        cases += [f"{law} {seed} {shower} {size} {a} {scale}" for size in SIZES]
        expected += [bits(NoiseLaw(size, law, a, b).draw(1, seed, shower)) for size in SIZES]
    assert printed(compiler, options, cases, tmp_path) == expected


@pytest.mark.parametrize("options", OPTIONS)
def test_normals_of_rare_words_have_the_bits_of_python(
    compiler: Compiler, options: str, tmp_path: Path
) -> None:
    some = np.random.default_rng(1).integers(0, 2**32, (1000, 2)).tolist()
    pairs = np.array([*itertools.product(EDGES, EDGES), *some], dtype=np.uint32)
    expected = [bits(np.array(z)) for z in zip(*gaussian_pair(*pairs.T), strict=True)]
    cases = [f"pair {radius} {angle}" for radius, angle in pairs]
    assert printed(compiler, options, cases, tmp_path) == expected


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86 has floats of 80 bits")
def test_floats_that_are_not_rounded_are_refused(any_compiler: Compiler) -> None:
    refusal = any_compiler.refusal(PHYSICS / "noise.h", "-mfpmath=387")
    assert "floats must be rounded to 32 bits" in refusal
