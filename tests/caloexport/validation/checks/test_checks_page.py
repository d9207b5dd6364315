"""docs/checks.md says of every check what it is, and of every way to spoil showers what fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.validation.checks import checks
from caloexport.validation.profile import load_profile

PAGE = (Path(__file__).parents[4] / "docs" / "checks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", list(checks))
def test_the_page_has_a_row_for_every_check(code: str) -> None:
    check = checks[code]
    usual, strict = (load_profile(name)[code] for name in ("default", "strict"))
    cells = (
        code, check.title, "yes" if usual.required else "no", f"{usual.threshold:g}",
        f"{strict.threshold:g}", check.why, check.cause,
    )  # fmt: skip
    assert f"| {' | '.join(cells)} |" in PAGE
