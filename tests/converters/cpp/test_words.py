from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caloexport.converters.cpp.words import BEGIN, PIECE, read_words, words
from caloexport.runtime.errors import InputFileError


@given(content=st.binary(min_size=1, max_size=200))
def test_what_is_written_is_read(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("words")
    path, header = folder / "w", folder / "w.h"
    path.write_bytes(content)
    header.write_text("".join([f"// 0x0123456789abcdef\n{BEGIN}\n", *words(path), "};\n0x1\n"]))
    assert read_words(header, len(content)) == content


def test_pieces_join_without_a_seam(tmp_path: Path) -> None:
    content = bytes(range(251)) * (2 * PIECE // 251)
    (tmp_path / "w").write_bytes(content)
    (tmp_path / "w.h").write_text("".join([f"{BEGIN}\n", *words(tmp_path / "w")]))
    assert read_words(tmp_path / "w.h", len(content)) == content


def test_the_first_byte_is_the_lowest(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(bytes(range(1, 10)))
    assert list(words(tmp_path / "w")) == ["0x0807060504030201,0x0000000000000009,\n"]


def test_too_few_words_are_told(tmp_path: Path) -> None:
    (tmp_path / "w.h").write_text(f"{BEGIN}\n0x0807060504030201,\n}};\n")
    with pytest.raises(InputFileError, match="holds 8 bytes of weights, its first lines say 9"):
        read_words(tmp_path / "w.h", 9)
