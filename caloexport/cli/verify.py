"""``caloexport verify``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from caloexport.cli import console

if TYPE_CHECKING:
    from caloexport.converters.readers import Choices
    from caloexport.converters.verify import Verification


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path))
@click.option(
    "--against", type=click.Path(path_type=Path),
    help="Compare with this model or artifact instead of the vectors inside.",
)  # fmt: skip
@console.model_options
@console.json_option
def command(artifact: Path, against: Path | None, choices: Choices, as_json: bool) -> None:
    """Execute ARTIFACT with its format's own engine and compare with the reference.

    With --against any two models or artifacts are compared, in MeV where both describe their
    physics. Exits with 1 when they differ by more than the tolerance.
    """
    from caloexport.converters.against import compare_models
    from caloexport.converters.comparison import Comparison
    from caloexport.converters.verify import require_equal, verify

    with console.patience(f"verify {artifact}"):
        if against is None:
            result: Verification | Comparison = verify(artifact)
        else:
            result = compare_models(artifact, against, choices)
    if as_json:
        console.emit(result.to_json())
        click.get_current_context().exit(0 if result.equal else 1)
    if isinstance(result, Comparison):
        console.say(result.table())
    require_equal(result, artifact)
    console.say(str(result))
