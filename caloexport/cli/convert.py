"""``caloexport convert``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from caloexport.cli import console

if TYPE_CHECKING:
    from caloexport.converters.export import Exported
    from caloexport.converters.readers import Choices
    from caloexport.converters.verify import Verification
    from caloexport.shifts.report import ShiftReport


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, help="Format: see caloexport list targets.")
@click.option("--contract", help="The C++ consumer the file must fit: see list contracts.")
@click.option(
    "--fix", "fixes", multiple=True, metavar="NAME=VALUE",
    help="Fold a constant condition into the network, for example geometry=pbwo4.",
)  # fmt: skip
@click.option(
    "--choose", "chosen", multiple=True, metavar="NAME=VALUE",
    help="What the contract leaves open, for example window=22_High12 or inputs=latents,energy.",
)  # fmt: skip
@click.option(
    "--precision", default="float32", show_default=True, metavar="NAME",
    help="Of the weights: float32; for numba bfloat16, bfloat16-a16, int8 and int8-a8, too, for cpp "
         "those but bfloat16-a16; for ONNX float16, int8 and int8-qdq.",
)  # fmt: skip
@click.option(
    "--max-shift", type=click.FloatRange(0), default=0.02, show_default=True, metavar="X",
    help="How far a coarser precision may move mean or width of an observable, in its widths.",
)  # fmt: skip
@click.option(
    "--exporter", default="caloexport", show_default=True,
    type=click.Choice(["caloexport", "keras"]),
    help="What writes the file; keras: Keras' own, for ONNX of layers that caloexport lacks.",
)  # fmt: skip
@click.option(
    "--embed", is_flag=True,
    help="For C++: write the weights into the header, not into a file beside it.",
)  # fmt: skip
@click.option(
    "--readout", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="For C++: let the header share showers over the cells of this detector.",
)  # fmt: skip
@click.option("--no-verify", is_flag=True, help="Do not execute the file before it appears.")
@console.output_option
@console.model_options
@console.json_option
def command(
    model: Path,
    target: str,
    contract: str | None,
    fixes: tuple[str, ...],
    chosen: tuple[str, ...],
    precision: str,
    max_shift: float,
    exporter: str,
    embed: bool,
    readout: Path | None,
    no_verify: bool,
    output: Path | None,
    choices: Choices,
    as_json: bool,
) -> None:
    """Write MODEL as a file of another format, proven equal before it appears.

    MODEL is a file of Keras (an architecture JSON with --weights), LWTNN or ONNX, a SavedModel, a
    run folder or an artifact. With --to cpp, --weights names the weights file to write where MODEL
    holds its own; else it is NAME.safetensors beside NAME.h.
    """
    if exporter == "keras":
        others = {"contract": contract, "fix": fixes, "choose": chosen, "no-verify": no_verify}
        others |= {"precision": precision != "float32", "embed": embed}
        others |= {"readout": readout is not None}
        _by_keras(model, target, others, output, choices, as_json)
        return
    from caloexport.converters.contract import apply_contract
    from caloexport.converters.export import export, options_for, output_path
    from caloexport.converters.fitting.choices import parse_choices
    from caloexport.converters.open import open_model
    from caloexport.runtime.readout_file import load_readout
    from caloexport.shifts.judge import ShiftJudge

    with console.patience(f"convert {model} to {target}") as tell:
        path = output_path(model, target, output)
        cells = None if readout is None else load_readout(readout)
        options, choices = options_for(model, target, choices, embed=embed, readout=cells)
        tell("reading")
        generator = open_model(model, choices)
        tell("fitting")
        generator = apply_contract(
            generator, contract, target, fixes=fixes, choices=parse_choices(chosen)
        )
        tell("writing" if no_verify else "writing and verifying")
        judge = ShiftJudge(precision, path, _counted(tell), max_shift)
        judged = judge if precision != "float32" and not no_verify else None
        exported = export(
            generator,
            target,
            path,
            verify=not no_verify,
            precision=precision,
            accept=judged,
            options=options,
        )
    if as_json:
        console.emit(_described(exported, target, contract, judge.report))
    else:
        _tell(exported, judge.report)


def _tell(exported: Exported, physics: ShiftReport | None) -> None:
    """Say what was written, what was decided on the way, and what it did to the showers."""
    from caloexport.converters.fitting.telling import told

    for line in (*told(exported.generator.manifest.provenance), *exported.notes):
        console.log(line)
    console.say(f"{exported.path}")
    if exported.shift is not None:
        console.log(str(exported.shift))
    if physics is not None:
        console.log_table(physics.table())
        console.log(str(physics))
    console.log(str(exported.verification or "not verified (--no-verify)"))


def _described(
    exported: Exported, target: str, contract: str | None, physics: ShiftReport | None
) -> dict[str, Any]:
    """Return the object ``caloexport.convert/1``."""
    manifest = exported.generator.manifest
    return {
        **_report(exported.path, target, exported.verification),
        "contract": contract,
        "assumed": manifest.provenance.get("assumed"),
        "notes": [*manifest.provenance.get("notes", []), *exported.notes],
        "precision": manifest.precision,
        "shift": None if exported.shift is None else asdict(exported.shift),
        "physics": None if physics is None else physics.to_json(),
        "manifest_sha256": manifest.hash,
    }


def _counted(tell: Callable[[str], None]) -> Callable[[int, int], None]:
    return lambda done, total: tell(f"comparing showers, {done} of {total}")


def _report(path: Path, target: str, proof: Verification | None) -> dict[str, Any]:
    """Return the object ``caloexport.convert/1`` of a file of which no more is known."""
    return {
        "schema": "caloexport.convert/1",
        "path": str(path),
        "target": target,
        "contract": None,
        "assumed": None,
        "notes": [],
        "precision": "float32",
        "shift": None,
        "physics": None,
        "manifest_sha256": None,
        "verified": proof is not None,
        "verification": None if proof is None else proof.to_json(),
    }


def _by_keras(
    model: Path,
    target: str,
    others: Mapping[str, object],
    output: Path | None,
    choices: Choices,
    as_json: bool,
) -> None:
    """Convert by Keras' own exporter; ``others`` are options of the user that it has no use for."""
    from caloexport.converters.export import output_path
    from caloexport.converters.keras_exporter.export import export_with_keras
    from caloexport.runtime.errors import UsageError

    if target != "onnx":
        message = f"Keras' exporter writes onnx, not {target}"
        raise UsageError(message, hint="leave out --exporter")
    for name, value in others.items():
        if value:
            message = f"--{name} means nothing for Keras' exporter"
            raise UsageError(message, hint="leave it out")
    with console.patience(f"convert {model} by Keras' exporter") as tell:
        tell("exporting and verifying")
        exported = export_with_keras(model, output_path(model, target, output), choices)
    if as_json:
        notes = [f"written by {exported.written_by}"]
        console.emit(_report(exported.path, target, exported.verification) | {"notes": notes})
        return
    console.say(f"{exported.path}")
    console.log(f"written by {exported.written_by}")
    console.log(str(exported.verification))
