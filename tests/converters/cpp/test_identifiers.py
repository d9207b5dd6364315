from __future__ import annotations

import pytest

from caloexport.converters.cpp.identifiers import KEYWORDS, TAKEN, identifier, identifiers

NAMES = ["", "1", "a b", "ü", "class", "__x", "a" * 500, "*/", "π 3", "std", "caloexport", "linux"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_becomes_an_identifier(name: str) -> None:
    word = identifier(name)
    assert word.isidentifier()
    assert word.isascii()
    assert "__" not in word  # kept for the compiler
    assert word not in KEYWORDS | TAKEN


def test_different_names_get_different_identifiers() -> None:
    words = identifiers(["a", "a", "a!", "a_2"])
    assert len(set(words)) == 4
