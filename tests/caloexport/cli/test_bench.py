"""``caloexport bench``, as typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from caloexport.bench import run as conductor
from caloexport.bench.certificate import certificate_path
from caloexport.cli.bench import command
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.runtime.errors import (
    AnswerIsNo,
    CaloexportError,
    InputFileError,
    UnknownName,
    UsageError,
)
from tests.caloexport.bench.recorded import result, results
from tests.networks import decoder


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    return export(decoder(), "numba", tmp_path / "small.safetensors", verify=False).path


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    effort = conductor.Effort(rounds=1, seconds=0.0, least_hot=2, least_cold=2, most=2)
    original = conductor.Request.__init__

    def with_little_effort(self: Any, *arguments: Any, **named: Any) -> None:
        original(self, *arguments, **named, effort=effort)

    monkeypatch.setattr(conductor.Request, "__init__", with_little_effort)


@pytest.mark.usefixtures("tiny")
def test_results_are_printed_even_when_over_budget(artifact: Path, tmp_path: Path) -> None:
    page = tmp_path / "bench.html"
    done = call(
        artifact, "--backend", "numba", "--batch", 1, "--hot", "--json", "--html", page,
        "--budget-ms", 1e-6,
    )  # fmt: skip
    data = json.loads(done.stdout)
    assert data["schema"] == "caloexport.bench/1"
    assert [row["backend"] for row in data["results"]] == ["numba"]
    assert data["results"][0]["within_budget"] is False
    assert page.read_text().startswith("<!doctype html>")
    assert isinstance(done.exception, AnswerIsNo)
    assert "numba" in str(done.exception)
    assert not certificate_path(artifact).exists()


def test_the_page_replaces_no_artifact(artifact: Path) -> None:
    before = artifact.read_bytes()
    done = call(artifact, "--backend", "numba", "--html", artifact)
    assert isinstance(done.exception, UsageError)
    assert artifact.read_bytes() == before


@pytest.mark.usefixtures("tiny")
def test_a_certificate_lies_beside_the_artifact(artifact: Path) -> None:
    done = call(artifact, "--backend", "numba", "--hot", "--budget-ms", 1000, "--certificate")
    assert done.exception is None
    data = json.loads(certificate_path(artifact).read_text())
    assert data["within_budget"] is True
    assert data["manifest_hash"] == open_model(artifact).manifest.hash
    assert [(row["batch"], row["calls"]) for row in data["results"]] == [(1, 2000)]


@pytest.mark.parametrize(
    "arguments",
    [["--budget-ms", 1], ["small.safetensors"], ["small.safetensors", "--workload", "W1", "--budget-ms", 1]],
)  # fmt: skip
def test_a_certificate_needs_one_artifact_and_a_budget(arguments: list[object]) -> None:
    done = call(*arguments, "--certificate")
    assert done.exit_code == 2
    assert "needs ARTIFACT and --budget-ms" in done.output


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--workload", "W9"], UnknownName),
        (["--workload", "W3b", "--backend", "nunba"], UnknownName),
        (["--workload", "W3b", "--precision", "float8"], UnknownName),
        (["missing.safetensors"], InputFileError),
        (["--compare", "missing.json", "missing.json"], InputFileError),
    ],
)
def test_mistakes(arguments: list[str], error: type[CaloexportError]) -> None:
    assert isinstance(call(*arguments).exception, error)


def test_compare(tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps(results(result([20.0])).to_json()))
    after.write_text(json.dumps(results(result([10.0])).to_json()))
    done = call("--compare", before, after)
    assert done.exit_code == 0
    assert "faster" in done.stdout
    data = json.loads(call("--compare", before, after, "--json").stdout)
    assert data["results"][0]["ratio"] == 0.5
