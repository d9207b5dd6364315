"""Fill the C++ templates: jinja2 with filters for literals and comments."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from caloexport.converters.cpp import literals
from caloexport.cpp_snippets import folder

if TYPE_CHECKING:
    import jinja2

SYSTEM_INCLUDE = re.compile(r"^#include <([\w./]+)>", re.MULTILINE)


def render(template: str, variables: Mapping[str, Any]) -> str:
    """Return a filled template.

    Args:
        template: path below ``cpp_snippets``.
        variables: that it names; one that is missing is an error of ours.
    """
    return _environment().get_template(template).render(**variables)


def fragment(path: str) -> str:
    """Return a C++ file as it stands in a larger one: without its guard and includes."""
    return without_guard((folder() / path).read_text())


def without_guard(text: str) -> str:
    """Return the text of a C++ file without its guard and includes."""
    lines = text.splitlines()
    kept = [line for line in lines if not line.startswith(("#pragma once", "#include"))]
    return "\n".join(kept).strip("\n")


def system_includes(*paths: str, also: Iterable[str] = ()) -> list[str]:
    """Return the standard headers that fragments include, and others, in order."""
    found = set(also)
    for path in paths:
        found |= set(SYSTEM_INCLUDE.findall((folder() / path).read_text()))
    return sorted(found)


def comment(text: str) -> str:
    """Return a text that cannot end a comment or begin a new line of code.

    >>> comment("a*/b")
    'a* /b'
    """
    return " ".join(str(text).replace("*/", "* /").replace("\\", "/").split())


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder()),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # C++, not HTML; strings pass through filters
        keep_trailing_newline=True,
        line_statement_prefix="//%",  # a comment in files that are C++ before they are filled
    )
    environment.filters |= {
        "double": literals.double,
        "single": literals.single,
        "string": literals.string,
        "comment": comment,
    }
    environment.globals |= {"fragment": fragment, "system_includes": system_includes}
    return environment
