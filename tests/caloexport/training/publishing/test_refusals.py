"""What publishing refuses before it measures anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from caloexport.runtime.errors import OutputFileError, UnsupportedError
from caloexport.training.publishing.publish import (
    FILES,
    ONLY_TRAINABLE,
    card_of,
    main,
    require_own_place,
)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text("an earlier one")
    require_own_place(tmp_path)
    require_own_place(tmp_path / "new")
    for name in ONLY_TRAINABLE:
        (tmp_path / name).write_text("an earlier one, to be adapted")
    require_own_place(tmp_path, trainable=True)
    with pytest.raises(OutputFileError, match=r"holds 'config\.toml', which would be lost"):
        require_own_place(tmp_path)
    for name in ONLY_TRAINABLE:
        (tmp_path / name).unlink()
    (tmp_path / "history.jsonl").write_text("of a run")
    with pytest.raises(OutputFileError, match=r"holds 'history\.jsonl', which would be lost"):
        require_own_place(tmp_path)


@pytest.mark.parametrize("family", ["nobodys", "../recipe", "/etc/hostname"])
def test_a_family_without_a_card_is_told(family: str) -> None:
    with pytest.raises(UnsupportedError, match="only for atlas-vae, fastv, fastv-meta, wgan-gp"):
        card_of(family)
    assert card_of("fastv").startswith("#")


def test_mistakes_are_told_in_a_line(tmp_path: Path) -> None:
    listed = tmp_path / "exports.toml"
    listed.write_text('[[file]]\ntarget = "numba"\n')
    given = [str(tmp_path / "run"), "-o", str(tmp_path / "model"), "--exports", str(listed)]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 3
    assert str(tmp_path / "run") in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "model").exists()
    result = CliRunner().invoke(main, [*given, "--untrained", "5"])
    assert result.exit_code == 2
