from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.bench.workloads import workloads
from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.runtime.errors import OutputFileError, UnknownName, UsageError


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("artifact") / "w3b.json"
    export(workloads["W3b"](), "lwtnn", path)
    return path


def test_the_folder_is_complete(artifact: Path, tmp_path: Path) -> None:
    written = write_snippets("physics", artifact, tmp_path / "physics")
    assert {"w3b.json", "w3b.manifest.safetensors", "generator.h", "README.md"} <= set(
        written.files
    )
    assert '"w3b.json"' in (written.folder / "generator.h").read_text()


def test_a_folder_with_other_files_is_left_alone(artifact: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputFileError, match=r"mine\.txt"):
        write_snippets("physics", artifact, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_the_artifact_is_not_replaced(artifact: Path) -> None:
    with pytest.raises(UsageError, match="lies in the folder"):
        write_snippets("physics", artifact, artifact.parent)


def test_unknown_snippets_are_named(artifact: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="fantasy"):
        write_snippets("fantasy", artifact, tmp_path / "x")
