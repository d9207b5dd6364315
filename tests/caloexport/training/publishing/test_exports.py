from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.training.publishing.exports import Export, read_exports


def test_a_list_names_target_contract_precision_and_fixes(tmp_path: Path) -> None:
    (tmp_path / "exports.toml").write_text(
        '[[file]]\ntarget = "onnx"\ncontract = "par04-vae"\nfixes = ["geometry=siw"]\n'
        '[[file]]\ntarget = "numba"\nprecision = "bfloat16"\n'
    )
    assert read_exports(tmp_path) == [
        Export("onnx", "par04-vae", fixes=("geometry=siw",)),
        Export("numba", precision="bfloat16"),
    ]


@pytest.mark.parametrize("text", [None, "file = 3", "[[file]]\nformat = 'onnx'", "[[file"])
def test_another_file_is_refused(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "exports.toml").write_text(text)
    with pytest.raises(InputFileError, match="lists no files of a release"):
        read_exports(tmp_path)
