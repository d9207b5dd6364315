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
    from caloexport.simulation.plan import Plan
    from caloexport.simulation.plan_choice import Wanted


@dataclass(frozen=True)
class Making:
    """How a simulation is run and where its showers go; they do not depend on it."""

    output: Path | None
    jobs: int | None
    resume: bool
    format: str | None
    compact: bool
    readout: Path | None
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
    @click.option("--readout", type=click.Path(path_type=Path), metavar="FILE.toml",
                  help="Share the showers over the cells of a readout too, in NAME-hits.h5 beside "
                  "the file: see docs/readout.md.")  # fmt: skip
    @console.output_option
    @console.json_option
    @functools.wraps(command)
    def wrapped(
        threshold: float | None, inner_radius: float | None, jobs: int | None, resume: bool,
        format: str | None, compact: bool, readout: Path | None, output: Path | None,
        as_json: bool, **others: Any,
    ) -> None:  # fmt: skip
        from caloexport.simulation.plan_choice import Wanted

        said = ("detector", "energy", "theta", "particle", "mesh", "spectrum", "deposits", "factor")
        given = {key: others.pop(key) for key in (*said, "n", "seed")}
        wanted = Wanted(**given, threshold_mev=threshold, inner_radius_mm=inner_radius)
        command(wanted, Making(output, jobs, resume, format, compact, readout, as_json), **others)

    return wrapped


cut_option = click.option(
    "--cut", type=console.Quantity("length"), default="0.7mm", show_default=True,
    help="Range cut: secondaries that would not get as far are not made.",
)  # fmt: skip


@command.command()
@simulation_options
@cut_option
@click.option("--fast", type=click.Path(path_type=Path), metavar="ARTIFACT",
              help="A generator that makes the showers of the electrons, positrons and photons "
              "that enter the calorimeter.")  # fmt: skip
def geant4(wanted: Wanted, making: Making, cut: float, fast: Path | None) -> None:
    """Simulate with Geant4: electromagnetic standard physics, every particle tracked.

    Costs 4 to 12 ms of one core per GeV. Works without a network: the tables of cross sections
    travel with caloexport.

    With --fast, tracks end at the front face and a generator makes their showers, as in Geant4's
    example Par04: see docs/fast-simulation.md.
    """
    run_and_tell("geant4", wanted, making, {"cut_mm": cut}, fast)


@command.command()
@simulation_options
@click.option("--law", type=click.Choice(["homogeneous", "sampling"]), default="homogeneous",
              show_default=True, help="Published formulas: for one material with the constants of "
              "the stack's average, or with corrections for sampling calorimeters.")  # fmt: skip
@click.option("--tuning", default="auto", show_default=True, metavar="NAME",
              help="Scale factors: those of the stack with the same slabs, or by name.")  # fmt: skip
def gflash(wanted: Wanted, making: Making, law: str, tuning: str) -> None:
    """Draw showers from a parametrisation: Grindhammer and Peters' GFlash, tuned to Geant4.

    No particle is tracked. Electrons, positrons and photons; means, fluctuations of the shower's
    length and energies of cells are close to Geant4's in the tuned stacks: see docs/gflash.md.
    """
    run_and_tell("gflash", wanted, making, {"law": law, "tuning": tuning})


@command.command()
@click.argument("artifact", type=click.Path(path_type=Path))
@click.option("--detector", required=True, metavar="NAME|FILE.toml")
@click.option("--energy", multiple=True, required=True, metavar="E", help="Again for more.")
@click.option("--theta", multiple=True, default=["90deg"], show_default=True, metavar="A",
              help="Again for more; every energy comes at every angle.")  # fmt: skip
@click.option("--particle", default="e-", show_default=True, metavar="NAME|PDG")
@click.option("--mesh", metavar="NAME", help="That of the generator.  [default: the first]")
@click.option("-n", "n", type=click.IntRange(2, 10_000), default=20, show_default=True,
              help="Full showers at every energy and angle; fast ones are ten times as many.")  # fmt: skip
