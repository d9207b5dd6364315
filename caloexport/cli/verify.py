"""``caloexport verify``."""

from __future__ import annotations

from pathlib import Path

import click

from caloexport.cli import console


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path))
@click.option(
    "--against", type=click.Path(path_type=Path),
    help="Compare with this model or artifact instead of the vectors inside.",
)  # fmt: skip
@console.json_option
def command(artifact: Path, against: Path | None, as_json: bool) -> None:
    """Execute ARTIFACT with its format's own engine and compare with the reference.

    Exits with 1 when they differ by more than the tolerance.
    """
    from caloexport.converters.against import verify_against
    from caloexport.converters.verify import require_equal, verify

    result = verify(artifact) if against is None else verify_against(artifact, against)
    if as_json:
        console.emit(result.to_json())
        click.get_current_context().exit(0 if result.equal else 1)
    require_equal(result, artifact)
    console.say(str(result))
