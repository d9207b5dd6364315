"""What a report of a comparison says besides physics: sources, machine, the model and its speed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from caloexport.bench.machine import describe_machine
from caloexport.converters.open import open_model
from caloexport.report.html.comparison_page import Context
from caloexport.report.html.model_card import model_card
from caloexport.report.html.sources import source_of
from caloexport.report.speed import Speed
from caloexport.runtime.errors import UsageError
from caloexport.showers.containers import is_shower_file
from caloexport.showers.showers import Showers


def context_of(
    references: Sequence[Path],
    generated: Path,
    samples: tuple[Showers, Showers],
    profile: str,
    *,
    date: str = "",
    speed: Speed | None = None,
) -> Context:
    """Return the context of a report.

    Args:
        references: files of the reference.
        generated: a file of showers, an artifact or a run folder.
        samples: both, open.
        profile: name of the thresholds.
        date: in UTC; "" leaves it out.
        speed: of the model, of :func:`speed_of`; None leaves it out.

    Raises:
        InputFileError: a file or model cannot be read.
    """
    sources = (
        source_of("reference", samples[0], references),
        source_of("generated", samples[1], [generated]),
    )
    card = () if is_shower_file(generated) else _card(generated, speed)
    return Context(sources, _machine(), profile, card, date, speed)


def _card(path: Path, speed: Speed | None) -> Sequence[tuple[str, str]]:
    from caloexport.bench.footprint import footprint

    generator = open_model(path)
    return model_card(generator, path, speed, footprint(generator.network, generator.arithmetic))


def date_of_report() -> str:
    """Return the time in UTC, that of SOURCE_DATE_EPOCH if it is set.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        now = datetime.now(UTC) if given is None else datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = f"SOURCE_DATE_EPOCH is '{given}', expected seconds since 1970"
        raise UsageError(message) from error
    return f"{now:%Y-%m-%d %H:%M} UTC"


def speed_of(generated: Path) -> Speed | None:
    """Time a model for half a second; None for a file of showers.

    Raises:
        InputFileError: the model cannot be read.
    """
    from caloexport.bench.short_latency import short_latency
    from caloexport.runtime.backends import CompiledExecutor

    if is_shower_file(generated):
        return None
    generator = open_model(generated)
    found = short_latency(generator)
    compiled = isinstance(generator.executor, CompiledExecutor)
    backend = "compiled kernels" if compiled else "the numpy reference"
    return Speed(found.calls, found.median, found.p10, found.p90, backend)


def _machine() -> Sequence[tuple[str, str]]:
    machine = describe_machine()
    libraries = machine["libraries"]
    return [
        ("caloexport", machine["caloexport"]),
        ("Python", machine["python"]),
        *((name, libraries[name]) for name in ("numpy", "numba") if name in libraries),
        ("processor", f"{machine['cpu']}, {machine['cores']} cores"),
        ("system", machine["system"]),
    ]
