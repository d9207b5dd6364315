"""The index page of a quickstart."""

from __future__ import annotations

from caloexport.quickstart.outcome import Outcome
from caloexport.report.page import Page
from caloexport.runtime.tolerance import TABLE
from caloexport.runtime.units import format_energy
from caloexport.training.training import Training


def write_page(outcome: Outcome, training: Training) -> None:
    """Write ``index.html`` into the folder of an outcome."""
    page = Page(
        "From real showers to a decoder in production formats",
        "Every number and picture here was made on this machine by caloexport quickstart.",
    )
    _showers(page, training)
    _proof(page, outcome)
    _speed(page, outcome)
    _physics(page, outcome)
    _next_steps(page)
    page.write(outcome.folder / "index.html")


def _showers(page: Page, training: Training) -> None:
    page.heading("Real showers, and a generator trained on them")
    held = len(training.data.scoring)
    page.paragraph(
        f"{len(training.data.energy_mev)} electrons simulated with Geant4 in three detectors "
        f"(SiW, SciPb, PbWO4; 1 to 64 GeV, perpendicular). {held} were held back; the others "
        f"trained a FastV VAE for {training.progress.updates} updates."
    )
    page.picture("shower.png", "A real shower and a generated one of the same energy in SiW")


def _proof(page: Page, outcome: Outcome) -> None:
    page.heading("Four formats, each executed by its own engine and compared with the reference")
    rows = []
    for name, exported in outcome.exported.items():
        proof = exported.verification
        if proof is not None:
            largest = f"{proof.max_rel:.1e}"
            allowed = f"{TABLE[proof.tolerance].rtol:.0e}"
            rows.append([name, exported.path.name, proof.engine, largest, allowed, proof.where])
    headings = ("target", "file", "engine", "largest difference", "allowed", "where")
    page.table(headings, rows)
    page.paragraph(
        "Differences are relative to the largest output of the shower, over 16 test vectors that "
        "cover the whole range of conditions. The vectors travel with the file."
    )


def _speed(page: Page, outcome: Outcome) -> None:
    page.heading("Time per shower on one core")
    machine = outcome.speed["machine"]
    page.paragraph(
        f"{machine.get('cpu', 'this machine')}; one thread; microseconds per shower, "
        "conditions in, MeV out. Whatever else runs on the machine makes these figures worse."
    )
    rows = [
        [
            row["backend"], row["batch"], row["cache"], row["median_us"], row["p99_us"],
            row["rss_mb"], "yes" if row["p99_us"] < 1000 else "no",
        ]
        for row in outcome.speed["results"]
    ]  # fmt: skip
    headings = ("backend", "batch", "caches", "median", "p99", "memory, MB", "p99 under 1 ms")
    page.table(headings, rows)


def _physics(page: Page, outcome: Outcome) -> None:
    page.heading("Physics on showers that the training did not see")
    rows = [
        [
            format_energy(window.energy_mev),
            window.n,
            _estimate(window.response),
            _estimate(window.profile),
            "pass" if window.passed else "fail",
        ]
        for window in outcome.judgement.windows
    ]
    page.table(
        ("energy", "showers", "mean total energy, generated/real", "longitudinal profile, L1", ""),
        rows,
    )
    page.verdict(
        outcome.judgement.passed,
        "asked: mean total energy within 3 %, L1 of the normalised longitudinal profile < 0.10. "
        "The floor is what equal samples of this size would show.",
    )
    page.picture("profiles.png", "Longitudinal profiles, generated against held-back showers")
    page.picture("total-energy.png", "Total energy over incident energy")
    page.paragraph(
        "A VAE of this kind gets means right and blurs what lies under them: the total energy is "
        "too narrow or too wide, and too many cells are hit. A longer training helps the first."
    )


def _next_steps(page: Page) -> None:
    page.heading("Go on")
    page.paragraph(
        "caloexport inspect run · caloexport verify decoder.json · "
        "caloexport sample decoder.safetensors -n 100 --energy 10GeV --geometry siw"
    )


def _estimate(estimate: dict[str, float | None]) -> str:
    error, floor = estimate["error"], estimate["floor"]
    text = f"{estimate['value']:.4f}"
    text += "" if error is None else f" ± {error:.4f}"
    return text if floor is None else f"{text} (floor {floor:.4f})"
