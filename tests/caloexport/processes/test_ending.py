from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caloexport.processes.ending import how_it_ended, last_words

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", '''
import time
from caloexport.processes.ending import end_with_parent
end_with_parent()
print("alive", flush=True)
time.sleep(60)
'''], stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of that death")
def test_a_worker_dies_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_running(worker)
        parent.kill()
    for _ in range(500):
        if not is_running(worker):
            return
        time.sleep(0.01)
    raise AssertionError


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"


def test_an_unknown_signal_is_told_by_its_number() -> None:
    assert how_it_ended(-125) == "signal 125"


def test_the_last_words_leave_out_empty_lines(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("".join(f"{k}\n\n" for k in range(20)))
    assert last_words(tmp_path / "log").split() == [str(k) for k in range(12, 20)]
