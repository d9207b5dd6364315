"""Snippets: C++ around an artifact for one framework or library, one small file each.

The sources are real files, ``cpp_snippets/snippets/NAME/``. Files directly in the folder belong to
every format that the framework loads; those in a sub-folder with the name of a target to that
target. A file that ends in ``.jinja`` is filled in; every other one is copied as it stands and
gets at the generator through ``generator.h``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caloexport.converters.cpp.facts import Facts
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Snippet:
    """Sources for one framework.

    Attributes:
        summary: one line for ``caloexport list snippets``.
        targets: formats that the framework loads.
        contract: that the artifact must have been made for; None takes any artifact.
        page: of the documentation.
        shared: more files, as paths below ``cpp_snippets``.
        shared_of: those of one target only.
        variables: (facts, artifact) -> what the templates need beside ``g``.
        refuse: (facts) -> why the framework cannot use this generator; None when it can.
    """

    summary: str
    targets: tuple[str, ...]
    page: str
    contract: str | None = None
    shared: tuple[str, ...] = ()
    shared_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variables: Callable[[Facts, Path], Mapping[str, Any]] | None = None
    refuse: Callable[[Facts], str | None] | None = None


snippets: Registry[Snippet] = Registry(
    "snippet", "caloexport.converters.snippets", "caloexport.snippets"
)
