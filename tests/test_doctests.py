"""The examples in the docstrings."""

from __future__ import annotations

import doctest
import importlib

import pytest

from tests.house import modules

EXAMPLES = [name for name, path in modules().items() if ">>>" in path.read_text()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
