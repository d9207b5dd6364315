from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from caloexport.processes.lock import locked
from caloexport.runtime.errors import OutputFileError

HOLD = """
import sys, time
from pathlib import Path
from caloexport.processes.lock import locked
with locked(Path(sys.argv[1]), "a.h5", "simulation"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_at_a_time_and_the_message_names_the_other(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        locked(path, "a.h5", "simulation"),
        pytest.raises(
            OutputFileError, match=rf"another simulation .*process {os.getpid()}.*another -o"
        ),
        locked(path, "a.h5", "simulation"),
    ):
        pass
    with locked(path, "a.h5", "simulation"):
        assert path.read_text() == str(os.getpid())


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(OutputFileError, match=f"process {holder.pid}"),
            locked(path, "a.h5", "simulation"),
        ):
            pass
        holder.kill()
    with locked(path, "a.h5", "simulation"):
        pass


def test_a_lock_whose_file_was_deleted_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, "a.h5", "simulation"):
        path.unlink()
        with locked(path, "a.h5", "simulation"):  # nobody holds the file that is there now
            assert path.exists()


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(OutputFileError, match=r"a.h5: cannot be locked: No locks available"),
        locked(tmp_path / "lock", "a.h5", "simulation"),
    ):
        pass


def test_a_lock_in_a_folder_that_has_gone(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputFileError, match=r"cannot be locked: No such file"),
        locked(tmp_path / "gone" / "lock", "a.h5", "simulation"),
    ):
        pass
