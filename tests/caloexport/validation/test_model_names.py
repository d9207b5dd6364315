from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.validation.model_names import distinct_names


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/gan.h5", "b/vae.h5"], ["gan", "vae"]),
        (["a/gan.h5", "b/gan.h5"], ["a-gan", "b-gan"]),
        (["a/gan.h5", "b/gan.h5", "b/vae.h5"], ["a-gan", "b-gan", "vae"]),
        (["gan.h5", "gan.safetensors", "vae.h5"], ["gan.h5", "gan.safetensors", "vae"]),
        (["x/a/gan.h5", "y/a/gan.h5"], ["x-a-gan", "y-a-gan"]),
        (["x/b-gan.h5", "b/gan.h5", "c/gan.h5"], ["1-b-gan", "2-b-gan", "3-c-gan"]),
        (["GAN.h5", "b/gan.h5"], ["%-GAN", "b-gan"]),
    ],
)
def test_names_are_as_short_as_they_can_be(
    paths: list[str], names: list[str], tmp_path: Path
) -> None:
    found = distinct_names([tmp_path / path for path in paths])
    assert found == [name.replace("%", tmp_path.name) for name in names]


def test_a_folder_keeps_what_looks_like_a_suffix(tmp_path: Path) -> None:
    (tmp_path / "run.v2").mkdir()
    assert distinct_names([tmp_path / "run.v2", tmp_path / "run.v1"]) == ["run.v2", "run"]


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    paths = [tmp_path / "gan.h5", tmp_path / "vae.h5", tmp_path / "x" / ".." / "gan.h5"]
    with pytest.raises(UsageError, match="is given twice"):
        distinct_names(paths)
