from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError, UnknownName
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


@pytest.mark.parametrize(
    "text",
    [
        None, "file = 3", "file = ['onnx']", "[[file]]\nformat = 'onnx'", "[[file", b"\xff\xfe",
        "[[file]]\ntarget = 3", "[[file]]\ntarget = 'onnx'\nfixes = 'geometry=siw'",
    ],
)  # fmt: skip
def test_another_file_is_refused(text: str | bytes | None, tmp_path: Path) -> None:
    if text is not None:
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "exports.toml").write_bytes(content)
    with pytest.raises(InputFileError, match="lists no files of a release"):
        read_exports(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        'target = "onxx"',
        'target = "onnx"\ncontract = "par05"',
        'target = "numba"\nprecision = "int9"',
    ],
)
def test_names_that_are_none_are_refused_before_work(line: str, tmp_path: Path) -> None:
    (tmp_path / "exports.toml").write_text(f"[[file]]\n{line}\n")
    with pytest.raises(UnknownName):
        read_exports(tmp_path)


def test_one_file_twice_would_replace_itself(tmp_path: Path) -> None:
    (tmp_path / "exports.toml").write_text(2 * '[[file]]\ntarget = "onnx"\n')
    with pytest.raises(InputFileError, match="names one file twice: onnx"):
        read_exports(tmp_path)
