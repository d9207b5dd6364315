from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.converters.export import export
from caloexport.shipped import default_decoder
from caloexport.showers import from_arrays, open_showers, sample
from caloexport.showers.write import convert_showers, write_showers
from tests.networks import decoder


def scaled(path: Path, factor: float, n: int) -> Path:
    with open_showers(sample("siw")) as showers:
        cells = showers.read()[:n] * factor
        conditions = {name: values[:n] for name, values in showers.conditions.items()}
        convert_showers(from_arrays(cells, showers.mesh, conditions), path, "par04")
    return path


def run(*arguments: object) -> int:
    return exit_code(["validate", *(str(argument) for argument in arguments)])


def test_a_sample_against_itself_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--reference", sample("siw"), "--generated", sample("siw")) == 0
    printed = capsys.readouterr().out
    assert "verdict: pass" in printed
    assert "r90 ratio" in printed
    assert "SH002" in printed


def test_a_wrong_scale_fails_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = scaled(tmp_path / "wrong.h5", 1.1, n=96)
    given = ("--reference", sample("siw"), "--generated", wrong, "--json", "--around", "10GeV")
    assert run(*given) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["verdict"]) == ("caloexport.validate/1", "fail")
    status = {check["code"]: check["status"] for check in found["checks"]}
    assert status == {"NU001": "pass", "EN001": "fail", "SH001": "pass", "SH002": "pass"}
    energy = next(check for check in found["checks"] if check["code"] == "EN001")
    assert energy["value"] == pytest.approx(1.1, rel=1e-3)
    assert energy["threshold"] == 0.03
    assert "calibrations" in energy["why"]
    names = {metric["name"] for metric in found["metrics"]}
    assert {"response_ratio", "resolution_ratio", "longitudinal_l1", "lateral_l1"} < names
    assert all(metric["low_mev"] == 6250.0 for metric in found["metrics"])


def test_samples_without_a_common_energy_are_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_showers(sample("siw")) as showers:
        cells = showers.read()[:8]
        for name, energy_mev in (("one", 10_000.0), ("other", 11_000.0)):
            made = from_arrays(cells, showers.mesh, {"energy_mev": np.full(8, energy_mev)})
            convert_showers(made, tmp_path / f"{name}.h5", "par04")
    given = ("--reference", tmp_path / "one.h5", "--generated", tmp_path / "other.h5")
    assert run(*given) == 1
    assert "verdict: fail: nothing was compared: no window" in capsys.readouterr().out
    assert run(*given, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "fail"
    assert found["reason"].startswith("nothing was compared: no window has showers of both")
    assert run(*given, "--around", "10GeV", "--json") == 0
    assert json.loads(capsys.readouterr().out)["reason"] is None


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"sensitive": "active material"}, "sensitive = active material, the reference with all"),
        ({"energy_scale": 30.0}, "energy_scale = 30.0, the reference with 1.0"),
    ],
)
def test_energies_that_mean_something_else_are_refused(
    told: dict[str, str | float], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual: dict[str, str | float] = {"sensitive": "all material", "energy_scale": 1.0}
    conditions = {"energy_mev": np.full(4, 1e4)}
    with open_showers(sample("siw")) as showers:
        cells = showers.read()[:4]
        for name, about in (("one", usual), ("other", {**usual, **told})):
            path = tmp_path / f"{name}.h5"
            write_showers(path, "par04", showers.mesh, conditions, [cells], about)
    given = ("--reference", tmp_path / "one.h5", "--generated", tmp_path / "other.h5")
    assert run(*given) == 2
    assert message in capsys.readouterr().err
    assert run("--reference", tmp_path / "one.h5", "--generated", tmp_path / "one.h5") == 0


def test_other_particles_are_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_showers(sample("siw")) as showers:
        chosen = np.argsort(showers.conditions["energy_mev"])[:64]
        conditions = {name: values[chosen] for name, values in showers.conditions.items()}
        low = from_arrays(showers.read()[chosen], showers.mesh, conditions)
        convert_showers(low, tmp_path / "low.h5", "par04")
    run("--reference", sample("siw"), "--generated", tmp_path / "low.h5")
    assert "note: incident energies differ" in capsys.readouterr().err


def test_a_model_makes_the_showers_of_the_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = scaled(tmp_path / "few.h5", 1.0, n=24)
    given = ("--reference", few, "--generated", default_decoder(), "--json")
    run(*given)
    found = json.loads(capsys.readouterr().out)
    assert found["notes"] == []
    assert found["metrics"][0]["n_generated"] == found["metrics"][0]["n_reference"] > 0
    ratios = [m["value"] for m in found["metrics"] if m["name"] == "response_ratio"]
    assert ratios
    assert all(0.9 < ratio < 1.1 for ratio in ratios)


@pytest.mark.parametrize(
    ("reference", "generated", "options", "code", "message"),
    [
        ("{siw}", "{folder}/missing.h5", [], 3, "missing.h5"),
        ("{folder}/missing.h5", "{siw}", [], 3, "missing.h5"),
        ("{siw}", "{pbwo4}", [], 2, "compare showers of the same mesh"),
        ("{siw}", "{siw}", ["--profile", "strict"], 2, "profile"),
        ("{siw}", "{siw}", ["--around", "5"], 2, "has no unit"),
        ("{siw}", "{toy}", ["--geometry", "copper"], 2, "copper"),
    ],
)
def test_mistakes(
    reference: str,
    generated: str,
    options: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False)
    places = {
        "siw": sample("siw"),
        "pbwo4": sample("pbwo4"),
        "folder": tmp_path,
        "toy": tmp_path / "toy.safetensors",
    }
    paths = ("--reference", reference.format(**places), "--generated", generated.format(**places))
    assert run(*paths, *options) == code
    assert message in capsys.readouterr().err
