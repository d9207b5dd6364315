"""Which generated decoders are compiled how: every two choices meet in some program."""

from __future__ import annotations

import re
from pathlib import Path

from caloexport.converters.cpp.identifiers import identifier
from caloexport.converters.export import export
from caloexport.converters.targets import Options
from tests.cpp.generators import GENERATORS
from tests.cpp.pairwise import Row, pairwise

#: Instructions that are dispatched at run time are run at every level of the machine, so every level
#: meets everything else; fixed ones are chosen by the macro. The cylinder shares its operations with
#: the others, and is among those that share a program.
FACTORS = {
    "precision": ("float32", "bfloat16", "int8", "int8-a8"),
    "generator": ("layered", "fractions", "operations"),
    "sanitizer": ("none", "memory", "threads"),
    "optimisation": ("-O0", "-O2", "-O3 -march=native"),
    "arithmetic": ("exact", "fast"),
    "instructions": ("dispatched", "avx2"),
    "weights": ("mapped", "embedded"),
    "standard": ("17", "20"),
}
#: decoders that share a program: each in two sources
TOGETHER = (
    {"generator": "cylinder", "precision": "float32", "weights": "mapped"},
    {"generator": "layered", "precision": "int8", "weights": "embedded"},
)


def write_decoder_cases(folder: Path, list_file: Path) -> None:
    """Write the headers of all programs, and the programs as CMake code.

    Args:
        folder: to fill, one folder for each program.
        list_file: a line for each program, a call of ``decoder_program``.
    """
    lines = []
    for row in pairwise(FACTORS):
        name = re.sub(r"\W+", "-", "_".join(("decoder", *row.values())))
        place = folder / name
        place.mkdir(parents=True)
        header = write_decoder(row, place)
        (place / "decoder_case.h").write_text(_case(row, header))
        words = " ".join(f'{factor.upper()} "{row[factor]}"' for factor in FACTORS)
        lines.append(f"decoder_program({name} {words})\n")
    together = folder / "together"
    together.mkdir()
    for row in TOGETHER:
        write_decoder(row, together)
    list_file.write_text("".join(lines))


def write_decoder(row: Row, place: Path) -> Path:
    """Write the header of a generator, and its weights where they are mapped.

    Nothing is verified here: the programs do.
    """
    generator = GENERATORS[row["generator"]]()
    path = place / f"{row['generator']}.h"
    options = Options(embed=row["weights"] == "embedded")
    return export(
        generator, "cpp", path, precision=row["precision"], verify=False, options=options
    ).path


def _case(row: Row, header: Path) -> str:
    name = GENERATORS[row["generator"]]().manifest.name
    mapped = f'#define DECODER_WEIGHTS "{header.stem}.safetensors"\n'
    return (
        f'#pragma once\n#include "{header.name}"\n'
        f"namespace generator = caloexport::{identifier(name)};\n"
        f"{mapped if row['weights'] == 'mapped' else ''}"
    )
