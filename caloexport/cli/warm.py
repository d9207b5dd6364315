"""``caloexport warm``."""

from __future__ import annotations

from pathlib import Path

import click

from caloexport.cli import console


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path), required=False)
@console.json_option
def command(artifact: Path | None, as_json: bool) -> None:
    """Compile the kernels for this machine now, so that no job has to wait for them.

    With ARTIFACT, also load it and sample one shower. Kernels are kept in $CALOEXPORT_CACHE, or in
    caloexport under the user's cache folder.
    """
    from caloexport.warm import warm

    with console.patience("compile the kernels"):
        result = warm(artifact)
    if as_json:
        console.emit({"schema": "caloexport.warm/1", **result})
        return
    console.say(result["path"])
    done = f"compiled in {result['compile_s']:.1f} s" if result["compiled"] else "already there"
    console.log(f"kernels for {result['instructions']}: {done}")
    first = result.get("first_shower")
    if first is not None:
        how = "" if first["compiled_network"] else ", by numpy: the kernels do not cover its layers"
        console.log(
            f"{first['artifact']}: loaded in {first['load_s']:.3f} s, "
            f"first shower in {first['sample_s']:.4f} s{how}"
        )
