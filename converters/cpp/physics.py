"""The physics header: what a generator means, for programs that run its network themselves."""

from __future__ import annotations

from caloexport.converters.cpp.facts import Facts
from caloexport.converters.cpp.templates import render

#: templates of the headers that every snippet gets
TEMPLATES = ("physics", "check", "artifact_check")


def physics_headers(facts: Facts) -> dict[str, str]:
    """Return the headers of a generator by file name."""
    return {
        f"{facts.identifier}_{name}.h": render(f"physics/{name}.h.jinja", {"g": facts})
        for name in TEMPLATES
    }
