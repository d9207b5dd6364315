"""Format the C++ that stands in files of its own: python scripts/format_cpp.py [--check]."""

from __future__ import annotations

import argparse
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: of the pip package, so that everybody has the same version
PROGRAM = Path(sysconfig.get_path("scripts")) / "clang-format"
FOLDERS = ("cpp_snippets", "tests/cpp")
#: templates are no C++ before they are filled
SUFFIXES = (".h", ".hh", ".icc", ".cc", ".cpp", ".cxx", ".C")


def cpp_files() -> list[Path]:
    """Return every C++ file of ours."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in SUFFIXES)


def main() -> int:
    """Format in place, or say what is not formatted; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail where it would")
    how = ["--dry-run", "-Werror"] if parser.parse_args().check else ["-i"]
    files = cpp_files()
    if not files:
        return 0
    command = [str(PROGRAM), "--style=file", *how, *map(str, files)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
