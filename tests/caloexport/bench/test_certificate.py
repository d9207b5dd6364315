"""Certificates from recorded results."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from caloexport.bench.budget import LEAST_CALLS
from caloexport.bench.certificate import certificate, certificate_path, write_certificate
from caloexport.bench.results import Result
from caloexport.runtime.errors import OutputFileError
from tests.caloexport.bench.recorded import MACHINE, peer_result, result, results

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
KEPT = result([200.0] * LEAST_CALLS, budget_ms=1.0)
OVER = result([2000.0] * LEAST_CALLS, cache="cold", budget_ms=1.0)
FEW = result([200.0] * 3, batch=16, budget_ms=1.0)
OTHER = result([9000.0] * LEAST_CALLS, backend="tensorflow", budget_ms=1.0)


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([KEPT], True),
        ([KEPT, OTHER], True),
        ([KEPT, OVER], False),
        ([KEPT, FEW], None),
        ([OVER, FEW], False),
        ([OTHER], None),
    ],
)
def test_the_verdict_is_about_all_judged_rows(
    rows: list[Result], verdict: bool | None, tmp_path: Path
) -> None:
    data = certificate(
        results(*rows), ["numba"], 1.0, artifact=tmp_path, manifest_hash="abc", now=NOW
    )
    assert data["within_budget"] is verdict


def test_what_it_was_measured_with_is_inside(tmp_path: Path) -> None:
    artifact = tmp_path / "siw.safetensors"
    artifact.write_bytes(b"weights")
    path = certificate_path(artifact)
    found = results(KEPT, peer_result([1.0]))
    data = certificate(
        found, ["numba", "litert"], 1.0, artifact=artifact, manifest_hash="abc", now=NOW
    )
    write_certificate(path, data)
    read = json.loads(path.read_text())
    assert read == data
    assert read["schema"] == "caloexport.certificate/1"
    assert read["artifact_sha256"] == hashlib.sha256(b"weights").hexdigest()
    assert (read["manifest_hash"], read["machine"]) == ("abc", MACHINE)
    assert read["date"] == "2026-01-02T03:04:05+00:00"
    assert [(row["backend"], row["p99_us"]) for row in read["results"]] == [("numba", 200.0)]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError):
        write_certificate(tmp_path / "missing" / "a.bench.json", {})
