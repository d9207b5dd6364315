"""Fuzz one reader, guided by the coverage of its code.

    python scripts/fuzz.py FORMAT SECONDS [FOLDER]

FORMAT is one of those of ``tests/malformed/corpus.py``, whose files are the seeds. A reader may
refuse what it is given with an error of caloexport; any other exception, a crash or a file that
takes more than ten seconds is a finding, printed and kept in FOLDER (default: fuzz-findings).
What was found goes to ``tests/malformed/found/`` once it is fixed, where a test replays it.
Needs atheris, which runs on Linux and macOS: pip install --group fuzz.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import traceback
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["caloexport"]):
    from caloexport.converters.open import format_of
    from caloexport.converters.readers import Choices, readers
    from caloexport.runtime.errors import CaloexportError
    from tests.malformed.corpus import FORMATS, good_files, put

#: by the clock, on a machine that does other things, too
SECONDS_PER_FILE = 10
#: where findings ended, so that each is reported once
SEEN: set[str] = set()
#: larger files only slow the search down
LONGEST = 20_000


def main() -> None:
    """Fuzz the reader that the command line names."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    findings = Path(sys.argv[3] if len(sys.argv) > 3 else "fuzz-findings").absolute()
    findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        options = good_files(name, seeds)
        place = Path(folder) / "fuzzed"

        def one(data: bytes) -> None:
            put(name, place, data)
            _read(place, data, findings, options)

        with atheris.instrument_imports(include=["caloexport"]):
            for seed in seeds.iterdir():
                one(seed.read_bytes())  # the first file of a format imports what reads it
        arguments = [
            sys.argv[0],
            str(seeds),
            f"-max_total_time={seconds}",
            f"-timeout={SECONDS_PER_FILE}",
            f"-max_len={LONGEST}",
            "-rss_limit_mb=4000",
            "-print_final_stats=1",
            f"-artifact_prefix={findings}{os.sep}{FORMATS[name].__name__.split('.')[-1]}-",
        ]
        atheris.Setup(arguments, one)
        atheris.Fuzz()


def _read(path: Path, data: bytes, findings: Path, options: Choices) -> None:
    """Read a file; keep and report the first that ends at a place in no error of ours."""
    try:
        readers[format_of(path)].read(path, options)
    except (CaloexportError, MemoryError):
        return
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        if where in SEEN:
            return
        SEEN.add(where)
        kept = findings / hashlib.sha256(data).hexdigest()[:12]
        kept.write_bytes(data)
        sys.stderr.write(f"FOUND {kept.name}: {type(error).__name__}: {error!s:.200} at {where}\n")


if __name__ == "__main__":
    main()
