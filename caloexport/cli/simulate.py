"""``caloexport simulate``: showers from Geant4 or from a parametrisation."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from caloexport.cli import console

if TYPE_CHECKING:
    from caloexport.simulation.plan_choice import Wanted


@dataclass(frozen=True)
class Making:
    """How a simulation is run and where its showers go; they do not depend on it."""

    output: Path | None
    jobs: int | None
    resume: bool
    format: str | None
    compact: bool
    as_json: bool


@click.group()
def command() -> None:
    """Simulate showers in any stack of materials.

    geant4 is full simulation, gflash a parametrisation of the mean shower and its fluctuations.
    Shower i depends on the options, the seed and i only: not on --jobs, not on interruptions.
    """


def simulation_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of all methods; the command gets them as ``wanted`` and ``making``."""

    @click.option("--detector", required=True, metavar="NAME|FILE.toml",
                  help="What is hit: see caloexport list detectors, or a file of your own.")  # fmt: skip
    @click.option("-n", "n", type=click.IntRange(1, 2**24), default=100, show_default=True,
                  help="Number of showers.")  # fmt: skip
    @click.option("--energy", multiple=True, required=True, metavar="E|LOW..HIGH",
                  help="Kinetic energy, 10MeV to 1TeV: a value (again for more, which take turns) "
                  "or a range such as 1GeV..64GeV.")  # fmt: skip
    @click.option("--spectrum", type=click.Choice(["log-uniform", "uniform"]),
                  help="Law of an energy range.  [default: log-uniform]")  # fmt: skip
    @click.option("--theta", multiple=True, default=["90deg"], show_default=True,
                  metavar="A|LOW..HIGH",
                  help="Angle to the beam axis; 90deg is perpendicular to the front face. "
                  "Values, or a uniform range.")  # fmt: skip
    @click.option("--particle", multiple=True, default=["e-"], show_default=True,
                  metavar="NAME|PDG", help="e-, e+ or gamma, or 11, -11, 22; several take turns.")  # fmt: skip
    @click.option("--mesh", multiple=True, metavar="NAME|RxPHIxZ[:R,Z]",
                  help="Mesh to score, one file each: the detector's by name, or a free one: "
                  "18x50x45 fills the volume of the detector's first cylinder, "
                  "18x50x45:2.325mm,3.4mm says how large a cell is.  "
                  "[default: the detector's first]")  # fmt: skip
    @click.option("--deposits", type=click.Choice(["all", "active"]),
                  help="Material that counts.  [default: what the mesh says]")  # fmt: skip
    @click.option("--factor", type=float,
                  help="Factor on deposited energies, such as the inverse sampling fraction.")  # fmt: skip
    @click.option("--threshold", type=console.Quantity("energy"), metavar="E",
                  help="Cells below it, after the factor, are stored as zero.  "
                  "[default: what the mesh says]")  # fmt: skip
    @click.option("--inner-radius", type=console.Quantity("length"), metavar="R",
                  help="Bend the layers to a barrel about the beam axis, e.g. 80cm.")  # fmt: skip
    @console.seed_option
    @click.option("--jobs", type=click.IntRange(1, 4096),
                  help="Worker processes.  [default: one per processor core]")  # fmt: skip
    @click.option("--resume", is_flag=True,
                  help="Go on from the progress that a stopped run left beside the output; "
                  "-n may be larger than before.")  # fmt: skip
    @click.option("--format", "format",
                  help="Layout of the file, see caloexport list datasets.  "
                  "[default: par04 for cylinders, else calochallenge]")  # fmt: skip
    @click.option("--compact", is_flag=True,
                  help="Store float16 with 8 bits of mantissa: half the size, rounded by 0.2 %.")  # fmt: skip
    @console.output_option
    @console.json_option
    @functools.wraps(command)
    def wrapped(
        threshold: float | None, inner_radius: float | None, jobs: int | None, resume: bool,
        format: str | None, compact: bool, output: Path | None, as_json: bool, **others: Any,
    ) -> None:  # fmt: skip
        from caloexport.simulation.plan_choice import Wanted

        said = ("detector", "energy", "theta", "particle", "mesh", "spectrum", "deposits", "factor")
        given = {key: others.pop(key) for key in (*said, "n", "seed")}
        wanted = Wanted(**given, threshold_mev=threshold, inner_radius_mm=inner_radius)
        command(wanted, Making(output, jobs, resume, format, compact, as_json), **others)

    return wrapped


@command.command()
@simulation_options
@click.option("--cut", type=console.Quantity("length"), default="0.7mm", show_default=True,
              help="Range cut: secondaries that would not get as far are not made.")  # fmt: skip
def geant4(wanted: Wanted, making: Making, cut: float) -> None:
    """Simulate with Geant4: electromagnetic standard physics, every particle tracked.

    Costs 10 to 35 ms of one core per GeV. Works without a network: the tables of cross sections
    travel with caloexport.
    """
    from caloexport.runtime.errors import UsageError

    if not 1e-4 <= cut <= 1e4:
        message = f"a range cut of {cut:g} mm makes no sense"
        raise UsageError(message, hint="0.7mm is usual; allowed are 100 nm to 10 m")
    run_and_tell("geant4", wanted, making, {"cut_mm": cut})


def run_and_tell(method: str, wanted: Wanted, making: Making, settings: Mapping[str, Any]) -> None:
    """Run a simulation with progress on stderr, and print its files or its summary."""
    from caloexport.simulation.plan_choice import choose_plan
    from caloexport.simulation.run import cores, run_simulation

    plan = choose_plan(method, wanted, settings)
    jobs = making.jobs
    if jobs is None:
        jobs = min(cores(), plan.n)
        console.log(f"{jobs} worker processes (--jobs)")
    summary = run_simulation(
        plan,
        making.output or Path(f"{plan.detector.name}-showers.h5"),
        jobs=jobs,
        resume=making.resume,
        format=making.format,
        compact=making.compact,
        progress=console.progress,
        say=console.complain,
    )
    if making.as_json:
        console.emit(summary)
        return
    for file in summary["files"]:
        console.say(file["path"])
    for line in _words(summary):
        console.log(line)


def _words(summary: Mapping[str, Any]) -> list[str]:
    """Return the summary in words, a line each."""
    if "wall_s" not in summary:
        return []
    deposited = _percent(summary["deposited_fraction"], summary["deposited_fraction_error"])
    lines = [f"{summary['showers']} showers deposit {deposited} of the incident energy"]
    for file in summary["files"]:
        response = _percent(file["response"], file["response_error"])
        missed = file["missed_fraction"]
        outside = (
            "none of the deposits that it counts"
            if missed is None
            else f"{_percent(missed, file['missed_fraction_error'])} of the deposits outside"
        )
        lines.append(f"mesh {file['mesh']}: response {response}, {outside}")
    if summary["cpu_ms_per_gev"] is not None:
        cost, wall = summary["cpu_ms_per_gev"], summary["wall_s"]
        lines.append(f"{cost:.3g} ms/GeV of one core (median over showers), {wall:.1f} s in all")
    return lines


def _percent(value: float, error: float | None) -> str:
    return f"{100 * value:.4g}" + ("" if error is None else f" ± {100 * error:.2g}") + " %"