@cut_option
@console.seed_option
@console.json_option
def compare(
    artifact: Path, detector: str, energy: tuple[str, ...], theta: tuple[str, ...],
    particle: str, mesh: str | None, n: int, cut: float, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Measure what the generator ARTIFACT gains in Geant4, and by how much its energy is off.

    Full and fast showers are simulated in turns in one process, with one Geant4. Costs are medians
    of processor time with half the width of the middle 68 %; responses are means with their errors.
    """
    from caloexport.simulation.fast.comparison import SCHEMA, compare, grid, table
    from caloexport.simulation.fast.planning import with_fast
    from caloexport.simulation.plan_choice import Wanted, choose_plan
    from caloexport.simulation.simulators import simulators

    meshes = () if mesh is None else (mesh,)
    wanted = Wanted(detector, energy, theta, (particle,), meshes, n=n, seed=seed)
    plan = grid(with_fast(choose_plan("geant4", wanted, {"cut_mm": cut}), artifact))
    simulators["geant4"].check(plan)
    total = plan.n * len(plan.energy_mev.values)
    with console.progress(f"compare {artifact.name}, full showers", total) as advance:
        points = compare(plan, advance)
    if as_json:
        console.emit({"schema": SCHEMA, "points": [point.to_json() for point in points]})
        return
    console.say(table(points))


@command.command()
@click.option("--full", is_flag=True, help="Also showers of 100 GeV: 90 seconds of one core.")
@console.seed_option
@click.option("--jobs", type=click.IntRange(1, 4096),
              help="Worker processes.  [default: one per processor core]")  # fmt: skip
@console.json_option
def selfcheck(full: bool, seed: int, jobs: int | None, as_json: bool) -> None:
    """Check the Geant4 installed here: deposits, profiles, radiation lengths, attenuation.

    Simulates electrons of 1 and 10 GeV in siw, scipb and pbwo4 and compares with reference values,
    every number with its error, and asks Geant4 for radiation lengths (against the Particle Data
    Group's) and photon attenuation (against NIST's). Exits with 1 when a check fails. Takes 40
    seconds of one core.
    """
    from caloexport.processes.threads import cores
    from caloexport.runtime.errors import AnswerIsNo
    from caloexport.simulation.selfcheck import run, table

    outcome = run.selfcheck(full=full, jobs=jobs or cores(), seed=seed, progress=console.progress)
    if as_json:
        console.emit(outcome.to_json())
        click.get_current_context().exit(1 if outcome.failed else 0)
    console.say(table.matter_table(outcome))
    console.say(table.shower_table(outcome))
    if outcome.failed:
        first = outcome.failed[0]
        message = f"{len(outcome.failed)} of {len(outcome.checks)} checks failed"
        raise AnswerIsNo(message, hint=f"first: {first.subject}, {first.quantity}")
    console.say(f"all {len(outcome.checks)} checks passed")


def run_and_tell(
    method: str,
    wanted: Wanted,
    making: Making,
    settings: Mapping[str, Any],
    fast: Path | None = None,
) -> None:
    """Run a simulation with progress on stderr, and print its files or its summary."""
    from caloexport.simulation.plan_choice import choose_plan
    from caloexport.simulation.run import run_simulation

    plan = choose_plan(method, wanted, settings)
    if fast is not None:
        from caloexport.simulation.fast.planning import fast_remarks, with_fast

        plan = with_fast(plan, fast)
        for remark in fast_remarks(plan):
            console.log(remark)
    readout = None
    if making.readout is not None:
        from caloexport.simulation.readout_hits import readout_of

        readout = readout_of(making.readout, plan)
    summary = run_simulation(
        plan,
        making.output or Path(f"{plan.detector.name}-{_suffix(plan)}.h5"),
        jobs=_jobs(making.jobs, plan.n),
        resume=making.resume,
        format=making.format,
        compact=making.compact,
        progress=console.progress,
        say=console.complain,
    )
    if readout is not None:
        from caloexport.simulation.readout_hits import write_hits_of

        summary = write_hits_of(summary, plan, readout, console.progress)
    _tell(summary, making.as_json)


def _tell(summary: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(dict(summary))
        return
    for file in summary["files"]:
        console.say(file["path"])
        if "hits" in file:
            console.say(file["hits"]["path"])
    for line in _words(summary):
        console.log(line)


def _suffix(plan: Plan) -> str:
    """Return how the file of a method is called, where the user does not say."""
    if plan.method == "geant4":
        return "fast" if "fast" in plan.settings else "showers"
    return plan.method


def _jobs(asked: int | None, showers: int) -> int:
    """Return the number of workers: what was asked for, else one per core, and say so."""
    from caloexport.processes.threads import cores

    if asked is not None:
        return asked
    jobs = min(cores(), showers)
    console.log(f"{jobs} worker process{'es' if jobs > 1 else ''} (--jobs)")
    return jobs


def _words(summary: Mapping[str, Any]) -> list[str]:
    """Return the summary in words, a line each."""
    if summary["jobs"] is None:  # finished before
        return []
    lines = []
    fraction = summary["deposited_fraction"]
    if fraction is not None:
        deposited = _percent(fraction, summary["deposited_fraction_error"])
        n = summary["showers"]
        subject = "1 shower deposits" if n == 1 else f"{n} showers deposit"
        lines.append(f"{subject} {deposited} of the incident energy")
    for file in summary["files"]:
        response = _percent(file["response"], file["response_error"])
        missed = file["missed_fraction"]
        if missed is not None:
            outside = f"{_percent(missed, file['missed_fraction_error'])} of the deposits outside"
        elif fraction is None:
            outside = "what lies outside is not known"
        else:
            outside = "none of the deposits that it counts"
        lines.append(f"mesh {file['mesh']}: response {response}, {outside}")
        if hits := file.get("hits"):
            caught = _percent(hits["hits_mev"] / hits["deposited_mev"], None)
            lines.append(f"  {hits['hits']:.0f} hits in {hits['readout']}, {caught} of the mesh")
    if summary["cpu_ms_per_gev"] is not None:
        cost, wall = summary["cpu_ms_per_gev"], summary["wall_s"]
        lines.append(f"{cost:.3g} ms/GeV of one core (median over showers), {wall:.1f} s in all")
    return lines


def _percent(value: float, error: float | None) -> str:
    return f"{100 * value:.4g}" + ("" if error is None else f" ± {100 * error:.2g}") + " %"
