"""Fixtures for C++ that is made from small generators."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from caloexport.runtime.generator import Generator
from tests.cpp import generators
from tests.cpp.fixtures import any_compiler, compiler, onnxruntime
from tests.cpp.snippet_folders import make_snippet_folder

__all__ = ["any_compiler", "compiler", "onnxruntime"]


class SnippetFolder(Protocol):
    """Makes the folder of a snippet, once for all tests."""

    def __call__(
        self,
        name: str,
        target: str,
        generator: str = "cylinder",
        contract: str | None = None,
        **choices: str,
    ) -> Path: ...


@pytest.fixture(scope="session")
def cylinder_generator() -> Generator:
    """Par04's conditions, 4 x 6 x 5 cells."""
    return generators.cylinder()


@pytest.fixture(scope="session")
def layered_generator() -> Generator:
    """FastCaloSim's condition, two layers of voxels."""
    return generators.layered()


@pytest.fixture(scope="session")
def snippet_folder(tmp_path_factory: pytest.TempPathFactory) -> SnippetFolder:
    """A function that returns what ``caloexport snippets`` writes for a small generator."""
    made: dict[tuple[str, ...], Path] = {}

    def folder(
        name: str,
        target: str,
        generator: str = "cylinder",
        contract: str | None = None,
        **choices: str,
    ) -> Path:
        case = (name, target, generator, contract or "", *map("=".join, choices.items()))
        if case not in made:
            place = tmp_path_factory.mktemp("-".join(case), numbered=True)
            made[case] = make_snippet_folder(name, target, generator, place, contract, choices)
        return made[case]

    return folder
