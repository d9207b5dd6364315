"""Write the sources that the CMake project compiles: python -m tests.cpp.make_cases FOLDER."""

from __future__ import annotations

import filecmp
import shutil
import sys
from pathlib import Path

from tests.cpp.decoder_cases import write_decoder_cases
from tests.cpp.snippet_folders import make_snippet_folder

FRAGMENTS = Path(__file__).parent / "snippets"


def make_cases(folder: Path) -> None:
    """Make everything anew; a file that comes out the same keeps its time, so nothing is rebuilt.

    Args:
        folder: to fill; what was there before goes.
    """
    fresh, before = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    for place in (fresh, before):
        shutil.rmtree(place, ignore_errors=True)
    make_snippets(fresh / "snippets")
    write_decoder_cases(fresh / "decoders", fresh / "programs.cmake")
    for path in fresh.rglob("*"):
        old = folder / path.relative_to(fresh)
        if path.is_file() and old.is_file() and filecmp.cmp(path, old, shallow=False):
            shutil.copystat(old, path)
    if folder.exists():
        folder.rename(before)
    fresh.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def make_snippets(folder: Path) -> None:
    """Make the folder ``NAME.TARGET.GENERATOR`` of every fragment of that name."""
    for fragment in sorted(FRAGMENTS.glob("*.*.*.cmake")):
        name, target, generator = fragment.stem.split(".")
        place = folder / "made" / fragment.stem
        place.mkdir(parents=True)
        make_snippet_folder(name, target, generator, place).rename(folder / fragment.stem)
    shutil.rmtree(folder / "made", ignore_errors=True)


if __name__ == "__main__":
    make_cases(Path(sys.argv[1]))
