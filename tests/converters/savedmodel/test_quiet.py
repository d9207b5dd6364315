"""TensorFlow starts without a word, but for words of its own that matter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

START_UP = (
    "WARNING: All log messages before absl::InitializeLog() are\nI0000 00:0.1 port.cc:153] on\n"
)


def imported(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Import, in a process of its own, a stand-in that writes what the C++ of TensorFlow does."""
    without = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    text = f"import os\nos.write(2, {START_UP.encode() + b'E0000 cannot go on'!r})\n"
    (folder / "tensorflow.py").write_text(text)
    code = (
        "import os, sys\n"
        "from caloexport.converters.savedmodel.quiet import import_tensorflow\n"
        "print(import_tensorflow().__name__)\n"
        "os.write(2, b'|I0000 later')\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**without, "PYTHONPATH": str(folder), **settings},
        capture_output=True,
        text=True,
        check=True,
    )


def test_start_up_lines_are_held_back_and_errors_are_not(tmp_path: Path) -> None:
    done = imported(tmp_path)
    assert done.stdout == "tensorflow\n"
    assert done.stderr == "E0000 cannot go on|I0000 later"


def test_a_user_who_sets_the_level_sees_everything(tmp_path: Path) -> None:
    done = imported(tmp_path, TF_CPP_MIN_LOG_LEVEL="0")
    assert done.stderr == f"{START_UP}E0000 cannot go on|I0000 later"
