from __future__ import annotations

import os
from pathlib import Path

import pytest

from caloexport.runtime.errors import CaloexportError, InputFileError, MissingDependency, UsageError
from caloexport.training.tune.storage import mend, open_storage, shown
from caloexport.training.tune.study import FAILED, FINISHED, RUNNING, Study

pytest.importorskip("optuna")


def study(storage: str | None, folder: Path, *, resume: bool = False) -> Study:
    return Study("search", open_storage(storage, folder), 1, "me", resume=resume)


@pytest.mark.parametrize("storage", [None, "trials.log", "sqlite:///trials.db"])
def test_trials_are_there_again_when_the_storage_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, storage: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    first = study(storage, tmp_path)
    for value in (0.5, 0.25):
        first.propose({"x": value})
    for _ in range(2):
        trial = first._study.ask()
        first.note_scores(trial.number, [trial.suggest_float("x", 0, 1)])
        first.finish(trial.number, trial.params["x"])
    first.fail(first._study.ask().number, "no memory")
    first._study.ask()
    found = study(storage, tmp_path, resume=True).trials()
    assert [trial.how for trial in found] == [FINISHED, FINISHED, FAILED, RUNNING]
    assert [trial.score for trial in found[:2]] == [0.5, 0.25]
    assert found[1].parameters == {"x": 0.25}
    assert found[1].scores == (0.25,)
    assert found[2].reason == "no memory"


def test_a_study_that_is_there_is_not_begun_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/trials.db"
    study(url, tmp_path)
    with pytest.raises(UsageError, match=r"holds a study 'search' already .*choose another -o"):
        study(url, tmp_path)


def test_a_study_that_is_not_there_is_not_resumed(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="holds no study 'search'"):
        study(f"sqlite:///{tmp_path}/trials.db", tmp_path, resume=True)


def test_a_journal_torn_by_a_kill_is_mended(tmp_path: Path) -> None:
    study(None, tmp_path)._study.ask()
    journal = tmp_path / "journal.log"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"op_code": 5, "worker')
    (tmp_path / "journal.log.lock").symlink_to(journal)  # its writer held the lock
    again = study(None, tmp_path, resume=True)
    assert journal.read_bytes() == whole
    again._study.ask()
    assert len(study(None, tmp_path, resume=True).trials()) == 2


def test_mending_leaves_a_whole_journal_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    mend(path)
    assert not path.exists()
    path.write_bytes(b"{}\n{}\n")
    mend(path)
    assert path.read_bytes() == b"{}\n{}\n"


@pytest.mark.parametrize(
    ("url", "hidden"),
    [
        ("postgresql://me:hush@host:5432/db", "postgresql://me:***@host:5432/db"),
        ("mysql+pymysql://me:hu@sh@host/db", "mysql+pymysql://me:***@host/db"),
        ("postgresql://host/db?user=me&password=hush", "postgresql://host/db?user=me&password=***"),
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("trials.log", "trials.log"),
    ],
)
def test_no_password_is_shown(url: str, hidden: str) -> None:
    assert shown(url) == hidden


@pytest.mark.parametrize(
    ("url", "kind", "message"),
    [
        ("oracle+oracledb://me:hush@host/db", MissingDependency, "oracledb is not installed"),
        ("nosuch://me:hush@host/db", UsageError, "not the URL of a database"),
        ("sqlite:////no/such/folder/a.db", InputFileError, "cannot be opened"),
        ("no/such/folder/trials.log", InputFileError, "cannot be opened: No such file"),
    ],
)
def test_a_storage_that_cannot_be_opened_says_why_and_keeps_the_password(
    tmp_path: Path, url: str, kind: type[CaloexportError], message: str
) -> None:
    with pytest.raises(kind, match=message) as caught:
        open_storage(url, tmp_path)
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None or "hush" not in str(caught.value.__cause__)


@pytest.mark.parametrize(
    "content",
    [b"one line", b"not JSON\nat all\n", b"\x89HDF\r\n\x1a\n\x00\xff", b"17\n", b"{}\n", b"[" * 99_999],
)  # fmt: skip
def test_a_file_that_is_no_journal_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=r"notes.txt: is no journal .*does not exist yet"):
        open_storage(str(path), tmp_path)
    assert path.read_bytes() == content


def test_a_journal_is_no_folder_and_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(InputFileError, match="is no journal"):
            open_storage(str(path), tmp_path)


def test_a_journal_with_another_text_in_it_is_not_whole(tmp_path: Path) -> None:
    study(None, tmp_path)
    path = tmp_path / "journal.log"
    whole = path.read_text()
    path.write_text(f"{whole}some\nother\ntext\n")
    with pytest.raises(InputFileError, match=r"journal.log: is not a whole journal"):
        open_storage(str(path), tmp_path)
