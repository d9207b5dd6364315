"""The decoder that commands use when none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport import shipped


def test_the_first_artifact_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "files", lambda package: tmp_path)
    assert shipped.default_decoder() is None
    folder = tmp_path / "models" / shipped.DEFAULT
    folder.mkdir(parents=True)
    (folder / "decoder.manifest.safetensors").touch()
    assert shipped.default_decoder() is None
    (folder / "decoder.safetensors").touch()
    assert shipped.default_decoder() == folder / "decoder.safetensors"
