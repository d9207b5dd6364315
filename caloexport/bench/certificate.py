"""A certificate: the verdict on a budget, with all that it was measured with, beside the artifact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from caloexport.bench.budget import LEAST_CALLS, judged_rows
from caloexport.bench.results import Results, rounded
from caloexport.runtime.files import atomic_output

SCHEMA = "caloexport.certificate/1"
PERCENTILE = 99


def certificate(
    results: Results,
    backends: Sequence[str],
    budget_ms: float,
    *,
    artifact: Path,
    manifest_hash: str,
    now: datetime,
) -> dict[str, Any]:
    """Return the certificate of one artifact as JSON.

    Args:
        results: of a run about this artifact.
        backends: that the verdict is about.
        budget_ms: allowed at the 99th percentile.
        artifact: the measured file, or folder.
        manifest_hash: of the model inside.
        now: time of the run.

    Returns:
        The object; its verdict is None when a row has too few calls, or there is none.
    """
    judged = judged_rows(results.rows, backends)
    verdicts = {row.within_budget for row in judged}
    within = False if False in verdicts else None if None in verdicts or not judged else True
    return {
        "schema": SCHEMA,
        "artifact": artifact.name,
        "artifact_sha256": digest(artifact),
        "manifest_hash": manifest_hash,
        "date": now.astimezone(UTC).isoformat(timespec="seconds"),
        "machine": dict(results.machine),
        "budget_ms": budget_ms,
        "percentile": PERCENTILE,
        "least_calls": LEAST_CALLS,
        "within_budget": within,
        "results": [rounded(asdict(row)) for row in judged],
    }


def digest(artifact: Path) -> str | None:
    """Return the SHA-256 of a file; None of a folder."""
    if not artifact.is_file():
        return None
    with artifact.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def certificate_path(artifact: Path) -> Path:
    """Return where the certificate of an artifact lies.

    >>> certificate_path(Path("models/siw.safetensors")).name
    'siw.safetensors.bench.json'
    """
    return artifact.with_name(f"{artifact.name}.bench.json")


def write_certificate(path: Path, data: dict[str, Any]) -> None:
    """Write a certificate whole, or not at all.

    Raises:
        OutputFileError: the place cannot be written.
    """
    with atomic_output(path) as temporary:
        temporary.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
