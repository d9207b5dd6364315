"""Programs that make showers with a library, against the reference."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from caloexport.converters.cpp.references import SEED, STEPS
from caloexport.converters.open import open_model
from caloexport.runtime.arrays import Array
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import spread

PROGRAM = Path(__file__).parent / "programs" / "showers_in_threads.cc"


def reference_energies(artifact: Path) -> Array:
    """Return the reference showers of an artifact, (4, cells) in MeV."""
    generator = open_model(artifact)
    assert generator.sampling is not None
    conditions = generator.sampling.conditions
    showers = []
    for number, step in enumerate(STEPS):
        given = {one.name: spread(one, turn)[step] for turn, one in enumerate(conditions)}
        showers.append(generator.sample(1, seed=SEED, first=number, **given).reshape(1, -1))
    return np.concatenate(showers)


def require_same_showers(printed: str, artifact: Path) -> None:
    """Hold what PROGRAM printed against the reference, and its threads against each other."""
    rounds, *threads, agree, shower, cost, no_engine, outside = printed.splitlines()
    assert rounds == "0 showers differ from round to round"
    made = np.array([[float.fromhex(word) for word in line.split()] for line in threads])
    expected = reference_energies(artifact)
    showers = made.reshape(4, *expected.shape)
    assert (showers == showers[0]).all(), "the showers depend on the thread"
    difference = compare(showers[0], expected, "float32")
    assert difference.equal, difference
    assert agree.startswith("4 of 4 reference showers agree (")
    assert shower.startswith("a shower of ")
    assert cost.endswith(f" us per shower of {expected.shape[1]} cells")
    assert no_engine == "the source of random numbers is null"
    assert outside == "a condition is outside the trained range"


def refusal(program: Path, *arguments: str | Path, chatty: bool = False) -> str:
    """Return the one line that a program says when it refuses, with the exit code 1.

    Args:
        program: that prints errors to stderr.
        arguments: of the program.
        chatty: whether its library writes a log there, too; then the line is the last one.
    """
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1, f"{command} gave {done.returncode}\n{done.stdout}{done.stderr}"
    lines = done.stderr.strip().splitlines()
    assert chatty or len(lines) == 1, done.stderr
    return lines[-1]
