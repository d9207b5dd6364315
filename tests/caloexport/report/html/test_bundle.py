"""Scripts are joined in the order of their imports, each once."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from caloexport.report.html.bundle import bundle

SCRIPTS = sorted(
    one.name
    for one in (files("caloexport.report") / "html" / "scripts").iterdir()
    if one.name.endswith(".js")
)


def test_what_is_imported_stands_first() -> None:
    text = bundle("html/scripts/shower_view.js")
    assert text.index("class Camera {") < text.index("class ShowerView {")
    assert text.count("function isDark()") == 1


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_import_or_export_is_left(name: str) -> None:
    text = bundle(f"html/scripts/{name}")
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_small(name: str) -> None:
    text = (files("caloexport.report") / "html" / "scripts" / name).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) < 400
    assert max(map(len, lines)) <= 100
    assert text.startswith("/**")
