"""``caloexport bench``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from caloexport.cli import console

if TYPE_CHECKING:
    from caloexport.bench.results import Results
    from caloexport.runtime.generator import Generator


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path), required=False)
@click.option("--workload", "workloads", multiple=True, help="W1, W2, W3, W3b or W4; repeatable.")
@click.option(
    "--backend", "backends", multiple=True, help="Or peer; repeatable; default: all installed."
)
@click.option(
    "--precision",
    "precisions",
    multiple=True,
    help="A name or a family, such as int8; repeatable; default: that of ARTIFACT, else float32.",
)
@click.option(
    "--batch", "batches", type=click.IntRange(1, 100_000), multiple=True,
    help="Showers per call, more than 256 in chunks; repeatable; default: 1 and 256, with "
    "--budget-ms 1.",
)  # fmt: skip
@click.option("--hot", is_flag=True, help="Only back to back.")
@click.option("--cold", is_flag=True, help="Only with 96 MB read between calls.")
@click.option(
    "--budget-ms", type=click.FloatRange(0, min_open=True),
    help="Exit with 1 when the 99th percentile of a backend named with --backend (else: of "
    "numba) is over; makes 2000 calls of each.",
)  # fmt: skip
@click.option(
    "--certificate", is_flag=True,
    help="With ARTIFACT and --budget-ms: write figures and verdict to ARTIFACT.bench.json.",
)  # fmt: skip
@click.option("--html", "page", type=click.Path(path_type=Path), help="Also write a page.")
@click.option(
    "--compare", nargs=2, type=click.Path(path_type=Path),
    help="Compare two files that --json wrote, instead of measuring.",
)  # fmt: skip
@console.threads_option
@console.json_option
def command(
    artifact: Path | None, workloads: tuple[str, ...], backends: tuple[str, ...],
    precisions: tuple[str, ...], batches: tuple[int, ...], hot: bool, cold: bool,
    budget_ms: float | None, certificate: bool, page: Path | None,
    compare: tuple[Path, Path] | None, threads: int, as_json: bool,
) -> None:  # fmt: skip
    """Measure what a shower costs: ARTIFACT, a built-in workload, or the shipped decoder.

    Every backend runs in a process of its own, pinned to one core, and they take turns. Timed are
    the whole path, conditions to MeV with the noise, and the network alone.
    """
    from caloexport.bench.budget import require_budget
    from caloexport.bench.orders import Cache
    from caloexport.bench.page import make_page
    from caloexport.bench.run import Request, run
    from caloexport.bench.subject import generators
    from caloexport.bench.tables import tables
    from caloexport.converters.run_folder import keep_model
    from caloexport.runtime.files import atomic_output, require_place

    if page is not None:
        require_place(page)
        if artifact is not None:
            keep_model(artifact, page)
    if certificate and (artifact is None or workloads or budget_ms is None):
        message = "needs ARTIFACT and --budget-ms, and no --workload"
        raise click.BadParameter(message, param_hint="--certificate")
    if compare is not None:
        show_comparison(*compare, as_json)
        return
    caches: tuple[Cache, ...] = ("hot", "cold") if hot == cold else ("hot" if hot else "cold",)
    judged = () if budget_ms is None else backends or ("numba",)
    subjects = generators(artifact, workloads)
    request = Request(
        subjects, backends, precisions,
        batches or ((1, 256) if budget_ms is None else (1,)), caches, budget_ms, judged, threads,
    )  # fmt: skip
    with console.progress("bench", request.steps) as advance:
        results = run(request, advance, console.log)
    if page is not None:
        with atomic_output(page) as temporary:
            temporary.write_text(make_page(results), encoding="utf-8")
    if as_json:
        console.emit(results.to_json())
    else:
        for item in tables(results):
            console.say(item)
    if budget_ms is not None:
        if certificate and artifact is not None:
            store_certificate(results, judged, budget_ms, artifact, subjects)
        require_budget(results.rows, judged, budget_ms)


def store_certificate(
    results: Results,
    judged: tuple[str, ...],
    budget_ms: float,
    artifact: Path,
    subjects: dict[str, Generator],
) -> None:
    """Write the verdict beside the artifact."""
    from datetime import UTC, datetime

    from caloexport.bench.certificate import certificate, certificate_path, write_certificate

    (generator,) = subjects.values()
    path = certificate_path(artifact)
    data = certificate(
        results, judged, budget_ms, artifact=artifact, manifest_hash=generator.manifest.hash,
        now=datetime.now(UTC),
    )  # fmt: skip
    write_certificate(path, data)
    console.log(f"wrote {path}")


def show_comparison(before: Path, after: Path, as_json: bool) -> None:
    """Print how two results differ."""
    from caloexport.bench.comparison import compare_results, same_machine, to_json
    from caloexport.bench.results import read_results
    from caloexport.bench.tables import comparison_table

    earlier, later = read_results(before), read_results(after)
    if as_json:
        console.emit(to_json(earlier, later))
        return
    if not same_machine(earlier, later):
        console.log("the two results come from different machines")
    console.say(comparison_table(compare_results(earlier, later)))
