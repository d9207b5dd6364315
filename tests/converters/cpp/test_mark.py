from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.cpp.mark import HEAD_BYTES, Mark, is_marked, read_mark
from caloexport.runtime.errors import InputFileError


@pytest.mark.parametrize("weights", [None, "siw.safetensors", 'a "b"\\ü\n*/.safetensors'])
def test_what_is_written_is_read(weights: str | None, tmp_path: Path) -> None:
    path, mark = tmp_path / "a.h", Mark("ab" * 32, weights, 7)
    path.write_text(f"// first\n// {mark}\n#error\n")
    assert read_mark(path) == mark
    assert is_marked(path)
    assert str(mark).isprintable()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "// caloexport.cpp/1",
        "// caloexport.cpp/1 {",
        "// caloexport.cpp/1 []",
        "// caloexport.cpp/1 null",
        '// caloexport.cpp/1 {"manifest_sha256": "a", "weights": null}',
        '// caloexport.cpp/1 {"manifest_sha256": 1, "weights": null, "n_bytes": 1}',
        '// caloexport.cpp/1 {"manifest_sha256": "a", "weights": [], "n_bytes": 1}',
        '// caloexport.cpp/1 {"manifest_sha256": "a", "weights": null, "n_bytes": "1"}',
        '// caloexport.cpp/1 {"manifest_sha256": "a", "weights": null, "n_bytes": 1, "x": 1}',
        "// caloexport.cpp/1 " + "[" * 3000,
    ],
)
def test_another_line_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "a.h"
    path.write_text(f"// first\n{line}\n")
    with pytest.raises(InputFileError, match=r"not a header|were changed"):
        read_mark(path)


def test_a_mark_far_inside_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.h"
    path.write_text("\n" * HEAD_BYTES + f"// {Mark('a', None, 1)}\n")
    assert not is_marked(path)
    assert not is_marked(tmp_path)
    assert not is_marked(tmp_path / "nothing")
